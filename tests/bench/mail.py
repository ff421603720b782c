"""`make bench-mail`: what sending editions costs, and what is left after kills and refusals.

It runs on a Postgres of its own that waits for the disk as a real one does. Figures are for a core: mails by processor
seconds of our process. Ends with status 1 when a promise does not hold. MAILS=2000 KILLS=5 makes it small.
"""

import logging
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from launch.postgres import postgres
from launch.servers import Servers
from launch.test import environment
from tests.bench.mail_sink import dumped, find, smtp_sink

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
        with postgres(folder / "postgres", folder / "run", folder / "s") as url:
            os.environ.update(environment(name, Servers(url, "redis://127.0.0.1:1/0")), MAIL_RATE="0")
            return table(parts(folder))


def parts(folder: Path) -> Iterator[Row]:
    import django
    from django.core.management import call_command

    django.setup()
    logging.getLogger("config").setLevel(logging.ERROR)  # The page cache misses its Redis; there is none here.
    call_command("migrate", verbosity=0)
    from tests.bench import mail_parts
    from tests.newsletter.sink import Sink

    yield from mail_parts.throughput(MAILS)
    with smtp_sink("-D", str(folder / "kills")) as port:
        yield from mail_parts.kills(MAILS // 5, KILLS, port, lambda: dumped(folder / "kills"))
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
