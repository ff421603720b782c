"""Builders for shares with a history, and a page's words."""

import re
from datetime import date, timedelta
from decimal import Decimal

from tests import make
from tests.make import NOON
from tickers.market import is_trading_day
from tickers.models import DailyClose, Point, Symbol

LAST_CLOSE = date(2026, 11, 17)


def share(ticker: str = "TSLA", *, days: int = 0, points: int = 0, listed: dict | None = None, **quote) -> Symbol:
    """A symbol with a quote of 12:44, closes of 100, 101, 102… to the day before, and points up to NOON."""
    symbol = make.symbol(ticker, **(listed or {}))
    times = {"as_of": NOON + timedelta(minutes=44), "refreshed_at": NOON + timedelta(minutes=59)}
    make.quote(symbol, **{"source": "wire", "delay_s": 900, **times, **quote})
    every_day = (LAST_CLOSE - timedelta(days=number) for number in range(days * 2))
    traded = sorted([day for day in every_day if is_trading_day(day)][:days])
    DailyClose.objects.bulk_create(
        DailyClose(symbol=symbol, day=day, close=100 + number) for number, day in enumerate(traded)
    )
    Point.objects.bulk_create(
        Point(symbol=symbol, at=NOON - timedelta(minutes=number), price=Decimal(320) - number)
        for number in range(points)
    )
    return symbol


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
