"""The folder that holds a local Forecourt whole: `var/` with its data, secrets, pictures, mail, pid files and lock."""

import fcntl
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from launch import LaunchError
from launch.processes import noted_pid

ROOT = Path(__file__).resolve().parent.parent
NEEDED_BYTES = 500 * 1024 * 1024


class Folder:
    """`var/`, private to its owner. `run/` in it holds what belongs to one run; the rest is kept from run to run."""

    def __init__(self, path: Path) -> None:
        self.path = path.absolute()
        self.run = self.path / "run"
        self.postgres = self.path / "postgres"
        self.media = self.path / "media"
        self.mail = self.path / "mail"

    def prepare(self) -> None:
        """Make what is missing; an error when the disk is nearly full, before anything half-written can come of it."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.path.stat().st_mode & 0o066 and self.path.stat().st_uid == os.geteuid():
            self.path.chmod(0o700)
        for folder in (self.run, self.media, self.mail):
            try:
                folder.mkdir(mode=0o700, exist_ok=True)
            except PermissionError as error:
                raise LaunchError(
                    f"{self.path} belongs to another account. Remove it or run this as its owner."
                ) from error
        free = shutil.disk_usage(self.path).free
        if free < NEEDED_BYTES:
            raise LaunchError(
                f"The disk is nearly full: {free // 1024**2} MB are free at {self.path}, 500 MB are needed."
            )

    @contextmanager
    def locked(self, note: str) -> Iterator[None]:
        """Hold the folder for this process; `note` tells others who does. The lock goes when we do, however we end."""
        with (self.run / "lock").open("a+") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise LaunchError(self.holder()) from error
            lock.truncate(0)
            lock.write(note)
            lock.flush()
            yield

    def is_locked(self) -> bool:
        """Whether a run is alive on this folder."""
        if not (self.run / "lock").exists():
            return False
        with (self.run / "lock").open() as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return True
        return False

    def holder(self) -> str:
        """Who holds the lock, for an error message."""
        note = (self.run / "lock").read_text()
        return f"Forecourt runs on {self.path} already: {note}. Stop that one first, with Ctrl-C where it runs."

    def secret(self, name: str, nbytes: int) -> str:
        """A random text that is made once and kept in `secrets.json`."""
        path = self.path / "secrets.json"
        kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        if name not in kept:
            kept[name] = secrets.token_urlsafe(nbytes)
            write_private(path, json.dumps(kept, indent=2) + "\n")
        return kept[name]

    @contextmanager
    def sockets(self) -> Iterator[Path]:
        """A new private folder with a short path for sockets, since the path of `var/` may be any length.

        Its name is noted in `run/`, so that the next run removes what a killed one left.
        """
        note = self.run / "sockets"
        if note.exists():
            shutil.rmtree(note.read_text(), ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix="forecourt-", dir=temporary_folder()))
        write_private(note, str(folder))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            note.unlink(missing_ok=True)

    def children_pid_files(self) -> list[Path]:
        """Those of the site's own processes, not of its servers."""
        files = self.run.glob("*.pid")
        return [file for file in files if file.stem not in {"postgres", "redis"} and noted_pid(file) is not None]


def temporary_folder() -> str:
    """Where temporary folders go so that sockets fit in them: the path of one has 103 bytes on macOS, 107 on Linux."""
    usual = tempfile.gettempdir()
    return usual if len(usual) < 55 else "/tmp"  # noqa: S108 - what is made in it is private and named at random.


def write_private(path: Path, text: str) -> None:
    """Write a file for its owner's eyes, whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)
