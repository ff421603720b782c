"""What really happened in the market: the tape that the provider tells, late, and that the strip is checked against."""

import math
from datetime import datetime, timedelta
from typing import Any

from tests.tickers.provider import row
from tickers import market

TICKERS = ["TSLA", "GM", "F", "RIVN", "CYD", "HMC", "TM", "CVNA", "PAG", "LAD", "AN", "GPI", "ABG", "SAH"]
QUIET = {"CYD": timedelta(minutes=7)}  # Sold so seldom; the others each minute.
DELAY = timedelta(minutes=15)
STATES = {"open": "REGULAR", "pre": "PRE", "post": "POST", "closed": "CLOSED"}


def sold_at(ticker: str, moment: datetime) -> datetime:
    """When the ticker was last sold in regular hours; the closing auction comes a second after the bell."""
    at = market.last_traded(moment - timedelta(seconds=1))
    if market.state_at(at) != "open":
        return at + timedelta(seconds=1)
    opened_at = market.session(market.market_day(at)).opens_at
    every = QUIET.get(ticker, timedelta(minutes=1))
    return opened_at + (at - opened_at) // every * every


def price(ticker: str, sale: datetime) -> float:
    """In cents, and another one each minute."""
    minutes = sale.timestamp() // 60
    base = 40 + 20 * TICKERS.index(ticker)
    return round(base * (1 + 0.06 * math.sin(minutes / 2_000) + 0.01 * math.sin(minutes / 7)), 2)


def close(ticker: str, moment: datetime) -> float:
    """The last close at this moment."""
    return price(ticker, market.last_close(moment) + timedelta(seconds=1))


def told(ticker: str, now: datetime) -> dict[str, Any]:
    """The ticker's row as a provider with the delay of the exchange's data gives it now."""
    sale = sold_at(ticker, now - DELAY)
    return row(
        ticker,
        price(ticker, sale),
        close(ticker, sale - timedelta(seconds=2)),
        regularMarketTime=int(sale.timestamp()),
        exchangeDataDelayedBy=15,
        marketState=STATES[market.state_at(now)],
    )
