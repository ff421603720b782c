from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from tests.make import NOON
from tickers.status import Status, latest, note, status


@dataclass(frozen=True)
class Told:
    source: str = "wire"
    as_of: datetime = NOON
    delay_s: int = 900
    market_state: str = "open"
    refreshed_at: datetime = NOON + timedelta(minutes=15)


OPEN = Told()
ANSWERED = OPEN.refreshed_at
FRIDAY_CLOSE = NOON + timedelta(days=2, hours=4)
CLOSED = Told(as_of=FRIDAY_CLOSE, market_state="closed", refreshed_at=FRIDAY_CLOSE + timedelta(minutes=20))
NEXT_WEEK = FRIDAY_CLOSE + timedelta(days=9)
AFTER = replace(OPEN, market_state="post")
BEFORE = replace(CLOSED, market_state="pre", refreshed_at=FRIDAY_CLOSE + timedelta(days=2))
minutes, days = (lambda n: timedelta(minutes=n)), (lambda n: timedelta(days=n))

TRUE = [
    (replace(OPEN, source="simulated"), ANSWERED, "Simulated prices, not the market’s", "Simulated"),
    (replace(OPEN, source="simulated"), ANSWERED + days(30), "Simulated prices, not the market’s", "Simulated"),
    (replace(OPEN, source="recorded"), ANSWERED, "Recorded Nov. 18", "Recorded 11/18/26"),
    (replace(OPEN, source="recorded"), ANSWERED + days(90), "Recorded Nov. 18, 2026", "Recorded 11/18/26"),
    (OPEN, ANSWERED, "Delayed 15 min, as of 12:00 p.m. ET", "Delayed 15 min"),
    (OPEN, ANSWERED + minutes(10), "Delayed 15 min, as of 12:00 p.m. ET", "Delayed 15 min"),
    (OPEN, ANSWERED + minutes(11), "Stale, as of 12:00 p.m. ET", "Stale, 12:00 p.m."),
    (OPEN, ANSWERED + days(1), "Stale, as of Wed 12:00 p.m. ET", "Stale, Wed 12:00 p.m."),
    (OPEN, ANSWERED + days(7), "Stale, as of Nov. 18", "Stale, Nov. 18"),
    (replace(OPEN, delay_s=0), ANSWERED, "As of 12:00 p.m. ET", "12:00 p.m. ET"),
    (replace(OPEN, delay_s=61), ANSWERED, "Delayed 2 min, as of 12:00 p.m. ET", "Delayed 2 min"),
    (AFTER, ANSWERED + minutes(20), "Delayed 15 min, as of 12:00 p.m. ET", "Delayed 15 min"),
    (AFTER, ANSWERED + minutes(21), "Stale, as of 12:00 p.m. ET", "Stale, 12:00 p.m."),
    (BEFORE, BEFORE.refreshed_at, "Delayed 15 min, as of Fri 4:00 p.m. ET", "Delayed 15 min"),
    (CLOSED, CLOSED.refreshed_at, "At close Fri", "Close Fri"),
    (CLOSED, CLOSED.refreshed_at + days(3), "At close Fri", "Close Fri"),
    (CLOSED, CLOSED.refreshed_at + days(6) + minutes(1), "Stale, as of Fri 4:00 p.m. ET", "Stale, Fri 4:00 p.m."),
    (replace(CLOSED, refreshed_at=NEXT_WEEK), NEXT_WEEK, "At close Nov. 20", "Close Nov. 20"),
]


@pytest.mark.parametrize(("told", "now", "text", "short"), TRUE)
def test_the_line_is_true(told: Told, now: datetime, text: str, short: str):
    assert status([told], now) == Status(text, short)


def test_the_line_tells_the_longest_delay_and_the_latest_price():
    quick, slow = replace(OPEN, delay_s=0, as_of=NOON + minutes(14)), replace(OPEN, delay_s=1200)
    assert status([slow, quick], ANSWERED).text == "Delayed 20 min, as of 12:14 p.m. ET"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (OPEN, ""),
        (replace(OPEN, as_of=NOON - minutes(40)), ""),  # Nobody traded it since, and the source has just said so.
        (replace(OPEN, refreshed_at=ANSWERED - minutes(10)), ""),
        (replace(OPEN, refreshed_at=ANSWERED - minutes(11), as_of=NOON - minutes(11)), "as of 11:49 a.m."),
        (replace(OPEN, refreshed_at=ANSWERED - days(1), as_of=NOON - days(1)), "as of Tue 12:00 p.m."),
        (replace(OPEN, source="simulated", refreshed_at=ANSWERED - minutes(1)), "simulated"),
        (replace(OPEN, source="recorded", refreshed_at=ANSWERED - minutes(1)), "recorded 11/18/26"),
    ],
)
def test_a_quote_that_the_line_is_not_true_of_says_so_itself(told: Told, words: str):
    newest = replace(OPEN, as_of=NOON + minutes(1))
    assert note(told, latest([told, newest]), ANSWERED) == words
    assert status([told, newest], ANSWERED).text == "Delayed 15 min, as of 12:01 p.m. ET"
