"""The recorded quotes: real prices of one session, told as what they are."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, time
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import ClassVar

from tickers.figures import MARKET_ZONE
from tickers.sources import Reading

FILE = Path(__file__).parent.parent / "data" / "recorded.json"


class Recorded:
    poll_s: ClassVar[int] = 3600

    def fetch(self, tickers: Sequence[str]) -> Iterable[Reading]:
        known = recording()
        return [known[ticker] for ticker in tickers if ticker in known]


@cache
def recording() -> dict[str, Reading]:
    """Every recorded reading by its ticker. The minute was not recorded, so noon stands for the session."""
    file = json.loads(FILE.read_text())
    as_of = datetime.combine(datetime.fromisoformat(file["session_date"]), time(12), MARKET_ZONE)
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
        for row in file["quotes"]
    }
