"""The throw-away servers of the test run."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest

from launch import LaunchError
from launch.folder import ROOT
from launch.ports import chosen_port
from launch.processes import birth, noted_pid
from launch.servers import throw_away

HOLD = """
import signal
from launch.servers import throw_away
with throw_away() as (folder, servers):
    print(folder, flush=True)
    signal.pause()
"""


def test_they_are_gone_afterwards() -> None:
    with throw_away() as (folder, servers):
        psycopg2.connect(servers.database_url).close()
        pids = [noted_pid(folder / f"run/{name}.pid") for name in ("postgres", "redis")]
    assert not folder.exists()
    assert [birth(pid) for pid in pids if pid is not None] == [None, None]


def test_those_of_a_killed_run_end_and_the_next_run_removes_their_folder() -> None:
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen([sys.executable, "-c", HOLD], stdout=subprocess.PIPE, text=True, env=environ) as process:
        assert process.stdout is not None
        folder = Path(process.stdout.readline().strip())
        pids = [noted_pid(folder / f"run/{name}.pid") for name in ("postgres", "redis")]
        process.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 20
    while any(birth(pid) for pid in pids if pid is not None):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert folder.exists()
    with throw_away():
        assert not folder.exists()


@pytest.mark.parametrize("text", ["", "x", "0", "70000", "80.5", "-1", "٨٠"])
def test_a_senseless_port_is_refused(text: str) -> None:
    with pytest.raises(LaunchError, match="PORT must be a number"):
        chosen_port(text)
