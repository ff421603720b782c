"""`docker-compose.yml` against the Compose specification's rules for what it uses, and against the project itself."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from newsletter.delivery import TURN

COMPOSE: dict[str, Any] = yaml.safe_load((settings.ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
# What a service may have (Compose specification, "Services top-level elements"), as far as we use it.
KNOWN = {
    "build", "image", "env_file", "restart", "depends_on", "volumes", "command", "healthcheck", "environment", "ports",
    "stop_grace_period", "logging",
}  # fmt: skip
MADE_BY_THE_OPERATOR = {"./deploy/tls", "./deploy/acme"}
CONDITIONS = {"service_started", "service_healthy", "service_completed_successfully"}


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_has_only_what_compose_knows(name: str):
    service = SERVICES[name]
    assert set(service) <= KNOWN
    assert service.get("restart", "no") in {"no", "always", "on-failure", "unless-stopped"}
    for command in filter(None, [service.get("command"), service.get("healthcheck", {}).get("test")]):
        assert all(isinstance(word, str) for word in command)


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_service_waits_for_exists_and_can_be_waited_for(name: str):
    for other, how in SERVICES[name].get("depends_on", {}).items():
        assert other in SERVICES
        assert how["condition"] in CONDITIONS
        if how["condition"] == "service_healthy":
            assert "healthcheck" in SERVICES[other]


def test_every_named_volume_is_declared_and_every_mounted_file_is_in_the_project():
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./"):
                assert (settings.ROOT / source).exists() or source in MADE_BY_THE_OPERATOR
            else:
                assert source in COMPOSE["volumes"]


@pytest.mark.parametrize("name", ["migrate", "worker", "clock"])
def test_the_commands_of_our_services_are_programs_of_the_image(name: str):
    program, *arguments = SERVICES[name]["command"]
    if program == "python":
        assert (settings.ROOT / arguments[0]).is_file()
    else:
        assert shutil.which(program, path=str(settings.ROOT / ".venv" / "bin"))
        words = [word for word in arguments if word in {"worker", "beat"}]
        help_ = subprocess.run(
            [sys.executable, "-m", "celery", "--app", "config", words[0], "--help"],
            capture_output=True, text=True, check=True, cwd=settings.ROOT,
        ).stdout  # fmt: skip
        assert all(word.split("=")[0] in help_ for word in arguments if word.startswith("--") and word != "--app")


def test_what_the_operator_makes_is_neither_committed_nor_built_into_the_image():
    ignored_by_git = (settings.ROOT / ".gitignore").read_text().splitlines()
    ignored_by_docker = (settings.ROOT / ".dockerignore").read_text().splitlines()
    for folder in {"./.env", *MADE_BY_THE_OPERATOR}:
        assert folder.removeprefix(".").rstrip("/") in {line.rstrip("/") for line in ignored_by_git}
        assert folder.removeprefix("./") in ignored_by_docker


def test_a_new_certificate_comes_to_where_nginx_reads_it(tmp_path: Path):
    for folder in ("deploy/tls", "live", "bin"):
        (tmp_path / folder).mkdir(parents=True)
    hook = shutil.copy(settings.ROOT / "deploy" / "certificate.sh", tmp_path / "deploy")
    for name in ("fullchain.pem", "privkey.pem"):
        (tmp_path / "live" / f"1{name}").write_text(name)
        (tmp_path / "live" / name).symlink_to(f"1{name}")  # As certbot has them.
    docker = tmp_path / "bin" / "docker"
    docker.write_text(f'#!/bin/sh\necho "$@" >{tmp_path}/said\n')
    docker.chmod(0o755)
    environ = {"PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "RENEWED_LINEAGE": str(tmp_path / "live")}
    subprocess.run([hook], env=environ, check=True)
    key = tmp_path / "deploy" / "tls" / "privkey.pem"
    assert (key.read_text(), key.is_symlink(), key.stat().st_mode & 0o777) == ("privkey.pem", False, 0o600)
    assert (tmp_path / "said").read_text() == "compose exec -T nginx nginx -s reload\n"


@pytest.mark.parametrize("name", SERVICES)
def test_the_logs_of_a_service_have_an_end(name: str):
    logging = SERVICES[name]["logging"]
    assert logging["driver"] == "local"
    assert {"max-size", "max-file"} <= set(logging["options"])


def test_the_worker_is_given_the_time_that_a_turn_of_sending_takes():
    assert int(SERVICES["worker"]["stop_grace_period"].removesuffix("s")) >= TURN + 30


def test_redis_has_an_end_and_then_forgets_pages_before_it_forgets_work():
    command = SERVICES["redis"]["command"]
    options = dict(zip(command[1::2], command[2::2], strict=True))
    assert options["--maxmemory"].endswith("mb")
    assert options["--maxmemory-policy"] == "volatile-lru"
