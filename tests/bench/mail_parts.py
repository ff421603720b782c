"""The parts of the mail bench; each yields rows of its table: what, found, wanted, whether it holds."""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

from django.db import connection
from django.test import override_settings
from django.utils import timezone
from kombu.exceptions import OperationalError

from newsletter import tasks
from newsletter.delivery import deliver
from newsletter.models import Delivery, Edition, Newsletter, Subscriber, Suppression
from newsletter.smtp import SmtpSender
from tests import make
from tests.bench.mail_sink import smtp_sink, smtp_source
from tests.bench.restarts import Server
from tests.newsletter.editions import LINK, edition, pass_time, readers, states
from tests.newsletter.sink import DROP, Sink

WORKER = [sys.executable, "-m", "tests.bench.mail_worker"]
CELERY = [*(sys.executable, "-m", "celery", "-A", "config", "worker", "-Q", "mail", "-c", "2", "-l", "CRITICAL")]
SILENT: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
CONNECTIONS = 8
PARAGRAPH = "<p>Dealers carry more used cars than a month ago, and pay less for “nearly new” ones — so far.</p>\n"
HTML = f'<h1>The Morning Lane</h1>\n{PARAGRAPH * 300}<a href="{LINK}">Unsubscribe</a>\n'
TEXT = "Dealers carry more used cars than a month ago.\n" * 100 + f"Unsubscribe: {LINK}\n"
Row = tuple[str, str, str, bool]


def worker(port: int, *arguments: str, **environ: str) -> subprocess.Popen[str]:
    """A worker on the database of this process, with no Redis at all: none is needed."""
    environ = {**surroundings(port), "REDIS_URL": "redis://127.0.0.1:1/0", **environ}
    return subprocess.Popen([*WORKER, *arguments], env=environ, stdout=subprocess.PIPE, text=True)


def surroundings(port: int) -> dict[str, str]:
    place = connection.settings_dict
    host = place["OPTIONS"].get("host") or place["HOST"]
    return {
        **os.environ,
        "DATABASE_URL": f"postgres://{place['USER']}:{place['PASSWORD']}@/{place['NAME']}?host={host}",
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "MAIL_CONNECTIONS": str(CONNECTIONS),
        "MAIL_RATE": "0",
    }


