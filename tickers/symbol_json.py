"""What `/markets/<symbol>.json` tells: one share's quote, its daily closes, and the points of its last day."""

from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from tickers.figures import MARKET_ZONE, rounded
from tickers.market import market_day
from tickers.models import Quote, Symbol
from tickers.quotes_json import iso
from tickers.status import status

YEARS = timedelta(days=5 * 365 + 2)


def content(symbol: Symbol, now: datetime) -> dict[str, Any]:
    """In two queries, besides that of the symbol with its company and quote."""
    quote: Quote | None = getattr(symbol, "quote", None)
    last = market_day(quote.as_of if quote else now)
    closes = symbol.closes_since(market_day(now) - YEARS).values_list("day", "close")
    midnight = datetime.combine(last, time(0), MARKET_ZONE)
    points = symbol.points_since(midnight).values_list("at", "price")
    return {
        "symbol": symbol.ticker,
        "company": symbol.company.name,
        "quote": told(quote, now) if quote else None,
        "closes": [[day.isoformat(), money(close)] for day, close in closes],
        "points": [[iso(at), money(price)] for at, price in points],
    }


def told(quote: Quote, now: datetime) -> dict[str, Any]:
    change = quote.price - quote.previous_close
    return {
        "price": money(quote.price),
        "previous_close": money(quote.previous_close),
        "change": money(change),
        "percent": money(change / quote.previous_close * 100),
        "as_of": iso(quote.as_of),
        "status": status([quote], now).text,
    }


def money(value: Decimal) -> str:
    """Two decimals, a point, and an ASCII minus: for programs, where the pages write for readers."""
    return str(rounded(value))
