"""The launcher as a process of its own, with stand-ins for the site's processes (`standin.py`)."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from launch.folder import ROOT, Folder
from launch.manage import surroundings
from launch.ports import answers, free_ports_from
from launch.processes import birth, noted_pid, running_pid

STANDIN = Path(__file__).with_name("standin.py")


class Launcher:
    """A launcher that was started, and what it has said."""

    def __init__(self, var: Path, port: int, kind: str = "") -> None:
        self.var, self.port = var, port
        self.output = var.parent / "output"
        environ = {**os.environ, "PORT": str(port), "PYTHONPATH": str(ROOT)}
        for name in ("DATABASE_URL", "REDIS_URL"):
            environ.pop(name, None)
        with self.output.open("w") as output:
            command = [sys.executable, str(STANDIN), str(var), kind]
            self.process = subprocess.Popen(command, env=environ, stdout=output, stderr=subprocess.STDOUT)

    def said(self) -> str:
        return self.output.read_text()

    def wait_until_up(self) -> None:
        deadline = time.monotonic() + 60
        while "Ctrl-C stops it" not in self.said():
            assert self.process.poll() is None and time.monotonic() < deadline, self.said()
            time.sleep(0.02)

    def pids(self) -> dict[str, int]:
        files = (self.var / "run").glob("*.pid")
        return {file.stem: pid for file in files if (pid := noted_pid(file)) is not None}

    def end(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(60)


@pytest.fixture
def port() -> int:
    return next(free_ports_from(12000 + os.getpid() * 50 % 10000))


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("launcher") / "var"


@pytest.fixture
def var(kept: Path) -> Iterator[Path]:
    """The folder that all launchers here share, one after the other; what still runs after a test is killed."""
    yield kept
    for file in (kept / "run").glob("*.pid"):
        pid = running_pid(file)
        if pid is not None:
            os.kill(pid, signal.SIGKILL)


def are_gone(pids: dict[str, int]) -> bool:
    deadline = time.monotonic() + 20
    while any(birth(pid) for pid in pids.values()):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_everything_in_order(var: Path, port: int, number: signal.Signals) -> None:
    launcher = Launcher(var, port)
    launcher.wait_until_up()
    pids = launcher.pids()
    assert sorted(pids) == ["postgres", "redis", "web", "worker"]
    assert f"http://127.0.0.1:{port}/" in launcher.said()
    assert launcher.end(number) == 0
    assert are_gone(pids)
    assert [file.name for file in (var / "run").iterdir() if file.suffix in {".pid", ".json"}] == []
    assert launcher.said().rstrip().endswith("Stopping …")


def test_a_killed_launcher_takes_everything_with_it_and_the_next_one_starts(var: Path, port: int) -> None:
    launcher = Launcher(var, port)
    launcher.wait_until_up()
    pids = launcher.pids()
    launcher.end(signal.SIGKILL)
    assert are_gone(pids)
    second = Launcher(var, port)
    second.wait_until_up()
    assert second.end(signal.SIGTERM) == 0


def test_the_next_start_ends_what_outlived_a_killed_launcher(var: Path, port: int) -> None:
    launcher = Launcher(var, port, "stubborn")
    launcher.wait_until_up()
    worker = launcher.pids()["worker"]
    launcher.end(signal.SIGKILL)
    assert birth(worker) is not None
    second = Launcher(var, port)
    second.wait_until_up()
    assert birth(worker) is None
    assert second.end(signal.SIGTERM) == 0


def test_a_child_that_ends_takes_the_rest_down_and_is_named(var: Path, port: int) -> None:
    launcher = Launcher(var, port, "crash")
    assert launcher.process.wait(60) == 1
    said = launcher.said()
    assert re.search(r"worker \| about to fail", said)
    assert said.splitlines()[-1] == (
        "worker ended by itself (exit status 3), so the rest was stopped. What it said is above."
    )
    assert launcher.pids() == {}
    assert not answers(port)


@pytest.mark.parametrize("name", ["postgres", "redis"])
def test_a_server_that_ends_takes_the_rest_down_and_is_named(var: Path, port: int, name: str) -> None:
    launcher = Launcher(var, port)
    launcher.wait_until_up()
    os.kill(launcher.pids()[name], signal.SIGKILL)
    assert launcher.process.wait(60) == 1
    assert f"\n{name} ended by itself, so the rest was stopped. Its log ends with:\n" in launcher.said()
    assert launcher.pids() == {}


def test_a_second_start_on_the_same_folder_names_the_first(var: Path, port: int) -> None:
    launcher = Launcher(var, port)
    launcher.wait_until_up()
    second = Launcher(var, next(free_ports_from(port + 10)))
    assert second.process.wait(60) == 1
    assert second.said() == (
        f"Forecourt runs on {var} already: http://127.0.0.1:{port} (process {launcher.process.pid}). "
        "Stop that one first, with Ctrl-C where it runs.\n"
    )
    assert launcher.end(signal.SIGTERM) == 0


def test_a_taken_port_is_named(var: Path, port: int) -> None:
    with socket.create_server(("127.0.0.1", port)):
        launcher = Launcher(var, port)
        assert launcher.process.wait(60) == 1
    assert launcher.said() == (
        f"Port {port} is taken. Stop what listens there, or use another: PORT={port + 100} make run\n"
    )


def test_a_command_beside_a_run_works_on_its_data(var: Path, port: int) -> None:
    launcher = Launcher(var, port)
    launcher.wait_until_up()
    with surroundings(Folder(var)) as environ:
        assert environ["SITE_URL"] == f"http://127.0.0.1:{port}"
        psycopg2.connect(environ["DATABASE_URL"]).close()
    assert launcher.end(signal.SIGTERM) == 0


def test_the_folder_is_private_and_its_secrets_are_kept(var: Path, port: int) -> None:
    launcher = Launcher(var, port)
    launcher.wait_until_up()
    assert launcher.end(signal.SIGTERM) == 0
    assert var.stat().st_mode & 0o777 == 0o700
    secrets = var / "secrets.json"
    assert secrets.stat().st_mode & 0o777 == 0o600
    before = secrets.read_text()
    second = Launcher(var, port)
    second.wait_until_up()
    assert second.end(signal.SIGTERM) == 0
    assert secrets.read_text() == before
