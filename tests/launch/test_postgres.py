"""A real Postgres in a folder of its own."""

import json
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path

import psycopg2
import pytest

from launch.folder import Folder
from launch.postgres import postgres
from launch.processes import birth, end, noted_pid, running_pid, write_pid_file


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Folder:
    folder = Folder(tmp_path_factory.mktemp("postgres") / ("a-long-name-" * 8) / ("and-another-" * 8) / "var")
    folder.prepare()
    return folder


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    """A process that has nothing to do with us."""
    with subprocess.Popen(["sleep", "60"]) as process:
        yield process
        process.kill()


def server(folder: Folder, sockets: Path) -> AbstractContextManager[str]:
    return postgres(folder.postgres, folder.run, sockets, throw_away=True)


def ask(address: str, question: str) -> object:
    with closing(psycopg2.connect(address)) as connection, connection, connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone() if cursor.description else None


def test_it_serves_from_a_folder_with_a_long_path_and_stops(folder: Folder) -> None:
    with folder.sockets() as sockets:
        with server(folder, sockets) as address:
            pid = noted_pid(folder.run / "postgres.pid")
            assert ask(address, "SHOW server_version_num")[0][:2] == "18"  # type: ignore[index]
            assert ask(address, "SHOW listen_addresses") == ("",)
            assert ask(address, "SELECT pg_encoding_to_char(encoding), datlocale FROM pg_database LIMIT 1") == (
                "UTF8",
                "C.UTF-8",
            )
        assert pid is not None and birth(pid) is None
    assert not sockets.exists()


def test_it_asks_for_a_password(folder: Folder) -> None:
    with (
        folder.sockets() as sockets,
        server(folder, sockets),
        pytest.raises(psycopg2.OperationalError, match="password authentication failed"),
    ):
        psycopg2.connect(host=str(sockets), dbname="forecourt", user="forecourt", password="wrong")


def test_data_outlives_a_server_that_was_killed(folder: Folder) -> None:
    with folder.sockets() as sockets:
        with postgres(folder.postgres, folder.run, sockets) as address:
            ask(address, "CREATE TABLE kept AS SELECT 42 AS number")
            pid = noted_pid(folder.run / "postgres.pid")
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
        with postgres(folder.postgres, folder.run, sockets) as address:
            assert ask(address, "SELECT number FROM kept") == (42,)


def test_a_start_ends_the_server_that_a_killed_run_left(folder: Folder) -> None:
    with folder.sockets() as sockets, server(folder, sockets):
        left = noted_pid(folder.run / "postgres.pid")
        with server(folder, sockets) as address:
            assert left is not None and birth(left) is None
            assert ask(address, "SELECT 1") == (1,)


def test_a_stranger_with_the_number_of_a_dead_server_is_left_alone(
    folder: Folder, stranger: subprocess.Popen[bytes]
) -> None:
    with folder.sockets() as sockets:
        with server(folder, sockets):
            lock = (folder.postgres / "data/postmaster.pid").read_text().split("\n")
        # What a power cut leaves when the number goes to another process after it.
        (folder.postgres / "data/postmaster.pid").write_text("\n".join([str(stranger.pid), *lock[1:]]))
        (folder.run / "postgres.pid").write_text(json.dumps({"pid": stranger.pid, "birth": "another boot"}))
        with server(folder, sockets) as address:
            assert ask(address, "SELECT 1") == (1,)
    assert stranger.poll() is None


def test_only_the_process_that_was_noted_is_ended(tmp_path: Path, stranger: subprocess.Popen[bytes]) -> None:
    pid_file = tmp_path / "child.pid"
    pid_file.write_text(json.dumps({"pid": stranger.pid, "birth": "another boot"}))
    assert running_pid(pid_file) is None
    end(pid_file, [(signal.SIGTERM, 1.0)])
    assert stranger.poll() is None and not pid_file.exists()
    write_pid_file(pid_file, stranger.pid)
    end(pid_file, [(signal.SIGTERM, 1.0)])
    assert stranger.wait(20) == -signal.SIGTERM


@pytest.mark.parametrize("text", ["", "nonsense", "{}", "[]", '{"pid": 1, "birth": null}', '{"pid": -1, "birth": "x"}'])
def test_a_damaged_pid_file_ends_nothing(tmp_path: Path, text: str) -> None:
    pid_file = tmp_path / "child.pid"
    pid_file.write_text(text)
    end(pid_file, [(signal.SIGTERM, 1.0)])
    assert not pid_file.exists()
