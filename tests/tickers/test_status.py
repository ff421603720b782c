from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from tests.make import NOON
from tickers.figures import MARKET_ZONE
from tickers.status import Status, latest, note, status


@dataclass(frozen=True)
class Told:
    source: str = "wire"
    as_of: datetime = NOON
    delay_s: int = 900
    refreshed_at: datetime = NOON + timedelta(minutes=15)


OPEN = Told()
ANSWERED = OPEN.refreshed_at
minutes, days = (lambda n: timedelta(minutes=n)), (lambda n: timedelta(days=n))

WHILE_OPEN = [
    (replace(OPEN, source="simulated"), ANSWERED, "Simulated prices, not the market’s", "Simulated"),
    (replace(OPEN, source="simulated"), ANSWERED + days(30), "Simulated prices, not the market’s", "Simulated"),
    (replace(OPEN, source="recorded"), ANSWERED, "Recorded Nov. 18", "Recorded 11/18/26"),
    (replace(OPEN, source="recorded"), ANSWERED + days(90), "Recorded Nov. 18, 2026", "Recorded 11/18/26"),
    (OPEN, ANSWERED, "Delayed 15 min, as of 12:00 p.m. ET", "Delayed 15 min"),
    (OPEN, ANSWERED + minutes(10), "Delayed 15 min, as of 12:00 p.m. ET", "Delayed 15 min"),
    (OPEN, ANSWERED + minutes(11), "Stale, as of 12:00 p.m. ET", "Stale, 12:00 p.m."),
    (OPEN, ANSWERED + days(1), "Stale, as of Wed 12:00 p.m. ET", "Stale, Wed 12:00 p.m."),
    (OPEN, ANSWERED + days(7), "Stale, as of Nov. 18", "Stale, Nov. 18"),
    (replace(OPEN, delay_s=0), NOON + minutes(1), "As of 12:00 p.m. ET", "12:00 p.m. ET"),
    (replace(OPEN, delay_s=0), NOON + minutes(11), "Stale, as of 12:00 p.m. ET", "Stale, 12:00 p.m."),
    (replace(OPEN, delay_s=901), ANSWERED, "Delayed 16 min, as of 12:00 p.m. ET", "Delayed 16 min"),
    # It answers, but with the price of long ago.
    (
        replace(OPEN, refreshed_at=NOON + minutes(90)),
        NOON + minutes(90),
        "Stale, as of 12:00 p.m. ET",
        "Stale, 12:00 p.m.",
    ),
]


@pytest.mark.parametrize(("told", "now", "text", "short"), WHILE_OPEN)
def test_the_line_is_true(told: Told, now: datetime, text: str, short: str):
    assert status([told], now) == Status(text, short)


