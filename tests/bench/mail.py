"""`make bench-mail`: what sending editions costs, and what is left after kills and refusals.

It runs on a Redis and a Postgres of its own, which waits for the disk as a real one does. Figures are for a core: mails
by processor seconds of our process. Ends with status 1 when a promise does not hold. MAILS=2000 KILLS=5 makes it small.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from launch.postgres import postgres
from launch.redis import redis
from launch.servers import Servers
from launch.test import environment
from tests.bench.mail_sink import dumped, find, smtp_sink
from tests.bench.restarts import Server

MAILS = int(os.environ.get("MAILS", "100000"))
KILLS = int(os.environ.get("KILLS", "30"))
Row = tuple[str, str, str, bool]


def main() -> int:
    for program in ("smtp-sink", "smtp-source"):
        find(program)  # Says what to install, before anything is made.
    with tempfile.TemporaryDirectory(prefix="forecourt-bench-", dir="/tmp") as name:
        folder = Path(name)
        for part in ("run", "s", "postgres"):
            (folder / part).mkdir(mode=0o700)
        database = Server(lambda: postgres(folder / "postgres", folder / "run", folder / "s"))
        queue = Server(lambda: redis(folder / "run", folder / "s"))
        try:
            os.environ.update(environment(name, Servers(database.url, queue.url)), MAIL_RATE="0")
            return table(parts(folder, database, queue))
        finally:
            queue.stop()
            database.stop()


def parts(folder: Path, database: Server, queue: Server) -> Iterator[Row]:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    from tests.bench import mail_parts
    from tests.newsletter.sink import Sink

    yield from mail_parts.throughput(MAILS)
    with smtp_sink("-D", str(folder / "kills")) as port:
        yield from mail_parts.kills(MAILS // 5, KILLS, port, lambda: dumped(folder / "kills"))
    with smtp_sink("-D", str(folder / "restarts")) as port:
        yield from mail_parts.restarts(MAILS // 5, port, queue, database, lambda: dumped(folder / "restarts"))
    with Sink() as sink:
        yield from mail_parts.refusals(MAILS // 20, sink)
    with smtp_sink("-q", ".", "-D", str(folder / "dropped")) as port:
        yield from mail_parts.dropped(MAILS // 200, port, lambda: dumped(folder / "dropped"))


def table(rows: Iterator[Row]) -> int:
    """Print each row as it comes; 1 if one does not hold."""
    status = 0
    for what, found, wanted, holds in rows:
        print(f"{what:<34} {found:>44}  {wanted:<12} {'' if holds else 'FAILS'}".rstrip(), flush=True)  # noqa: T201 - The table.
        status |= not holds
    return status


if __name__ == "__main__":
    sys.exit(main())
