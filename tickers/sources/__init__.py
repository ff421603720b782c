"""Where quotes come from: one module for each source, chosen by settings.QUOTES."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import ClassVar, Protocol, cast

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.utils import timezone
from django.utils.module_loading import import_string

from tickers import cadence

log = logging.getLogger(__name__)
LEAST_MONEY, MONEY_LIMIT = Decimal("0.0001"), Decimal(10) ** 9


@dataclass(frozen=True)
class Reading:
    """What a source says of one symbol. Money is in US dollars.

    `as_of` (aware) is the time the source gives for the price, `delay_s` the delay in seconds that it states, and
    `market_state` one of `market.State`: told to the desk that tries a source; pages ask the calendar.
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
        return is_sound(self.price) and is_sound(self.previous_close)


@dataclass(frozen=True)
class Close:
    """What a symbol closed at on one trading day, in US dollars, adjusted for splits and not for dividends."""

    ticker: str
    day: date
    close: Decimal


def is_sound(money: Decimal) -> bool:
    return money.is_finite() and LEAST_MONEY <= money < MONEY_LIMIT


class SourceFailed(Exception):
    """A source did not give what it was asked for. It is told in plain words, for the desk to read.

    `retry_after` is how long the source wants to be left alone, as far as it says so.
    """

    def __init__(self, words: str, retry_after: timedelta = timedelta()) -> None:
        super().__init__(words)
        self.words, self.retry_after = words, retry_after


class KeyMissing(ImproperlyConfigured):
    """The chosen source asks for a key."""


class Source(Protocol):
    """A source of quotes. How often it is asked stands in `tickers/cadence.py`.

    Whatever goes wrong outside, both methods raise SourceFailed and nothing else, within half a minute.
    """

    name: ClassVar[str]

    def fetch(self, tickers: Sequence[str]) -> Iterable[Reading]:
        """Read these tickers, at most one reading for each; a ticker that the source does not know is left out.

        Readings that came before a failure are given, and then it is raised.
        """

    def closes(self, ticker: str, since: date) -> Iterable[Close]:
        """The closes of a ticker from this day on, in order, of completed days only; none if it is not known.

        The last days may be missing still, and a source that sells its history apart gives none at all.
        """


NONE = "none"
# Dotted names, so that a source's library is loaded in the worker that uses it and nowhere else.
SOURCES = {
    "recorded": "tickers.sources.recorded.Recorded",
    "simulated": "tickers.sources.simulated.Simulated",
    "yahoo": "tickers.sources.yahoo.Yahoo",
    "finnhub": "tickers.sources.finnhub.Finnhub",
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
    if name == "finnhub" and not settings.FINNHUB_KEY:
        raise KeyMissing("QUOTES=finnhub needs a key of Finnhub in FINNHUB_KEY, and there is none.")
    return cast(Source, import_string(SOURCES[name])())


def ask(source: Source, tickers: Sequence[str]) -> tuple[list[Reading], SourceFailed | None]:
    """What the source says of these tickers, and its failure, which may come after some readings. Raises nothing."""
    readings: list[Reading] = []
    try:
        for reading in source.fetch(tickers):
            readings.append(reading)
    except SourceFailed as failure:
        return readings, failure
    except Exception as error:
        log.exception("quotes: %s failed in a way that we do not know", source.name)
        return readings, SourceFailed(f"{source.name} failed in a way that we do not know: {error!r}")
    if tickers and not readings:
        return readings, SourceFailed(f"{source.name} answered, but has no price for any of our symbols")
    return readings, None


def possible() -> list[str]:
    """The names that QUOTES may have on this site."""
    return [name for name in (*SOURCES, NONE) if not (name == "simulated" and settings.IS_HTTPS)]


def next_poll_s() -> int:
    """How many seconds a browser should wait before it looks for new figures."""
    return cadence.next_poll_s(settings.QUOTES, timezone.now())