# The price's time, when it was read, the time now (all in New York), the line. Fri Nov. 20, 2026 is a plain Friday;
# Thu Nov. 26 is Thanksgiving, the day after it ends at 1 p.m.; the clocks go forward on Sun Mar. 8, back on Sun Nov. 1.
FRIDAY = "2026-11-20 16:00"
AROUND_THE_CLOSE = [
    # Delayed by 15 minutes, the close is told at 4:15.
    ("2026-11-20 15:50", "2026-11-20 16:05", "2026-11-20 16:05", "Delayed 15 min, as of 3:50 p.m. ET"),
    ("2026-11-20 15:59", "2026-11-20 16:14", "2026-11-20 16:14", "Delayed 15 min, as of 3:59 p.m. ET"),
    (FRIDAY, "2026-11-20 16:15", "2026-11-20 16:15", "At close Fri"),
    ("2026-11-20 16:09", "2026-11-20 16:30", "2026-11-20 16:30", "At close Fri"),
    # The source went quiet before it had told the close, or once it had.
    ("2026-11-20 15:54", "2026-11-20 16:09", "2026-11-20 16:19", "Delayed 15 min, as of 3:54 p.m. ET"),
    ("2026-11-20 15:54", "2026-11-20 16:09", "2026-11-20 16:21", "Stale, as of 3:54 p.m. ET"),
    ("2026-11-20 15:54", "2026-11-20 16:09", "2026-11-21 12:00", "Stale, as of Fri 3:54 p.m. ET"),
    (FRIDAY, "2026-11-20 16:15", "2026-11-22 12:00", "At close Fri"),
    # A quiet share was last sold before the close; a source that stands still has not told it.
    ("2026-11-20 15:57", "2026-11-20 20:20", "2026-11-21 12:00", "At close Fri"),
    ("2026-11-20 15:57", "2026-11-20 17:00", "2026-11-20 17:00", "Delayed 15 min, as of 3:57 p.m. ET"),
    ("2026-11-20 11:00", "2026-11-20 20:20", "2026-11-21 12:00", "Stale, as of Fri 11:00 a.m. ET"),
    # After hours: a price of its own time, and no delay any more once all is told.
    ("2026-11-20 17:30", "2026-11-20 17:45", "2026-11-20 17:45", "Delayed 15 min, as of 5:30 p.m. ET"),
    ("2026-11-20 17:30", "2026-11-20 17:45", "2026-11-20 18:06", "Stale, as of 5:30 p.m. ET"),
    ("2026-11-20 19:59", "2026-11-20 20:20", "2026-11-20 22:00", "As of 7:59 p.m. ET"),
    ("2026-11-20 19:59", "2026-11-20 20:20", "2026-11-21 12:00", "As of Fri 7:59 p.m. ET"),
    # Before hours and the first minutes of the next session, then no longer.
    (FRIDAY, "2026-11-23 04:00", "2026-11-23 04:00", "At close Fri"),
    (FRIDAY, "2026-11-20 20:20", "2026-11-23 09:29", "At close Fri"),
    (FRIDAY, "2026-11-23 09:45", "2026-11-23 09:49", "At close Fri"),
    (FRIDAY, "2026-11-23 09:51", "2026-11-23 09:51", "Stale, as of Fri 4:00 p.m. ET"),
    (FRIDAY, "2026-11-20 20:20", "2026-11-23 20:30", "Stale, as of Fri 4:00 p.m. ET"),
    ("2026-11-19 16:00", "2026-11-20 20:20", "2026-11-21 12:00", "Stale, as of Thu 4:00 p.m. ET"),
    # A holiday changes nothing; the half day after it does, at 1:20.
    ("2026-11-25 16:00", "2026-11-25 20:20", "2026-11-26 14:00", "At close Wed"),
    ("2026-11-25 16:00", "2026-11-25 20:20", "2026-11-27 09:40", "At close Wed"),
    ("2026-11-25 16:00", "2026-11-25 20:20", "2026-11-27 14:00", "Stale, as of Wed 4:00 p.m. ET"),
    ("2026-11-27 13:00", "2026-11-27 13:15", "2026-11-27 13:15", "At close Fri"),
    ("2026-11-27 13:00", "2026-11-27 17:20", "2026-11-29 12:00", "At close Fri"),
    # Christmas 2026 is a Friday: from Thursday 1 p.m. to Monday.
    ("2026-12-24 13:00", "2026-12-24 17:20", "2026-12-28 09:00", "At close Thu"),
    # Both changes of the clocks.
    ("2026-03-06 16:00", "2026-03-06 20:20", "2026-03-09 09:45", "At close Fri"),
    ("2026-03-06 16:00", "2026-03-06 20:20", "2026-03-09 09:51", "Stale, as of Fri 4:00 p.m. ET"),
    ("2026-10-30 16:00", "2026-10-30 20:20", "2026-11-02 09:45", "At close Fri"),
    ("2026-10-30 16:00", "2026-10-30 20:20", "2026-11-02 09:51", "Stale, as of Fri 4:00 p.m. ET"),
]


def new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MARKET_ZONE)


@pytest.mark.parametrize(("as_of", "read", "now", "text"), AROUND_THE_CLOSE)
def test_the_line_is_true_around_a_close(as_of: str, read: str, now: str, text: str):
    told = Told(as_of=new_york(as_of), refreshed_at=new_york(read))
    assert status([told], new_york(now)).text == text


def test_the_line_tells_the_longest_delay_and_the_latest_price():
    quick, slow = replace(OPEN, delay_s=0, as_of=NOON + minutes(14)), replace(OPEN, delay_s=1200)
    assert status([slow, quick], ANSWERED).text == "Delayed 20 min, as of 12:14 p.m. ET"


def test_at_the_close_a_symbol_that_missed_it_says_so_and_one_that_nobody_sold_does_not():
    read = new_york("2026-11-20 16:15")
    newest = Told(as_of=new_york(FRIDAY), refreshed_at=read)
    quiet = Told(as_of=new_york("2026-11-20 15:48"), refreshed_at=read)
    missed = Told(as_of=new_york("2026-11-20 15:55"), refreshed_at=read - minutes(5))
    assert [note(told, newest, read) for told in (newest, quiet, missed)] == ["", "", "as of 3:55 p.m."]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (OPEN, ""),
        (replace(OPEN, as_of=NOON - minutes(29)), ""),  # Nobody traded it since, and the source has just said so.
        (replace(OPEN, as_of=NOON - minutes(30)), "as of 11:30 a.m."),  # Or its row lags behind the others.
        (replace(OPEN, as_of=NOON - days(1)), "as of Tue 12:00 p.m."),  # Nobody has traded it today.
        (replace(OPEN, as_of=NOON - days(40)), "as of Oct. 9"),
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
