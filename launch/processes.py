"""Starting processes that end with us, and finding again those that outlived a killed run."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

Steps = Sequence[tuple[signal.Signals, float]]  # Signals, each with the seconds that a process has to obey it.
TETHER = Path(__file__).with_name("tether.py")


def tethered(command: Sequence[str], at_end: signal.Signals, account: str = "-") -> list[str]:
    """The command line that runs `command` so that it gets the signal `at_end` should we end first."""
    return [sys.executable, "-I", "-S", str(TETHER), str(int(at_end)), str(os.getpid()), account, *command]


def start(command: Sequence[str], log: Path, cwd: Path) -> subprocess.Popen[bytes]:
    """Start a server in a session of its own (Ctrl-C is for us, who stop things in order); its output goes to `log`."""
    with log.open("wb") as output:
        return subprocess.Popen(  # noqa: S603 - every command is ours.
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            start_new_session=True,
        )


def finish(command: Sequence[str], environ: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and keep what it says."""
    return subprocess.run(command, env=environ, cwd="/", capture_output=True, text=True, check=False)  # noqa: S603


def last_lines(log: Path, count: int = 5) -> str:
    """The end of a server's log, for an error message."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-count:]) or "(it said nothing)"


def birth(pid: int) -> str | None:
    """What tells a process from every other that has or will have its number; None when no such process runs."""
    if not Path("/proc/self/stat").exists():  # macOS
        return finish(["ps", "-o", "lstart=", "-p", str(pid)]).stdout.strip() or None
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, *rest = stat.rpartition(b")")[2].split()  # The name before it may hold blanks and brackets.
    started_at = rest[18].decode()
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return None if state in b"ZX" else f"{boot} {started_at}"


def write_pid_file(path: Path, pid: int) -> None:
    """Note a process and its birth, so that a later run knows it from a stranger with the same number."""
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"pid": pid, "birth": birth(pid)}))
    fresh.replace(path)


def noted_pid(path: Path) -> int | None:
    """The number in a pid file, whether or not that process still runs; None without a readable file."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return int(json.loads(path.read_text())["pid"])
    return None


def running_pid(path: Path) -> int | None:
    """The process of a pid file, if it still runs and is the one that was noted; None otherwise."""
    pid = noted_pid(path)
    if pid is None or pid <= 1:
        return None
    noted = json.loads(path.read_text()).get("birth")
    return pid if noted is not None and birth(pid) == noted else None


def end(pid_file: Path, steps: Steps) -> None:
    """End what a pid file names, if it is still the process that was noted, and remove the file.

    Last of all it is killed, and its session with it: a server's workers may outlive a master that was killed.
    """
    pid = running_pid(pid_file)
    if pid is not None:
        signal_until_ended(pid, steps)
    pid_file.unlink(missing_ok=True)


def stop(process: subprocess.Popen[bytes], pid_file: Path, steps: Steps) -> None:
    """End a child of ours, which needs no pid file to be known, and remove its file."""
    if process.poll() is None:
        signal_until_ended(process.pid, steps)
        process.wait()
    pid_file.unlink(missing_ok=True)


def signal_until_ended(pid: int, steps: Steps) -> None:
    for number, patience in (*steps, (signal.SIGKILL, 5.0)):
        with suppress(ProcessLookupError):
            os.kill(pid, number)
        if has_ended(pid, patience):
            break
    kill_session(pid)


def has_ended(pid: int, patience: float) -> bool:
    """Wait up to `patience` seconds for a process, a child of ours or not, to end."""
    noted, deadline = birth(pid), time.monotonic() + patience
    while noted is not None and birth(pid) == noted:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def kill_session(pid: int) -> None:
    """Kill what is left of the process group that a process, just ended, has led."""
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
