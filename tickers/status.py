"""What the strip says of its figures: one line for all of them, and a word on each that the line would not be true of.

Pure: rows and the time go in, words come out. Times are told in the market's zone, in AP style.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple, Protocol

from tickers.figures import MARKET_ZONE

# How long after the source's last answer its figures pass for current. A closed market has nothing new to say.
FRESH = {
    "open": timedelta(minutes=10),
    "pre": timedelta(minutes=20),
    "post": timedelta(minutes=20),
    "closed": timedelta(days=6),
}
BEHIND = timedelta(minutes=10)  # A symbol that missed the answers of so long a time is told apart from the rest.
MONTHS = ["Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."]


class Told(Protocol):
    """What has to be known of a quote to tell what it is."""

    @property
    def source(self) -> str: ...
    @property
    def as_of(self) -> datetime: ...
    @property
    def delay_s(self) -> int: ...
    @property
    def market_state(self) -> str: ...
    @property
    def refreshed_at(self) -> datetime: ...


class Status(NamedTuple):
    """The line beside the strip, in full and for a phone."""

    text: str
    short: str


def status(quotes: Sequence[Told], now: datetime) -> Status:
    """The line for these quotes, at least one; it tells of those that `note` has nothing to say about."""
    newest = latest(quotes)
    if newest.source == "simulated":
        return Status("Simulated prices, not the market’s", "Simulated")
    if newest.source == "recorded":
        day = newest.as_of.astimezone(MARKET_ZONE)
        return Status(f"Recorded {date(day, now)}", f"Recorded {day:%-m/%-d/%y}")
    if now - newest.refreshed_at > FRESH[newest.market_state]:
        return Status(f"Stale, as of {moment(newest.as_of, now, ' ET')}", f"Stale, {moment(newest.as_of, now)}")
    if newest.market_state == "closed":
        day_name = weekday(newest.as_of, now)
        return Status(f"At close {day_name}", f"Close {day_name}")
    delay_s = max(quote.delay_s for quote in quotes if not note(quote, newest, now))
    as_of = moment(newest.as_of, now, " ET")
    if not delay_s:
        return Status(f"As of {as_of}", as_of)
    delayed = f"Delayed {ceil(delay_s / 60)} min"
    return Status(f"{delayed}, as of {as_of}", delayed)


def latest(quotes: Sequence[Told]) -> Told:
    """The quote that the line is about: of the last answer, the one with the latest price."""
    return max(quotes, key=lambda quote: (quote.refreshed_at, quote.as_of))


def note(quote: Told, newest: Told, now: datetime) -> str:
    """What this quote is, if it is not what the newest one is; else nothing."""
    if quote.source == newest.source and newest.refreshed_at - quote.refreshed_at <= BEHIND:
        return ""
    if quote.source == "simulated":
        return "simulated"
    if quote.source == "recorded":
        return f"recorded {quote.as_of.astimezone(MARKET_ZONE):%-m/%-d/%y}"
    return f"as of {moment(quote.as_of, now)}"


def moment(time: datetime, now: datetime, zone: str = "") -> str:
    """2:31 p.m., or Fri 2:31 p.m. in the days after, or the date when it is longer ago."""
    local, today = time.astimezone(MARKET_ZONE), now.astimezone(MARKET_ZONE)
    clock = f"{local:%-I:%M} {'a.m.' if local.hour < 12 else 'p.m.'}{zone}"
    if local.date() == today.date():
        return clock
    if is_this_week(local, today):
        return f"{local:%a} {clock}"
    return date(local, now)


def weekday(time: datetime, now: datetime) -> str:
    """Fri, or the date when a weekday could be taken for a later one."""
    local, today = time.astimezone(MARKET_ZONE), now.astimezone(MARKET_ZONE)
    return f"{local:%a}" if is_this_week(local, today) else date(local, now)


def is_this_week(local: datetime, today: datetime) -> bool:
    return today.date() - local.date() < timedelta(days=7)


def date(local: datetime, now: datetime) -> str:
    """Nov. 13, with the year if it is another."""
    year = "" if local.year == now.astimezone(MARKET_ZONE).year else f", {local.year}"
    return f"{MONTHS[local.month - 1]} {local.day}{year}"
