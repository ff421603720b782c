"""The site's own processes, run side by side with their lines prefixed, watched, and stopped in order.

honcho's Process and Printer do the running and the printing. Its Manager does not serve: it signals whole process
groups, which cuts the task that a Celery worker is at, it kills after 5 seconds, and it cannot say who ended first.
"""

import os
import queue
import shlex
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from honcho.colour import get_colours
from honcho.printer import Message, Printer
from honcho.process import Process

from launch import LaunchError
from launch.folder import Folder
from launch.interrupts import Interrupts
from launch.processes import birth, end, kill_session, tethered, write_pid_file


@dataclass(frozen=True)
class Child:
    """One process of the site.

    `patience` is how many seconds it has to stop when it is asked to; `orphaned` the signal it gets when we are killed.
    """

    name: str
    command: Sequence[str]
    patience: float = 5.0
    orphaned: signal.Signals = signal.SIGTERM


class Children:
    """The processes of one run. What others lean on is listed first: they stop in reverse order."""

    def __init__(self, children: Sequence[Child], environ: Mapping[str, str], folder: Folder, cwd: Path) -> None:
        self._children = children
        self._environ = {**environ, "PYTHONUNBUFFERED": "1"}
        self._folder, self._cwd = folder, cwd
        self._events: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._printer = Printer(sys.stdout, width=max(len(child.name) for child in children))
        self._started = 0
        self._pids: dict[str, int] = {}
        self._statuses: dict[str, int] = {}

    @contextmanager
    def running(self, interrupts: Interrupts) -> Iterator[None]:
        colours = get_colours()
        try:
            for child in self._children:
                process = Process(self._shell_line(child), child.name, next(colours), env=self._environ, cwd=self._cwd)
                threading.Thread(target=self._run, args=(process,), daemon=True).start()
                self._started += 1
            yield
        finally:
            interrupts.quiet()
            self._stop(interrupts)

    def watch(self, each_turn: Callable[[], None]) -> None:
        """Print what they say until one ends, which is an error: together they are the site, so none may be missing."""
        while not self._statuses:
            self._relay(0.2)
            each_turn()
        name, status = next(iter(self._statuses.items()))
        raise LaunchError(
            f"{name} ended by itself ({in_words(status)}), so the rest was stopped. What it said is above."
        )

    def _shell_line(self, child: Child) -> str:
        """honcho starts a shell, which must be gone for our signals to reach the process itself."""
        return "exec " + shlex.join(tethered(child.command, child.orphaned))

    def _run(self, process: Any) -> None:
        try:
            process.run(self._events)
        except OSError as error:
            self._events.put(Message("line", str(error), datetime.now(UTC), process.name, process.colour))
            self._events.put(Message("stop", {"returncode": 127}, None, process.name, None))

    def _relay(self, patience: float) -> None:
        """Wait for one event, and print it or note it. A terminal that has gone away does not matter."""
        try:
            event = self._events.get(timeout=patience)
        except queue.Empty:
            self._free_outputs()
            return
        if event.type == "line":
            with suppress(OSError, ValueError):
                self._printer.write(event)
        elif event.type == "start":
            self._pids[event.name] = event.data["pid"]
            write_pid_file(self._folder.run / f"{event.name}.pid", event.data["pid"])
        else:
            self._statuses[event.name] = event.data["returncode"]

    def _free_outputs(self) -> None:
        """Kill what outlived a child that has ended: honcho waits while that holds the child's output open."""
        for name, pid in self._pids.items():
            if name not in self._statuses and birth(pid) is None:
                kill_session(pid)

    def _stop(self, interrupts: Interrupts) -> None:
        self._wait(lambda: len(self._pids.keys() | self._statuses.keys()) == self._started, 5)
        for child in reversed(self._children):
            pid = self._pids.get(child.name)
            if pid is not None and child.name not in self._statuses:
                self._stop_one(child, pid, interrupts)
            (self._folder.run / f"{child.name}.pid").unlink(missing_ok=True)

    def _stop_one(self, child: Child, pid: int, interrupts: Interrupts) -> None:
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGTERM)  # To it alone: a worker asks its own processes to finish.
        self._wait(lambda: child.name in self._statuses or interrupts.hurry, child.patience)
        kill_session(pid)
        self._wait(lambda: child.name in self._statuses, 5)

    def _wait(self, is_done: Callable[[], bool], patience: float) -> None:
        deadline = time.monotonic() + patience
        while not is_done() and time.monotonic() < deadline:
            self._relay(0.05)


def end_previous(folder: Folder) -> None:
    """End the site's processes of a run that was killed."""
    for pid_file in folder.children_pid_files():
        end(pid_file, [(signal.SIGTERM, 3.0)])


def in_words(status: int) -> str:
    return f"exit status {status}" if status >= 0 else f"killed by {signal.Signals(-status).name}"
