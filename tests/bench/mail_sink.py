"""Postfix's `smtp-sink` and `smtp-source`, found on this machine and run as programs. Postfix itself is not needed."""

import os
import re
import shutil
import socket
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MISSING = """\
bench-mail needs Postfix's smtp-sink and smtp-source; no mail server has to run. On Debian or Ubuntu either
    apt-get install --no-install-recommends postfix       (choose “No configuration”), or, without installing it,
    cd /tmp && apt-get download postfix && dpkg -x postfix_*.deb /tmp/postfix && export POSTFIX_ROOT=/tmp/postfix"""


def find(name: str) -> str:
    """The program's path; SystemExit with what to install where there is none."""
    root = os.environ.get("POSTFIX_ROOT", "")
    found = shutil.which(name, path=f"{root}/usr/sbin:{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")
    if found is None:
        raise SystemExit(MISSING)
    return found


def environment() -> dict[str, str]:
    root = os.environ.get("POSTFIX_ROOT", "")
    return {**os.environ, "LD_LIBRARY_PATH": f"{root}/usr/lib/postfix"} if root else dict(os.environ)


@contextmanager
def smtp_sink(*options: str) -> Iterator[int]:
    """A sink that is ready; yields its port."""
    port = free_port()
    account = ["-u", "root"] if os.geteuid() == 0 else []  # As root it wants to be told whom to run as.
    command = [find("smtp-sink"), *account, *options, f"127.0.0.1:{port}", "500"]
    with subprocess.Popen(command, env=environment(), stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(port)
            yield port
        finally:
            process.terminate()


def dumped(file: Path) -> Counter[str]:
    """How many whole mails each address got, by the sink's own dump (`-D`): a mail cut before its dot is not in it."""
    return Counter(re.findall(r"^X-Rcpt-Args: <(.+)>$", file.read_text(errors="replace"), re.MULTILINE))


def smtp_source(port: int, count: int, sessions: int, size: int) -> float:
    """Processor seconds of smtp-source for so many mails over as many kept connections as ours."""
    options = ["-d", "-s", str(sessions), "-m", str(count), "-l", str(size)]
    command = [find("smtp-source"), *options, "-f", "a@example.com", "-t", "b@example.com", f"127.0.0.1:{port}"]
    process = subprocess.Popen(command, env=environment())
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0, "smtp-source failed"
    return used.ru_utime + used.ru_stime


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except ConnectionRefusedError:
            time.sleep(0.02)
        else:
            return
    raise SystemExit("smtp-sink did not start")
