"""`python -m launch.manage COMMAND…`: Django's command line on the data of `make run`, whether or not that runs now."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from launch import LaunchError
from launch.children import end_previous, in_words
from launch.folder import ROOT, Folder
from launch.interrupts import Interrupts
from launch.ports import chosen_port
from launch.run import reporting, run_command
from launch.servers import kept
from launch.site import ENVIRON, MANAGE, Ports, environment


def manage(folder: Folder, arguments: Sequence[str]) -> None:
    """Run a management command, which may ask questions at the terminal."""
    folder.prepare()
    with surroundings(folder) as ours:
        # Ctrl-C is for the command, which shares our terminal; we wait for what it makes of that.
        ours_before = signal.signal(signal.SIGINT, lambda number, frame: None)
        command, environ = [*MANAGE, *arguments], {**os.environ, **ours}
        status = subprocess.run(command, env=environ, cwd=ROOT, check=False).returncode  # noqa: S603
        signal.signal(signal.SIGINT, ours_before)
    if status != 0:
        raise LaunchError(f"“manage.py {' '.join(arguments)}” did not finish ({in_words(status)}).")


@contextmanager
def surroundings(folder: Folder) -> Iterator[dict[str, str]]:
    """The environment of the run that is alive on the folder, or one on servers started for the purpose."""
    if folder.is_locked():
        try:
            yield json.loads((folder.run / ENVIRON).read_text())
        except FileNotFoundError:
            raise LaunchError("Forecourt is just starting or stopping. Try again in a moment.") from None
        return
    with folder.locked(f"a management command (process {os.getpid()})"):
        end_previous(folder)
        port = chosen_port(os.environ.get("PORT") or "8000")
        with kept(folder) as servers:
            ours = environment(folder, Ports(port, port + 1, port + 2), servers)
            run_command([*MANAGE, "migrate", "--verbosity", "0"], {**os.environ, **ours})
            yield ours


def main(interrupts: Interrupts) -> None:
    manage(Folder(ROOT / "var"), sys.argv[1:])


if __name__ == "__main__":
    sys.exit(reporting(main))
