"""Invented quotes for trying Forecourt out: the recorded prices, moved at random at all hours and in all years.

A price follows from ticker and time alone, so it goes on where it was after a restart and in any process, and charts,
closes and quotes agree.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from hashlib import blake2b
from typing import ClassVar

from django.utils import timezone

from tickers import market
from tickers.sources import Close, Reading
from tickers.sources.recorded import recording

STEP_S = 15
DAY_S = 86_400
# Periods, in days, of the walk that a price is on, from 19 minutes to two years. The longer the wider, as a share's own
# do: VOLATILITY is for one day, and it grows with the square root of time.
PERIODS = [1.7 * 2.0**octave for octave in range(-7, 10)]
VOLATILITY = 0.011
JITTER = 0.0012  # Share of the price by which each step is off the walk.


class Simulated:
    name: ClassVar[str] = "simulated"

    def fetch(self, tickers: Sequence[str]) -> Iterable[Reading]:
        now = timezone.now()
        known = recording()
        return [moved(known[ticker], now) for ticker in tickers if ticker in known]

    def closes(self, ticker: str, since: date) -> Iterator[Close]:
        now = timezone.now()
        for session in market.sessions(since, market.DAY):
            if ticker not in recording() or session.closes_at > now:
                return
            yield Close(ticker, session.day, price(recording()[ticker], session.closes_at))


def points(ticker: str, since: datetime, until: datetime, every: timedelta) -> Iterator[tuple[datetime, Decimal]]:
    """What the quotes of these times would have been, so that the demo's charts have days to draw at once."""
    while since < until and ticker in recording():
        yield since, price(recording()[ticker], since)
        since += every


def moved(reading: Reading, now: datetime) -> Reading:
    """The reading as it might be now. It is traded at all hours, so what it has moved by is since the last close."""
    now_costs, cost = price(reading, now), price(reading, market.last_close(now))
    return replace(reading, price=now_costs, previous_close=cost, as_of=now, market_state="open", source="simulated")


def price(reading: Reading, at: datetime) -> Decimal:
    seconds = at.timestamp()
    jitter = JITTER * chance(reading.ticker, STEP_S, seconds // STEP_S)
    factor = math.exp(walk(reading.ticker, seconds / DAY_S) + jitter)
    return (reading.price * Decimal(factor)).quantize(Decimal("0.0001"))


def walk(ticker: str, days: float) -> float:
    """Where the share has wandered by this day, as a logarithm: noise of every period, straight between its nodes."""
    total = 0.0
    for period in PERIODS:
        node, way = divmod(days / period, 1)
        start, end = chance(ticker, period, node), chance(ticker, period, node + 1)
        total += VOLATILITY * math.sqrt(period) * (start + (end - start) * way)
    return total


@lru_cache(maxsize=100_000)
def chance(ticker: str, period: float, node: float) -> float:
    """A number between −1 and 1, always the same for the same arguments."""
    digest = blake2b(f"{ticker} {period} {node}".encode(), digest_size=8).digest()
    return int.from_bytes(digest) / 2**63 - 1
