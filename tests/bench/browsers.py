"""Open pages that ask for `/quotes.json`, each over a connection of its own, with the ETag of its last answer."""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass
class Load:
    """`waits` are the seconds from each request to the end of its answer."""

    statuses: Counter[int] = field(default_factory=Counter)
    errors: Counter[str] = field(default_factory=Counter)
    waits: list[float] = field(default_factory=list)

    def wait(self, share: float) -> float:
        """What this share of the answers came within, in milliseconds."""
        ordered = sorted(self.waits)
        return 1000 * ordered[min(int(len(ordered) * share), len(ordered) - 1)]


async def browse(port: int, path: str, count: int, seconds: float, every_s: float) -> Load:
    """Open `count` connections, then ask over each of them every so many seconds (0: as soon as it is answered)."""
    load, opened = Load(), []
    for _ in range(count):
        opened.append(await asyncio.open_connection("127.0.0.1", port))
    ends_at = time.monotonic() + seconds
    pages = [
        page(reader, writer, path, load, ends_at, every_s, every_s * number / count)
        for number, (reader, writer) in enumerate(opened)
    ]
    await asyncio.gather(*pages)
    for _, writer in opened:
        writer.close()
    return load


async def page(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    path: str,
    load: Load,
    ends_at: float,
    every_s: float,
    first_s: float,
) -> None:
    """One browser: it starts at a time of its own and waits from request to request, whether or not it was fast."""
    etag, next_at = "", time.monotonic() + first_s
    try:
        while next_at < ends_at and time.monotonic() < ends_at:
            await asyncio.sleep(max(0, next_at - time.monotonic()))
            began = time.monotonic()
            known = f"If-None-Match: {etag}\r\n" if etag else ""
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{known}\r\n".encode())
            status, etag = await answer(reader)
            load.waits.append(time.monotonic() - began)
            load.statuses[status] += 1
            next_at += every_s
    except (OSError, asyncio.IncompleteReadError, ValueError) as error:
        load.errors[repr(error)] += 1


async def answer(reader: asyncio.StreamReader) -> tuple[int, str]:
    """The status and the ETag."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    first, *lines = head.split("\r\n")
    headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
    status = int(first.split()[1])
    if status != 304:
        await reader.readexactly(int(headers["content-length"]))
    return status, headers["etag"]
