"""What `launch/bootstrap.sh` says before it downloads anything, on machines that are not this one."""

import subprocess
import sys
from pathlib import Path

import pytest

from launch.folder import ROOT

REDIS_NEEDED = "Forecourt needs Redis on this machine"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A copy of what the script reads, and a folder of programs that is all of the PATH."""
    (tmp_path / "launch").mkdir()
    (tmp_path / "bin").mkdir()
    for name in ("launch/bootstrap.sh", "pyproject.toml", "uv.lock"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    for name in ("sh", "cat", "cksum", "dirname"):
        program(tmp_path, name, f'exec /usr/bin/env -i PATH=/usr/bin:/bin {name} "$@"')
    program(tmp_path, "uv", '[ "$1" = --version ]')  # It is there and downloads nothing.
    return tmp_path


def program(machine: Path, name: str, does: str = "exit 0") -> None:
    path = machine / "bin" / name
    path.write_text(f"#!/bin/sh\n{does}\n")
    path.chmod(0o755)


def python(machine: Path, version: tuple[int, int], platform: str, processor: str) -> None:
    """A Python that takes itself for one of that version on such a machine."""
    pretend = (
        "import os, platform, sys\n"
        f"sys.version_info, sys.platform, platform.machine = {version}, '{platform}', lambda: '{processor}'\n"
        f"sys._base_executable = '{machine}/bin/python3'\n"
        "exec(os.environ['CODE'])"
    )
    (machine / "pretend.py").write_text(pretend)
    program(machine, "python3", f'[ "$1" = -c ] && CODE="$2" exec {sys.executable} {machine}/pretend.py')


def said(machine: Path, **environ: str) -> str:
    done = subprocess.run(
        ["/bin/sh", "launch/bootstrap.sh"],
        env={"PATH": str(machine / "bin"), **environ},
        cwd=machine,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    return done.stderr


@pytest.mark.parametrize(
    ("version", "platform", "processor", "is_needed"),
    [
        ((3, 12), "linux", "x86_64", False),
        ((3, 13), "linux", "x86_64", True),
        ((3, 12), "linux", "aarch64", True),
        ((3, 12), "darwin", "arm64", True),
    ],
)
def test_a_machine_without_redis_is_told_before_the_download_where_no_wheel_has_one(
    machine: Path, version: tuple[int, int], platform: str, processor: str, is_needed: bool
) -> None:
    python(machine, version, platform, processor)
    assert (REDIS_NEEDED in said(machine)) == is_needed
    assert REDIS_NEEDED not in said(machine, REDIS_URL="redis://elsewhere:6379/0")
    program(machine, "valkey-server")
    assert REDIS_NEEDED not in said(machine)
