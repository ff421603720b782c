"""Workers that are killed, and servers that are restarted, while an edition goes out."""

import os
import random
import signal
import subprocess
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import environ
import pytest
from django.core.management import call_command
from django.db import InterfaceError, OperationalError, connection

from launch.postgres import postgres
from newsletter import tasks
from tests import make
from tests.bench import mail_parts
from tests.bench.mail_parts import CONNECTIONS, worker
from tests.bench.restarts import Server
from tests.newsletter.editions import edition, pass_time, readers, states
from tests.newsletter.sink import Sink

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with Sink() as sink:
        sink.serve(settings)
        yield sink


def failures(rows: Iterator[mail_parts.Row]) -> list[mail_parts.Row]:
    return [row for row in rows if not row[3]]


def test_workers_killed_at_each_step_send_nobody_two_mails(sink: Sink) -> None:
    """Whoever is missing at the end is uncertain, at most one for each connection and kill; there is no Redis."""
    make.publication()
    sent = edition(readers(600))
    sent.send_now()
    stages = ("MAIL", "RCPT", "DATA", "CONTENT", "DOT")
    for stage in stages:
        kill_at(sink, stage, random.randint(1, 80))
        pass_time(hours=1)
    tasks.deliver_editions()
    pass_time(hours=1)
    tasks.deliver_editions()
    rows = mail_parts.balance("", sent, Counter(sink.whole), most_uncertain=CONNECTIONS * len(stages))
    assert failures(rows) == []
    assert states(sent)["uncertain"] >= 1  # The one whose dot had come.


def kill_at(sink: Sink, stage: str, number: int) -> None:
    """Start a worker, and kill it when the sink is at this stage for the `number`th time."""
    asked = iter(range(1, 10_000))
    process: list[subprocess.Popen[str]] = []

    def answer(address: str) -> None:
        if next(asked) == number:
            os.kill(process[0].pid, signal.SIGKILL)

    sink.answers = {stage: answer}
    process.append(worker(sink.port, "deliver"))
    process[0].communicate()
    assert process[0].returncode == -signal.SIGKILL
    sink.answers = {}


def test_refusals_of_all_kinds_balance(sink: Sink) -> None:
    make.publication()
    assert failures(mail_parts.refusals(400, sink)) == []


@contextmanager
def own_postgres() -> Iterator[Server]:
    """Put this process on a Postgres of its own for a while."""
    with tempfile.TemporaryDirectory(prefix="forecourt-", dir="/tmp") as name:
        places = [Path(name) / part for part in ("postgres", "run", "s")]
        for place in places:
            place.mkdir(mode=0o700)
        server = Server(lambda: postgres(*places, throw_away=True))
        before = dict(connection.settings_dict)
        connection.close()
        connection.settings_dict.update(environ.Env.db_url_config(server.url))
        try:
            call_command("migrate", verbosity=0)
            yield server
        finally:
            connection.close()
            connection.settings_dict.clear()
            connection.settings_dict.update(before)
            server.stop()


def test_postgres_may_be_restarted_while_an_edition_goes_out(sink: Sink) -> None:
    """The worker is the thread here: a server ends with the thread that started it."""
    with own_postgres() as server, ThreadPoolExecutor(1) as thread:
        make.publication()
        sent = edition(readers(600))
        sent.send_now()
        asked, is_time = iter(range(10_000)), threading.Event()
        sink.answers["DOT"] = lambda address: is_time.set() if next(asked) == 200 else None
        work = thread.submit(deliver_as_the_clock_does)
        assert is_time.wait(60)
        connection.close()
        server.restart()
        work.result()
        rows = list(mail_parts.balance("", sent, Counter(sink.whole), most_uncertain=CONNECTIONS))
    assert failures(iter(rows)) == []


def deliver_as_the_clock_does() -> None:
    """A task that fails is logged, and the next one comes."""
    for _ in range(4):
        try:
            tasks.deliver_editions()
            pass_time(hours=1)
        except (OperationalError, InterfaceError):
            time.sleep(1)
        finally:
            connection.close()