def result(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, _ = process.communicate()
    assert process.returncode == 0, "A worker failed."
    return dict(json.loads(out))


def throughput(count: int) -> Iterator[Row]:
    make.publication()
    sent = edition(readers(count), html=HTML, text=TEXT)
    began = time.monotonic()
    sent.send_now()
    made = time.monotonic() - began
    rows = sent.deliveries.count()
    yield f"ledger of {count:,} made", f"{made:.2f} s", "", rows == count
    with smtp_sink() as port:
        took = result(worker(port, "deliver"))
        sent.refresh_from_db()
        balance = states(sent)
        yield f"{count:,} delivered", f"{balance}", f"sent: {count}", balance == {"sent": count}
        yield "  edition", sent.status, "complete", sent.status == "complete"
        with_ledger = count / took["cpu_s"]
        yield "  with the ledger, a core", f"{with_ledger:,.0f} mails/s", "≥ 500", with_ledger >= 500
        yield "  by the clock, one worker", f"{count / took['wall_s']:,.0f} mails/s", "", True
        memory = took["memory_mb"]
        yield "  worker's memory", f"{min(memory):.0f}–{max(memory):.0f} MB", "± 20", max(memory) - min(memory) <= 20
        took = result(worker(port, "mails", str(count // 2)))
        without = took["sent"] / took["cpu_s"]
        yield "  without the ledger, a core", f"{without:,.0f} mails/s", "≥ 1,500", without >= 1500
        size = len(HTML.encode()) + len(TEXT.encode())
        peer = count // 2 / smtp_source(port, count // 2, 8, size)
        yield "  smtp-source, a core", f"{peer:,.0f} mails/s", f"of {size // 1000} kB", True
        yield "  ratio to smtp-source", f"{with_ledger / peer:.2f} with, {without / peer:.2f} without", "", True


def kills(mails: int, count: int, port: int, whole: Callable[[], Counter[str]]) -> Iterator[Row]:
    """Kill workers at random while they send; `whole` says how many whole mails each address got."""
    sent = fresh(mails)
    pace = {"MAIL_RATE": str(max(50, mails // (count * 2)))}  # Slow enough for all kills to find somebody at work.
    workers = [worker(port, "deliver", "30", **pace) for _ in range(2)]
    killed = 0
    while killed < count and unsettled(sent):
        time.sleep(random.uniform(0.1, 0.7))
        victim = workers.pop(0)
        while victim.poll() is None and not is_at_work(sent):
            time.sleep(0.02)
        killed += victim.poll() is None
        victim.kill()
        victim.communicate()
        workers.append(worker(port, "deliver", "30", **pace))
        pass_time(hours=1)
    for process in workers:
        process.communicate()
    finish(sent, port)
    yield from balance(f"{killed} kills in {mails:,} mails", sent, whole(), most_uncertain=killed * CONNECTIONS)
    yield "  kills", str(killed), str(count), killed == count


def restarts(
    mails: int, port: int, queue: Server, database: Server, whole: Callable[[], Counter[str]]
) -> Iterator[Row]:
    """Restart Redis after a third of the mails and Postgres after two thirds; the worker is Celery's own."""
    sent = fresh(mails)
    pace = {"MAIL_RATE": str(max(20, mails // 20))}  # Twenty seconds, or somewhat more.
    at_restart = []
    with subprocess.Popen(CELERY, env={**surroundings(port), **pace}, **SILENT) as process:
        try:
            for part, server in ((1 / 3, queue), (2 / 3, database)):
                wake_until(lambda part=part: sent_of(sent) >= mails * part)
                at_restart.append(sent_of(sent))
                connection.close()
                server.restart()
            wake_until(lambda: not is_due(sent))  # What a failed task had claimed waits for the end of its lease.
        finally:
            process.terminate()
    finish(sent, port)
    yield from balance(f"servers restarted in {mails:,} mails", sent, whole(), most_uncertain=2 * CONNECTIONS)
    in_the_middle = all(0 < count < mails for count in at_restart) and len(at_restart) == 2
    yield "  mails sent when each restarted", " and ".join(map(str, at_restart)), "", in_the_middle


def wake_until(is_done: Callable[[], bool], seconds: float = 180) -> None:
    """Do as the clock does, but each second: ask for the work, over a queue that may be away."""
    deadline = time.monotonic() + seconds
    while not is_done() and time.monotonic() < deadline:
        with suppress(OperationalError):  # Kombu's: the queue is not there.
            tasks.deliver_editions.apply_async(expires=1, retry=False)
        time.sleep(1)


def sent_of(edition: Edition) -> int:
    return edition.deliveries.filter(state=Delivery.State.SENT).count()


def fresh(mails: int, **content: str) -> Edition:
    """An edition that has just begun, with that many readers and nobody else's rows."""
    for model in (Delivery, Edition, Newsletter, Subscriber, Suppression):
        model.objects.all().delete()
    sent = edition(readers(mails), **content)
    sent.send_now()
    return sent


def unsettled(sent: Edition) -> bool:
    return sent.deliveries.filter(state__in=Delivery.UNSETTLED).exists()


def is_due(sent: Edition) -> bool:
    return sent.deliveries.filter(state__in=Delivery.CLAIMABLE, due_at__lte=timezone.now()).exists()


def is_at_work(sent: Edition) -> bool:
    """Whether a mail is about to go at this moment."""
    return sent.deliveries.filter(state=Delivery.State.SENDING).exists() or not unsettled(sent)


def finish(sent: Edition, port: int) -> None:
    """Let all leases and waits go by, until every mail is settled."""
    server = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": port}
    with override_settings(MAIL_CONNECTIONS=[str(CONNECTIONS)], MAIL_RATE=["0"], **server):
        for _ in range(1000):
            pass_time(days=1)
            deliver(SmtpSender(), 5)
            if not unsettled(sent):
                return


def balance(what: str, sent: Edition, whole: Counter[str], most_uncertain: int) -> Iterator[Row]:
    """The promise: nobody twice, and who has nothing is known to the desk."""
    sent.refresh_from_db()
    found = states(sent)
    settled = dict(sent.deliveries.values_list("subscriber__email", "state"))
    twice = sum(count > 1 for count in whole.values())
    unknown = [email for email, state in settled.items() if email not in whole and state in {"sent", "waiting"}]
    yield (
        what,
        ", ".join(f"{state} {count:,}" for state, count in found.items()),
        sent.status,
        sent.status == "complete",
    )
    yield "  addresses that got it twice", str(twice), "0", twice == 0
    yield "  missing and not known as such", str(len(unknown)), "0", not unknown
    uncertain = found.get("uncertain", 0)
    yield "  uncertain", str(uncertain), f"≤ {most_uncertain}", uncertain <= most_uncertain


def refusals(mails: int, sink: Sink) -> Iterator[Row]:
    """A sink that puts a tenth off, refuses a hundredth for good and cuts the connection after some dots."""
    sent = fresh(mails)
    asked: Counter[str] = Counter()

    def number(address: str) -> int:
        return int(address.removeprefix("reader").partition("@")[0])

    def rcpt(address: str) -> str | None:
        asked[address] += 1
        if number(address) % 100 == 7:
            return "550 5.1.1 No such user"
        return "450 4.2.0 Greylisted" if number(address) % 10 == 3 and asked[address] == 1 else None

    sink.answers |= {"RCPT": rcpt, "DOT": lambda address: DROP if number(address) % 100 == 11 else None}
    finish(sent, sink.port)
    tenth = sent.deliveries.filter(state="sent", tries=1).count()
    yield from balance(f"refusals in {mails:,} mails", sent, Counter(sink.whole), most_uncertain=mails // 100)
    yield "  put off, then sent", str(tenth), f"≥ {mails // 10}", tenth >= mails // 10
    failed = sent.deliveries.filter(state="failed").count()
    yield "  failed, of all", str(failed), str(mails // 100), failed == mails // 100


def dropped(mails: int, port: int, whole: Callable[[], Counter[str]]) -> Iterator[Row]:
    """A sink that cuts the connection after every dot: nobody knows what became of any mail."""
    sent = fresh(mails)
    finish(sent, port)
    yield from balance(f"cut after the dot, {mails:,} mails", sent, whole(), most_uncertain=mails)
    yield "  uncertain, all", str(states(sent).get("uncertain", 0)), str(mails), states(sent) == {"uncertain": mails}
