"""Days of market clock and faults at speed: the real task, yfinance, Postgres and strip, under a clock that we move."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

import time_machine

from tests import make
from tests.bench import faults, tape, witness
from tests.bench.report import Report
from tests.tickers.provider import Provider
from tickers import market, strip
from tickers.cadence import EVERY, refresh_is_due
from tickers.models import DailyClose, Point, SourceHealth, Symbol
from tickers.tasks import fetch_closes, refresh_quotes

TICK = timedelta(seconds=15)
FAULTY = 0.04  # The share of refreshes with a fault.


class Run:
    """`kinds` of faults come by chance, each that is in `once` only once."""

    def __init__(
        self, provider: Provider, start: datetime, days: int, kinds: list[str], once: list[str], seed: int = 0
    ) -> None:
        self.provider, self.random, self.report = provider, Random(seed), Report(days)
        self.start, self.end, self.kinds, self.once = start, start + timedelta(days=days), kinds, once
        self.rows: list[strip.Row] = []
        self.health = SourceHealth(source="yahoo")
        self.trouble: faults.Trouble | None = None

    def go(self) -> Report:
        for position, ticker in enumerate(tape.TICKERS):
            make.symbol(ticker, position=position)
        self.provider.closes = {ticker: list(self.history(ticker)) for ticker in tape.TICKERS}
        with time_machine.travel(self.start, tick=False) as clock:
            for now in self.ticks():
                clock.move_to(now)
                self.tick(now)
        self.report.planned = planned(self.start, self.end)
        self.report.closes, self.report.points = DailyClose.objects.count(), Point.objects.count()
        return self.report

    def ticks(self) -> Iterator[datetime]:
        """Every 15 seconds; some come late, some twice, some not, and sometimes the worker is away for minutes."""
        now = self.start
        while now < self.end:
            luck = self.random.random()
            if luck > 0.02:
                yield now + timedelta(seconds=luck * 5)
            if luck > 0.99:
                yield now + timedelta(seconds=luck * 5)
            now += timedelta(minutes=6) if luck < 0.0002 else TICK

    def tick(self, now: datetime) -> None:
        self.report.ticks += 1
        is_due = refresh_is_due("yahoo", now, self.health.asked_at, self.health.answered_at)
        if is_due and self.health.is_open(now):
            self.report.paused_s += TICK.total_seconds()
        elif is_due:
            self.refresh(now)
        elif self.report.ticks % 400 == 0:
            self.idle(now)
        if self.report.ticks % 120 == 0:
            self.call(fetch_closes)
        self.look(now)

    def refresh(self, now: datetime) -> None:
        faults.tell(self.provider, now)
        is_healthy = self.trouble is None or self.trouble.ends_at < now
        if self.rows and is_healthy and self.random.random() < FAULTY:
            kind = self.once.pop() if self.once else self.random.choice(self.kinds)
            self.report.faults[kind] += 1
            self.trouble = faults.Trouble.by_chance(kind, now, self.random)
            is_healthy = False
        if not is_healthy:
            faults.inject(self.provider, self.trouble, now)
        self.provider.requests.clear()
        self.call(refresh_quotes)
        self.report.refreshes += 1
        requests = len(self.provider.asked(faults.QUOTE))
        self.report.requests += requests
        if (requests != 1 and is_healthy) or requests > 2:
            self.report.extra.append(f"{now}: {requests} requests, {self.trouble}")
        self.report.crumbs += len(self.provider.asked(faults.CRUMB)) + len(self.provider.asked(faults.COOKIE))
        faults.tell(self.provider, now)
        self.health = SourceHealth.objects.get(source="yahoo")
        self.rows = strip.read()

    def idle(self, now: datetime) -> None:
        """The task itself finds that nothing is due."""
        self.provider.requests.clear()
        self.call(refresh_quotes)
        if self.provider.asked(faults.QUOTE):
            self.report.exceptions.append(f"{now}: asked though nothing was due")

    def call(self, task: object) -> None:
        try:
            task()
        except Exception as error:
            self.report.exceptions.append(repr(error))

    def look(self, now: datetime) -> None:
        """At each tick, but while the market is shut every five minutes."""
        if market.state_at(now) == "closed" and self.report.ticks % 20:
            return
        text, wrong = witness.look(self.rows, now)
        self.report.blank += text == witness.BLANK
        self.report.untrue += [f"{now}: {words}" for words in wrong]
        self.report.labels[text.split()[0].strip(",")] += 1

    def history(self, ticker: str) -> Iterator[tuple[int, float]]:
        """The provider's closes from before the run to its end; it tells only those that are past."""
        for found in market.sessions(self.start.date() - timedelta(days=30), market.DAY):
            if found.closes_at > self.end:
                return
            yield int(found.opens_at.timestamp()), tape.close(ticker, found.closes_at)


def planned(start: datetime, end: datetime) -> int:
    """How many refreshes the calendar asks for: by state each 60 s or 5 min, and once when a day has settled."""
    count = 0
    for found in market.sessions(start.date(), market.DAY):
        if found.pre_at >= end:
            return count
        count += (found.opens_at - found.pre_at) // EVERY["pre"] + (found.closes_at - found.opens_at) // EVERY["open"]
        count += (found.ends_at - found.closes_at) // EVERY["post"] + 1
    return count


def untrue_closes(start: datetime, end: datetime) -> list[str]:
    """Closes of the run's days that are not the tape's, or lack."""
    wrong = []
    for symbol in Symbol.objects.all():
        kept = dict(symbol.closes_since(start.date()).values_list("day", "close"))
        for found in market.sessions(start.date(), market.DAY):
            if found.ends_at + timedelta(hours=1) > end:
                break
            if float(kept.get(found.day, 0)) != tape.close(symbol.ticker, found.closes_at):
                wrong.append(f"{symbol} {found.day} {kept.get(found.day)}")
    return wrong
