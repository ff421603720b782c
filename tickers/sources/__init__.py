"""Where quotes come from: one module for each source, chosen by settings.QUOTES."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import ClassVar, Protocol, cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import import_string

LEAST_MONEY, MONEY_LIMIT = Decimal("0.0001"), Decimal(10) ** 9


@dataclass(frozen=True)
class Reading:
    """What a source says of one symbol. Money is in US dollars.

    `as_of` (aware) is the time the source gives for the price, `delay_s` the delay in seconds that it states, and
    `market_state` one of Quote.MarketState.
    """

    ticker: str
    price: Decimal
    previous_close: Decimal
    as_of: datetime
    delay_s: int
    market_state: str
    source: str

    def is_sound(self) -> bool:
        """Whether the money is a number, above zero and within what a quote can hold."""
        return all(m.is_finite() and LEAST_MONEY <= m < MONEY_LIMIT for m in (self.price, self.previous_close))


class Source(Protocol):
    """A source of quotes. `poll_s` is how many seconds a browser should wait between two looks at our copy."""

    poll_s: ClassVar[int]

    def fetch(self, tickers: Sequence[str]) -> Iterable[Reading]:
        """Read these tickers, at most one reading for each; a ticker that the source does not know is left out."""


NONE, IDLE_POLL_S = "none", 3600
# Dotted names, so that a source's library is loaded in the worker that uses it and nowhere else.
SOURCES = {
    "recorded": "tickers.sources.recorded.Recorded",
    "simulated": "tickers.sources.simulated.Simulated",
}


def configured() -> Source | None:
    """The source that the operator chose, or None for no refresh; ImproperlyConfigured says what is wrong."""
    name = settings.QUOTES
    if name == NONE:
        return None
    if name not in SOURCES:
        raise ImproperlyConfigured(f"QUOTES={name} names no source of quotes.")
    if name not in possible():
        raise ImproperlyConfigured(f"QUOTES={name} shows invented prices, and this site is public (SITE_URL is https).")
    return cast(Source, import_string(SOURCES[name])())


def possible() -> list[str]:
    """The names that QUOTES may have on this site."""
    return [name for name in (*SOURCES, NONE) if not (name == "simulated" and settings.IS_HTTPS)]


def next_poll_s() -> int:
    """How many seconds a browser should wait before it looks for new figures."""
    name = SOURCES.get(settings.QUOTES)
    return cast(type[Source], import_string(name)).poll_s if name else IDLE_POLL_S
