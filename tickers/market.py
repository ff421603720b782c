"""The clock of the New York Stock Exchange, whose hours Nasdaq keeps too: pure functions of a day or a moment.

Hours and holidays are those of NYSE Rule 7.2 and its published calendars, by rule, so they hold for the years to come;
`UNSCHEDULED` lists what no rule tells. They are true from 2013 on. Moments are aware; days are days of New York.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Literal, NamedTuple

from tickers.figures import MARKET_ZONE

State = Literal["open", "pre", "post", "closed"]

PRE, OPEN, CLOSE, POST_END = time(4), time(9, 30), time(16), time(20)
HALF_CLOSE, HALF_POST_END = time(13), time(17)
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = range(7)
DAY = timedelta(days=1)
CLOSING = timedelta(minutes=10)  # The closing auction's price may bear a time so long after the close.
# Days that the exchange closed for a cause of their own; add a day here when it announces one.
UNSCHEDULED = {
    date(2018, 12, 5),  # mourning of George H. W. Bush
    date(2025, 1, 9),  # mourning of Jimmy Carter
}


class Session(NamedTuple):
    """One trading day: before hours from `pre_at`, regular trading from `opens_at` to `closes_at`, then after hours."""

    day: date
    pre_at: datetime
    opens_at: datetime
    closes_at: datetime
    ends_at: datetime


def state_at(moment: datetime) -> State:
    """What the market does at this moment; an hour belongs to what begins with it."""
    today = session(market_day(moment))
    if today is None or not today.pre_at <= moment < today.ends_at:
        return "closed"
    if moment < today.opens_at:
        return "pre"
    return "open" if moment < today.closes_at else "post"


def last_close(moment: datetime) -> datetime:
    """When regular trading last ended, at or before this moment."""
    return last_session(moment).closes_at


def last_session(moment: datetime) -> Session:
    """The last day whose regular trading has ended at this moment."""
    return next(found for found in sessions(market_day(moment), -DAY) if found.closes_at <= moment)


def last_traded(moment: datetime) -> datetime:
    """The last moment of regular trading so far: this one while the market is open, else the last close."""
    return moment if state_at(moment) == "open" else last_close(moment)


def moves_since(moment: datetime) -> datetime:
    """The close that a share's move is measured from: the one before this day's trading, or before the last."""
    return last_close(last_traded(moment) - timedelta(seconds=1))


def next_change(moment: datetime) -> datetime:
    """When `state_at` will next tell another state."""
    return next(at for found in sessions(market_day(moment), DAY) for at in found[1:] if at > moment)


def sessions(day: date, step: timedelta) -> Iterator[Session]:
    """The sessions from this day on, or back."""
    while True:
        if found := session(day):
            yield found
        day += step


@lru_cache(maxsize=64)  # The clock asks about the same few days all the time.
def session(day: date) -> Session | None:
    """The trading of this day, or None if the market is shut."""
    if not is_trading_day(day):
        return None
    is_half = is_half_day(day)
    hours = (PRE, OPEN, HALF_CLOSE if is_half else CLOSE, HALF_POST_END if is_half else POST_END)
    return Session(day, *(datetime.combine(day, hour, MARKET_ZONE) for hour in hours))


def is_trading_day(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in holidays(day.year) and day not in UNSCHEDULED


def is_half_day(day: date) -> bool:
    """Whether a trading day ends at 1 p.m.: before Independence Day and Christmas, and after Thanksgiving."""
    if day == nth(day.year, 11, THURSDAY, 4) + DAY:
        return True
    return (day.month, day.day) in {(7, 3), (12, 24)} and day.weekday() <= THURSDAY


def market_day(moment: datetime) -> date:
    return moment.astimezone(MARKET_ZONE).date()


@lru_cache(maxsize=16)
def holidays(year: int) -> frozenset[date]:
    """The days of this year on which the exchange rests, as observed."""
    new_year = date(year, 1, 1)
    found = {
        # A Saturday's New Year is not kept on the Friday before, for that ends a year of accounts.
        new_year + DAY if new_year.weekday() == SUNDAY else new_year,
        nth(year, 1, MONDAY, 3),  # Martin Luther King Jr.
        nth(year, 2, MONDAY, 3),  # Washington
        easter(year) - 2 * DAY,  # Good Friday
        nth(year, 6, MONDAY, 1) - 7 * DAY,  # Memorial Day, the last Monday of May
        observed(date(year, 7, 4)),
        nth(year, 9, MONDAY, 1),  # Labor Day
        nth(year, 11, THURSDAY, 4),  # Thanksgiving
        observed(date(year, 12, 25)),
    }
    if year >= 2022:
        found.add(observed(date(year, 6, 19)))  # Juneteenth
    return frozenset(found)


def observed(day: date) -> date:
    """A Saturday's holiday is kept on Friday, a Sunday's on Monday."""
    return day - DAY if day.weekday() == SATURDAY else day + DAY if day.weekday() == SUNDAY else day


def nth(year: int, month: int, weekday: int, count: int) -> date:
    """The first, second… of this weekday in the month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))


def easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar, by the rule of Meeus, Jones and Butcher."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)
