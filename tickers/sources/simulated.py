"""Invented quotes for trying Forecourt out: the recorded prices, moved at random at all hours."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from random import Random
from typing import ClassVar

from django.utils import timezone

from tickers.sources import Reading
from tickers.sources.recorded import recording

STEP_S = 15
# (share of the price, period in seconds): a slow swell, a wave and a ripple, which together stay within ±3.2 %.
WAVES = [(0.02, 5_820), (0.008, 1_020), (0.003, 250)]
JITTER = 0.001


class Simulated:
    poll_s: ClassVar[int] = STEP_S

    def fetch(self, tickers: Sequence[str]) -> Iterable[Reading]:
        now = timezone.now()
        known = recording()
        return [moved(known[ticker], now) for ticker in tickers if ticker in known]


def moved(reading: Reading, now: datetime) -> Reading:
    """The reading as it might be now.

    The price follows from ticker and time alone, so it goes on where it was after a restart and in any process.
    """
    factor = Decimal(1 + drift(reading.ticker, now.timestamp()))
    price = (reading.price * factor).quantize(Decimal("0.0001"))
    return replace(reading, price=price, as_of=now, market_state="open", source="simulated")


def drift(ticker: str, seconds: float) -> float:
    """By how much of itself a price is off its recorded value at this time."""
    phases = Random(ticker)  # noqa: S311 - nothing secret.
    swell = sum(share * math.sin(math.tau * (seconds / period + phases.random())) for share, period in WAVES)
    return swell + JITTER * Random(f"{ticker} {seconds // STEP_S}").uniform(-1, 1)  # noqa: S311
