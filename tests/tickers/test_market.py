import warnings
from datetime import UTC, date, datetime, timedelta

import exchange_calendars
import pytest

from tickers.figures import MARKET_ZONE
from tickers.market import (
    PRE,
    is_trading_day,
    last_close,
    last_session,
    last_traded,
    moves_since,
    next_change,
    session,
    state_at,
)

DAY = timedelta(days=1)
# A Wednesday; Thanksgiving and its half day; a weekend; Christmas Eve; a closure that no rule tells.
MOMENTS = [
    ("2026-11-18 03:59:59", "closed", "2026-11-17 16:00", "2026-11-18 04:00"),
    ("2026-11-18 04:00:00", "pre", "2026-11-17 16:00", "2026-11-18 09:30"),
    ("2026-11-18 09:29:59", "pre", "2026-11-17 16:00", "2026-11-18 09:30"),
    ("2026-11-18 09:30:00", "open", "2026-11-17 16:00", "2026-11-18 16:00"),
    ("2026-11-18 15:59:59", "open", "2026-11-17 16:00", "2026-11-18 16:00"),
    ("2026-11-18 16:00:00", "post", "2026-11-18 16:00", "2026-11-18 20:00"),
    ("2026-11-18 19:59:59", "post", "2026-11-18 16:00", "2026-11-18 20:00"),
    ("2026-11-18 20:00:00", "closed", "2026-11-18 16:00", "2026-11-19 04:00"),
    ("2026-11-25 23:00:00", "closed", "2026-11-25 16:00", "2026-11-27 04:00"),
    ("2026-11-26 12:00:00", "closed", "2026-11-25 16:00", "2026-11-27 04:00"),
    ("2026-11-27 12:59:59", "open", "2026-11-25 16:00", "2026-11-27 13:00"),
    ("2026-11-27 13:00:00", "post", "2026-11-27 13:00", "2026-11-27 17:00"),
    ("2026-11-27 17:00:00", "closed", "2026-11-27 13:00", "2026-11-30 04:00"),
    ("2026-11-29 12:00:00", "closed", "2026-11-27 13:00", "2026-11-30 04:00"),
    ("2026-12-24 14:00:00", "post", "2026-12-24 13:00", "2026-12-24 17:00"),
    ("2025-01-09 12:00:00", "closed", "2025-01-08 16:00", "2025-01-10 04:00"),
]


def new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MARKET_ZONE)


@pytest.mark.parametrize(("moment", "state", "closed", "changes"), MOMENTS)
def test_the_clock_tells_state_last_close_and_next_change(moment: str, state: str, closed: str, changes: str):
    for zone in (MARKET_ZONE, UTC):
        at = new_york(moment).astimezone(zone)
        assert (state_at(at), last_close(at), next_change(at)) == (state, new_york(closed), new_york(changes))


def test_the_hours_are_new_yorks_on_both_sides_of_a_change_of_clocks():
    assert state_at(datetime(2026, 3, 6, 14, 30, tzinfo=UTC)) == "open"  # Friday before, UTC−5
    assert state_at(datetime(2026, 3, 6, 14, 29, tzinfo=UTC)) == "pre"
    assert state_at(datetime(2026, 3, 9, 13, 30, tzinfo=UTC)) == "open"  # Monday after, UTC−4
    assert state_at(datetime(2026, 11, 2, 13, 30, tzinfo=UTC)) == "pre"  # Monday after the way back
    assert next_change(datetime(2026, 3, 7, 2, tzinfo=UTC)) == datetime(2026, 3, 9, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "close"),
    [
        ("2026-11-18 12:00", "2026-11-17 16:00"),
        ("2026-11-18 16:00", "2026-11-17 16:00"),
        ("2026-11-19 09:00", "2026-11-17 16:00"),
        ("2026-11-22 12:00", "2026-11-19 16:00"),  # On Sunday the moves shown are Friday's.
        ("2026-11-23 09:30", "2026-11-20 16:00"),
    ],
)
def test_moves_are_since_the_close_before_the_last_trading(moment: str, close: str):
    assert moves_since(new_york(moment)) == new_york(close)


def test_the_market_was_last_traded_now_while_it_is_open_and_else_at_the_close():
    assert last_traded(new_york("2026-11-18 12:00")) == new_york("2026-11-18 12:00")
    assert last_traded(new_york("2026-11-18 09:00")) == new_york("2026-11-17 16:00")
    assert last_session(new_york("2026-11-18 09:00")).day == date(2026, 11, 17)


@pytest.fixture(scope="module")
def nyse() -> exchange_calendars.ExchangeCalendar:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # It uses what pandas is about to change.
        return exchange_calendars.get_calendar("XNYS", start="2013-01-01", end="2040-12-31")


def test_every_day_from_2013_to_2040_is_as_exchange_calendars_has_it(nyse):
    theirs = {
        opens_at.date(): (opens_at.to_pydatetime(), closes_at.to_pydatetime())
        for opens_at, closes_at in zip(nyse.opens, nyse.closes, strict=True)
    }
    days = [date(2013, 1, 1) + DAY * n for n in range((date(2041, 1, 1) - date(2013, 1, 1)).days)]
    ours = {day: (found.opens_at, found.closes_at) for day in days if (found := session(day))}
    assert ours == theirs
    assert [day for day in days if is_trading_day(day)] == sorted(theirs)


def test_every_session_begins_at_four_and_after_hours_last_four():
    for n in range(365):
        if found := session(date(2026, 1, 1) + DAY * n):
            assert found.pre_at.time() == PRE
            assert found.ends_at - found.closes_at == timedelta(hours=4)
