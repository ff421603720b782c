"""The recorded quotes: real prices of one session, told as what they are."""

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, cast

from tickers import market
from tickers.figures import MARKET_ZONE
from tickers.sources import Close, Reading

FILE = Path(__file__).parent.parent / "data" / "recorded.json"


class Recorded:
    name: ClassVar[str] = "recorded"

    def fetch(self, tickers: Sequence[str]) -> Iterable[Reading]:
        known = recording()
        return [known[ticker] for ticker in tickers if ticker in known]

    def closes(self, ticker: str, since: date) -> Iterable[Close]:
        """The one close that was recorded: that of the trading day before."""
        known = recording().get(ticker)
        day_before = next(market.sessions(session_day() - timedelta(days=1), -timedelta(days=1))).day
        return [Close(ticker, day_before, known.previous_close)] if known and day_before >= since else []


@cache
def file() -> dict[str, Any]:
    return cast(dict[str, Any], json.loads(FILE.read_text()))


def session_day() -> date:
    return date.fromisoformat(file()["session_date"])


@cache
def recording() -> dict[str, Reading]:
    """Every recorded reading by its ticker. The minute was not recorded, so noon stands for the session."""
    as_of = datetime.combine(session_day(), time(12), MARKET_ZONE)
    return {
        row["ticker"]: Reading(
            ticker=row["ticker"],
            price=Decimal(row["price"]),
            previous_close=Decimal(row["previous_close"]),
            as_of=as_of,
            delay_s=0,
            market_state="closed",
            source="recorded",
        )
        for row in file()["quotes"]
    }
