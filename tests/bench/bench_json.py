"""`make bench-json`: 1,000 connections on `/quotes.json` for 30 s, through granian as `make run` starts it."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Event, Thread
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from django.db import connection
from django.db.models import F

from launch.folder import Folder
from launch.site import Ports, granian_options
from tests import make
from tests.bench import tape
from tests.bench.browsers import Load, browse
from tickers.models import Quote

CONNECTIONS, SECONDS = 1_000, 30
NEWS_S = 5  # A new price so often, so that ETags change under way.
STATISTICS_S = 11  # Postgres tells of what an idle connection did after ten seconds.
READS = "SELECT sum(seq_scan) FROM pg_stat_user_tables WHERE relname = 'tickers_quote'"  # The strip's plan has one.


@pytest.fixture
def port(transactional_db: None, tmp_path: Path) -> Iterator[int]:
    """Where the site listens, on the test's database."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    name = connection.settings_dict["NAME"]
    database_url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    (tmp_path / "media").mkdir()
    command = [sys.executable, "-m", "granian", *granian_options(Folder(tmp_path), Ports(port, 0, 0))]
    environ = {**os.environ, "DATABASE_URL": database_url, "QUOTES": "simulated"}
    with subprocess.Popen([*command, "config.wsgi:application"], env=environ) as granian:
        wait_for(port)
        yield port
        granian.terminate()


def wait_for(port: int) -> None:
    for _ in range(100):
        with suppress(OSError):
            urlopen(f"http://127.0.0.1:{port}/quotes.json", timeout=5).read()
            return
        time.sleep(0.1)
    raise AssertionError("The site does not start.")


def counted() -> int:
    """How often anybody has read the quotes so far, or has changed them all."""
    time.sleep(STATISTICS_S)
    with connection.cursor() as cursor:
        cursor.execute(READS)
        return int(cursor.fetchone()[0])


@pytest.fixture
def news(port: int) -> Iterator[list[float]]:
    """New prices all the time, each time by one statement; notes when."""
    is_over, times = Event(), []
    for position, ticker in enumerate(tape.TICKERS):
        make.quote(make.symbol(ticker, position=position), source="simulated")

    def go_on() -> None:
        while not is_over.wait(NEWS_S):
            Quote.objects.update(price=F("price") + 1)
            times.append(time.monotonic())
        connection.close()

    thread = Thread(target=go_on)
    thread.start()
    yield times
    is_over.set()
    thread.join()


@pytest.mark.parametrize("every_s", [1.0, 0.0], ids=["once a second", "as fast as they can"])
def test_a_thousand_pages_get_the_quotes_in_time(port: int, news: list[float], every_s: float, request, capsys):
    before = counted() - len(news)
    load = asyncio.run(browse(port, "/quotes.json", CONNECTIONS, SECONDS, every_s))
    reads = counted() - len(news) - before
    with capsys.disabled():
        sys.stdout.write(f"\n\n{CONNECTIONS:,} connections, each asks {request.node.callspec.id}\n{table(load)}\n")
        sys.stdout.write(f"{'database reads a second':<50}{reads / SECONDS:>12.2f}\n")
    assert not load.errors
    assert 0 < reads <= SECONDS + 1
    assert set(load.statuses) <= {200, 304}
    if every_s:
        assert load.wait(0.99) < 100


def table(load: Load) -> str:
    rows = [
        ("seconds", SECONDS),
        ("answers", len(load.waits)),
        *[(f"  {status}", count) for status, count in sorted(load.statuses.items())],
        ("answers a second", round(len(load.waits) / SECONDS)),
        ("errors", load.errors.total()),
        *[(f"  {error}", count) for error, count in load.errors.items()],
        *[(f"ms, p{share:g}", round(load.wait(share / 100), 1)) for share in (50, 90, 99, 100)],
    ]
    return "\n".join(f"{name:<50}{value:>12,}" for name, value in rows)
