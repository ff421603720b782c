"""A feed's bytes become plain entries, in another process: a parser that hangs or swells is killed, and we are not.

Plain pipes and `subprocess`, as multiprocessing does not work inside Celery's own processes.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from queue import LifoQueue
from threading import Timer
from typing import Any, Self

ROOT = Path(__file__).resolve().parent.parent.parent
COMMAND = [sys.executable, "-m", "news.partners.parse_worker"]
SECONDS = 10.0
MOST_ANSWER = 4 * 1024 * 1024


class ParseFailed(Exception):
    """The document is no feed that we can read; the message is for the desk."""


@dataclass(frozen=True)
class Entry:
    """One entry of a feed in plain text. `published_at` is empty where the feed does not say it, or not believably."""

    title: str
    url: str
    guid: str = ""
    summary: str = ""
    author: str = ""
    picture_url: str = ""
    published_at: datetime | None = None


@dataclass(frozen=True)
class Feed:
    """The newest entries of a feed, newest first; or, of a web page, the feeds that it points to (address, title)."""

    title: str = ""
    entries: tuple[Entry, ...] = ()
    alternates: tuple[tuple[str, str], ...] = ()


class Parser:
    """One parser process, started when it is first needed and again after it had to be killed. For one thread."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.stop()

    def parse(self, document: bytes, url: str, content_type: str = "") -> Feed:
        """Read a feed or the page that points to one; raises ParseFailed."""
        process = self._running()
        timer = Timer(self.seconds, process.kill)
        timer.start()
        try:
            answer = _exchange(process, document, {"url": url, "content_type": content_type, "size": len(document)})
        finally:
            timer.cancel()
        if not answer.endswith(b"\n"):
            self.stop()
            raise ParseFailed("Reading the feed takes more time or memory than a feed may.")
        return _feed(json.loads(answer))

    def stop(self) -> None:
        if process := self._process:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe:
                    pipe.close()
        self._process = None

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self.stop()
            # An empty environment: what reads hostile bytes knows no password of ours.
            self._process = subprocess.Popen(  # noqa: S603 - the command is ours.
                COMMAND,
                cwd=ROOT,
                env={},
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._process


class Parsers:
    """Parsers for several threads. The last one given back is lent first, so only as many start as are in use."""

    def __init__(self, count: int) -> None:
        self._all = [Parser() for _ in range(count)]
        self._free: LifoQueue[Parser] = LifoQueue()
        for parser in self._all:
            self._free.put(parser)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        for parser in self._all:
            parser.stop()

    @contextmanager
    def lend(self) -> Iterator[Parser]:
        parser = self._free.get()
        try:
            yield parser
        finally:
            self._free.put(parser)


def _exchange(process: subprocess.Popen[bytes], document: bytes, about: dict[str, Any]) -> bytes:
    """One line of JSON and the document go in, one line of JSON comes out; less than a line if the process ended."""
    assert process.stdin  # noqa: S101 - both are pipes of ours.
    assert process.stdout  # noqa: S101
    answer = bytearray()
    try:
        for part in (json.dumps(about).encode() + b"\n", document):
            view = memoryview(part)
            while view:
                view = view[process.stdin.write(view) :]
        while not answer.endswith(b"\n") and (part := process.stdout.read(1 << 16)):
            answer += part
            if len(answer) > MOST_ANSWER:
                process.kill()
    except BrokenPipeError:
        return b""
    return bytes(answer)


def _feed(answer: dict[str, Any]) -> Feed:
    if "error" in answer:
        raise ParseFailed(answer["error"])
    entries = tuple(
        Entry(**{**row, "published_at": datetime.fromisoformat(moment) if (moment := row["published_at"]) else None})
        for row in answer["entries"]
    )
    return Feed(answer["title"], entries, tuple((href, title) for href, title in answer["alternates"]))
