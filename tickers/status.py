"""What the strip says of its figures: one line for all of them, and a word on each that the line would not be true of.

Pure: rows and the time go in, words come out. Times are told in the market's zone, in AP style. What the market does
is asked of its calendar, not of the quote: a source that has gone quiet cannot say that the market is open again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil
from typing import NamedTuple, Protocol

from tickers import market
from tickers.figures import MARKET_ZONE

# How long after the source's last answer its figures pass for current. A closed market has nothing new to say.
FRESH = {
    "open": timedelta(minutes=10),
    "pre": timedelta(minutes=20),
    "post": timedelta(minutes=20),
    "closed": timedelta.max,
}
GRACE = timedelta(minutes=5)  # How much later than the stated delay a price may come, and how quiet a share may be.
BEHIND = timedelta(minutes=10)  # A symbol that missed the answers of so long a time is told apart from the rest.
QUIET = timedelta(minutes=30)  # A price that is so much older than the newest is, too: nobody sold it, or the row lags.
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
    if is_stale(newest, now):
        return Status(f"Stale, as of {moment(newest.as_of, now, ' ET')}", f"Stale, {moment(newest.as_of, now)}")
    if is_of_last_close(newest, now):
        day_name = weekday(newest.as_of, now)
        return Status(f"At close {day_name}", f"Close {day_name}")
    delay_s = max(quote.delay_s for quote in quotes if not note(quote, newest, now))
    as_of = moment(newest.as_of, now, " ET")
    if not delay_s or not is_of_these_hours(newest, now):
        return Status(f"As of {as_of}", as_of)
    delayed = f"Delayed {ceil(delay_s / 60)} min"
    return Status(f"{delayed}, as of {as_of}", delayed)


def is_stale(quote: Told, now: datetime) -> bool:
    """Whether the market has traded since, for longer than delay and grace explain, or the source has gone quiet."""
    traded_at = market.last_traded(now - timedelta(seconds=quote.delay_s) - GRACE)
    if quote.as_of < traded_at - GRACE:
        return True
    is_quiet = now - quote.refreshed_at > FRESH[market.state_at(now)]
    return is_quiet and not is_of_last_close(quote, now)


def is_of_last_close(quote: Told, now: datetime) -> bool:
    """Whether the price is that of the market's last close: of its time, or the last one before it once all is told."""
    last = market.last_session(now)
    since = last.closes_at - GRACE if quote.refreshed_at >= last.ends_at else last.closes_at
    return since <= quote.as_of <= last.closes_at + market.CLOSING


def knows_close_or_needs_not(quote: Told, newest: Told, now: datetime) -> bool:
    """Whether the line does not speak of a close, or it was read so late that a last sale before it would be told."""
    knows_close = quote.refreshed_at >= market.last_close(now) + timedelta(seconds=quote.delay_s)
    return knows_close or not is_of_last_close(newest, now)


def is_of_these_hours(quote: Told, now: datetime) -> bool:
    """Whether new prices are to come now, before or after hours too, and this is one of them."""
    return market.state_at(now) != "closed" and market.market_day(quote.as_of) == market.market_day(now)


def latest(quotes: Sequence[Told]) -> Told:
    """The quote that the line is about: of the last answer, the one with the latest price."""
    return max(quotes, key=lambda quote: (quote.refreshed_at, quote.as_of))


def note(quote: Told, newest: Told, now: datetime) -> str:
    """What this quote is, if it is not what the newest one is; else nothing. A share that rests tells its time."""
    if quote.source == newest.source and newest.refreshed_at - quote.refreshed_at <= BEHIND:
        knows_as_much = quote.refreshed_at == newest.refreshed_at and quote.delay_s <= newest.delay_s
        is_near = newest.as_of - quote.as_of <= QUIET
        if is_near and (knows_as_much or knows_close_or_needs_not(quote, newest, now)):
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
