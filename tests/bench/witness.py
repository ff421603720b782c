"""Whether the strip tells the truth: every cell and the line are held against the tape.

Of our code it trusts the calendar alone, which has a test of its own.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from tests.bench import tape
from tickers import market
from tickers.figures import MARKET_ZONE
from tickers.strip import Row, strip

TIMED = re.compile(r"(?P<claim>Delayed \d+ min, as of|As of|Stale, as of) (?P<time>.*?)(?: ET)?$")
CLOCK = re.compile(r"(?:(?P<day>\w{3}) )?(?P<hour>\d+):(?P<minute>\d\d) (?P<half>[ap])\.m\.$")
MINUTE = timedelta(minutes=1)
BLANK = "blank"
TOLERANCE = 10 * MINUTE  # How far behind the line a cell may be before it says so; how late a delayed price may be.


def look(rows: Sequence[Row], now: datetime) -> tuple[str, list[str]]:
    """The line that readers see now and what is untrue of the strip; it is “blank” if a cell lacks."""
    found = strip(rows, now)
    if found is None or len(found.cells) != len(tape.TICKERS):
        return BLANK, []
    shown = [row for row, cell in zip(rows, found.cells, strict=True) if not cell.note]
    return found.status.text, lies(found.status.text, shown, now)


def lies(text: str, shown: Sequence[Row], now: datetime) -> list[str]:
    if text.startswith("At close "):
        untrue = [row.ticker for row in shown if float(row.price) != tape.close(row.ticker, now)]
        day = f"{market.last_close(now):%a}"
        return [f"{ticker} is not at close" for ticker in untrue] + ([] if text == f"At close {day}" else [text])
    line = TIMED.match(text)
    if line is None:
        return [f"{text} makes no sense"]
    said = time_of(line["time"], now)
    return [*lies_of_line(line["claim"], said, shown, now), *lies_of_cells(shown, said)]


def lies_of_line(claim: str, said: datetime, shown: Sequence[Row], now: datetime) -> list[str]:
    newest = max(row.as_of for row in shown)
    if not said <= newest < said + MINUTE:
        return [f"{claim} {said}: the newest is of {newest}"]
    traded = market.last_traded(now - tape.DELAY - TOLERANCE)
    if claim != "Stale, as of" and said < traded - TOLERANCE:
        return [f"{claim} {said}, but it is {now}"]
    return []


def lies_of_cells(shown: Sequence[Row], said: datetime) -> list[str]:
    """A cell is of the line's time, or of the last sale until a little before it; and its price was paid."""
    wrong = []
    for row in shown:
        if float(row.price) != tape.price(row.ticker, row.as_of):
            wrong.append(f"{row.ticker} never was {row.price} at {row.as_of}")
        if row.as_of < tape.sold_at(row.ticker, said - TOLERANCE):
            wrong.append(f"{row.ticker} is of {row.as_of}, the line says {said}")
    return wrong


def time_of(words: str, now: datetime) -> datetime:
    """3:54 p.m., Fri 3:54 p.m. or Nov. 13, as readers take it."""
    local = now.astimezone(MARKET_ZONE)
    if found := CLOCK.match(words):
        hour = int(found["hour"]) % 12 + (12 if found["half"] == "p" else 0)
        at = local.replace(hour=hour, minute=int(found["minute"]), second=0, microsecond=0)
        while found["day"] and f"{at:%a}" != found["day"]:
            at -= timedelta(days=1)
        return at
    raise AssertionError(f"“{words}” is no time")
