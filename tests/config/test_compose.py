"""`docker-compose.yml` against the Compose specification's rules for what it uses, and against the project itself."""

import shutil
import subprocess
import sys
from typing import Any

import pytest
import yaml
from django.conf import settings

COMPOSE: dict[str, Any] = yaml.safe_load((settings.ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, Any] = COMPOSE["services"]
# What a service may have (Compose specification, "Services top-level elements"), as far as we use it.
KNOWN = {
    "build", "image", "env_file", "restart", "depends_on", "volumes", "command", "healthcheck", "environment", "ports",
    "stop_grace_period",
}  # fmt: skip
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
                assert (settings.ROOT / source).exists() or source == "./deploy/tls"
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


def test_redis_has_an_end_and_then_forgets_pages_before_it_forgets_work():
    command = SERVICES["redis"]["command"]
    options = dict(zip(command[1::2], command[2::2], strict=True))
    assert options["--maxmemory"].endswith("mb")
    assert options["--maxmemory-policy"] == "volatile-lru"
