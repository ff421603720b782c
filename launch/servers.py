"""Postgres and Redis: private ones on the data in `var/`, throw-away ones for tests, or those the environment names."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from launch.folder import Folder, temporary_folder
from launch.postgres import end_previous, postgres
from launch.processes import end
from launch.redis import STOP, redis

PREFIX = "forecourt-throwaway-"


@dataclass(frozen=True)
class Servers:
    """Their addresses, as DATABASE_URL and REDIS_URL have them."""

    database_url: str
    redis_url: str


@contextmanager
def kept(folder: Folder) -> Iterator[Servers]:
    """The servers of a run on `folder`: our own, unless DATABASE_URL or REDIS_URL name others."""
    end_previous(folder.postgres, folder.run / "postgres.pid")
    end(folder.run / "redis.pid", STOP)
    database_url, redis_url = os.environ.get("DATABASE_URL"), os.environ.get("REDIS_URL")
    with ExitStack() as stack:
        sockets = stack.enter_context(folder.sockets())
        if not database_url:
            database_url = stack.enter_context(postgres(folder.postgres, folder.run, sockets))
        if not redis_url:
            redis_url = stack.enter_context(redis(folder.run, sockets))
        yield Servers(database_url, redis_url)


@contextmanager
def throw_away() -> Iterator[tuple[Path, Servers]]:
    """New servers in a temporary folder, gone with their data at the end; yields that folder too.

    The folder is locked while we live, so that the next one can tell what a killed run left and remove it.
    """
    remove_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=temporary_folder()))
    run, sockets = folder / "run", folder / "s"
    run.mkdir(mode=0o700)
    sockets.mkdir(mode=0o700)
    with (run / "lock.new").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        (run / "lock.new").rename(run / "lock")  # Nobody sees it unlocked.
        try:
            with (
                postgres(folder / "postgres", run, sockets, throw_away=True) as database_url,
                redis(run, sockets) as redis_url,
            ):
                yield folder, Servers(database_url, redis_url)
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def remove_leftovers() -> None:
    """End and remove the throw-away servers whose run was killed."""
    for folder in Path(temporary_folder()).glob(f"{PREFIX}*"):
        if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
            continue
        try:
            with (folder / "run/lock").open() as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                end_previous(folder / "postgres", folder / "run/postgres.pid")
                end(folder / "run/redis.pid", STOP)
        except OSError:  # It is in use, or was just made.
            continue
        shutil.rmtree(folder, ignore_errors=True)
