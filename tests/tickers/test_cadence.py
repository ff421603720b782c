"""When a refresh is due, and when a browser should look."""

from collections import Counter
from datetime import datetime, timedelta

import pytest

from tickers.cadence import next_poll_s, refresh_is_due
from tickers.figures import MARKET_ZONE
from tickers.market import state_at

TICK = timedelta(seconds=15)


def new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MARKET_ZONE)


def refreshes(source: str, start: str, end: str, late_s: float = 0) -> list[datetime]:
    """When a source that always answers is asked, if somebody looks every 15 seconds; each tick may be late."""
    now, asked = new_york(start), []
    for number in range(int((new_york(end) - now) / TICK)):
        at = now + TICK * number + timedelta(seconds=late_s if number % 3 else 0)
        last = asked[-1] if asked else now - timedelta(days=4)
        if refresh_is_due(source, at, last, last):
            asked.append(at)
    return asked


@pytest.mark.parametrize("late_s", [0, 3, 6])
def test_a_day_is_asked_for_each_minute_while_open_and_each_five_around_it(late_s: float):
    asked = refreshes("yahoo", "2026-11-18 02:00", "2026-11-19 03:00", late_s)
    assert Counter(state_at(at) for at in asked) == {"pre": 66, "open": 390, "post": 48, "closed": 2}
    first, *_, last = asked
    assert (f"{first:%d %H:%M}", f"{last:%d %H:%M}") == ("18 02:00", "18 20:20")  # Four days old; settled.


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [
        ("2026-11-21 00:00", "2026-11-23 04:00", 1),  # A weekend that found nobody at home.
        ("2026-11-26 00:00", "2026-11-27 04:00", 1),  # Thanksgiving
        ("2026-11-27 04:00", "2026-11-28 04:00", 66 + 210 + 48 + 1),  # and its half day
    ],
)
def test_a_market_that_is_shut_is_asked_once(start: str, end: str, count: int):
    assert len(refreshes("yahoo", start, end)) == count


def test_simulated_quotes_move_with_each_tick_and_recorded_ones_never():
    assert len(refreshes("simulated", "2026-11-21 00:00", "2026-11-21 01:00", late_s=5)) == 240
    assert len(refreshes("recorded", "2026-11-18 09:00", "2026-11-18 17:00")) == 0


NOW = "2026-11-18 12:00:00"
SATURDAY = "2026-11-21 12:00:00"
CASES = [
    ("yahoo", NOW, None, None, True),  # never asked
    ("recorded", NOW, None, None, True),
    ("recorded", NOW, "2026-11-18 11:00:00", None, True),  # asked, but it did not answer
    ("recorded", NOW, "2026-11-18 11:00:00", "2026-11-18 11:00:00", False),
    ("yahoo", NOW, "2026-11-18 11:59:30", None, False),  # a failure is not asked faster
    ("yahoo", NOW, "2026-11-18 11:59:00", None, True),
    ("yahoo", NOW, "2026-11-18 12:30:00", None, True),  # the clock was set back
    ("yahoo", "2026-11-18 09:30:00", "2026-11-18 09:28:00", "2026-11-18 09:28:00", True),  # the bell
    ("yahoo", "2026-11-18 20:10:00", "2026-11-18 18:00:00", "2026-11-18 18:00:00", False),  # not all is out yet
    ("yahoo", "2026-11-18 20:20:00", "2026-11-18 19:59:00", "2026-11-18 19:59:00", True),
    ("yahoo", SATURDAY, "2026-11-20 20:20:00", "2026-11-20 20:20:00", False),
    ("yahoo", SATURDAY, "2026-11-20 20:20:00", "2026-11-20 19:55:00", True),  # the settling run has failed
    ("yahoo", SATURDAY, "2026-11-21 11:56:00", "2026-11-20 19:55:00", False),
    ("yahoo", SATURDAY, "2026-11-21 11:55:00", "2026-11-20 19:55:00", True),
]


@pytest.mark.parametrize(("source", "now", "asked", "answered", "is_due"), CASES)
def test_a_refresh_is_due(source: str, now: str, asked: str | None, answered: str | None, is_due: bool):
    asked_at, answered_at = asked and new_york(asked), answered and new_york(answered)
    assert refresh_is_due(source, new_york(now), asked_at, answered_at) is is_due


@pytest.mark.parametrize(
    ("source", "now", "seconds"),
    [
        ("yahoo", "2026-11-18 12:00", 60),
        ("yahoo", "2026-11-18 08:00", 300),
        ("yahoo", "2026-11-18 18:00", 300),
        ("yahoo", "2026-11-18 20:10", 300),  # It settles.
        ("yahoo", "2026-11-18 20:30", 3600),
        ("yahoo", "2026-11-19 02:59", 3600),
        ("yahoo", "2026-11-19 03:00", 300),  # It will open.
        ("yahoo", "2026-11-21 12:00", 3600),
        ("simulated", "2026-11-21 12:00", 15),
        ("recorded", "2026-11-18 12:00", 3600),
        ("none", "2026-11-18 12:00", 3600),
    ],
)
def test_browsers_look_as_often_as_there_is_something_new(source: str, now: str, seconds: int):
    assert next_poll_s(source, new_york(now)) == seconds


def test_a_browser_sees_the_first_prices_of_a_day_within_five_minutes():
    for minute in range(60):
        now = new_york("2026-11-19 02:00") + timedelta(minutes=minute)
        while state_at(now) == "closed":
            now += timedelta(seconds=next_poll_s("yahoo", now))
        assert now - new_york("2026-11-19 04:00") <= timedelta(minutes=5)
