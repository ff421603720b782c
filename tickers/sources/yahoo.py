"""Quotes and closes of Yahoo, by yfinance. Yahoo's terms are for personal use: the operator answers for the choice.

yfinance and what it brings cost about 95 MB, so they are loaded at the first request, which only the worker makes. Its
`YfData` is used for what it knows best (cookie, crumb, consent, the look of a browser), in one request for all symbols;
its tables would cost a request for each symbol and make floats of the prices.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import quote

from django.utils import timezone

from tickers import market
from tickers.figures import MARKET_ZONE
from tickers.sources import Close, Reading, is_sound
from tickers.sources.answers import dig, moment, money, rows

if TYPE_CHECKING:
    from tickers.sources.yahoo_client import Client

QUOTES_URL = "https://query1.finance.yahoo.com/v7/finance/quote"
CHART_URL = "https://query2.finance.yahoo.com/v8/finance/chart/"
PLAIN = {"formatted": "false", "lang": "en-US", "region": "US"}
BATCH = 50
STATES = {"REGULAR": "open", "PRE": "pre", "POST": "post", "PREPRE": "closed", "POSTPOST": "closed", "CLOSED": "closed"}
UNSTATED_DELAY_S = 900  # Too late rather than too fresh, where Yahoo leaves it out.
NOTHING_THERE = {400, 404, 422}  # How the chart says that it has no such symbol, or none of its days.


class Yahoo:
    """Before and after hours the price stays that of regular trading, with its own time; only the state tells."""

    name: ClassVar[str] = "yahoo"

    def __init__(self, budget_s: float = 24) -> None:
        """`budget_s` is how long one `fetch` or `closes` may take in all, however many requests it needs."""
        self.budget_s = budget_s

    def fetch(self, tickers: Sequence[str]) -> Iterator[Reading]:
        get = self.client().get
        for start in range(0, len(tickers), BATCH):
            names = {yahoo_name(ticker): ticker for ticker in tickers[start : start + BATCH]}
            answer = get(QUOTES_URL, {"symbols": ",".join(names), **PLAIN})
            for row in rows(dig(answer, "quoteResponse", "result")):
                ticker = names.pop(str(dig(row, "symbol")), None)
                if ticker and (found := reading(ticker, row)):
                    yield found

    def closes(self, ticker: str, since: date) -> Iterator[Close]:
        """Adjusted for all splits until now: after a split every earlier close is another one than before it."""
        get = self.client().get
        now = timezone.now()
        begin = datetime.combine(since, time(), MARKET_ZONE)
        period = {"period1": int(begin.timestamp()), "period2": int(now.timestamp())}
        url = CHART_URL + quote(yahoo_name(ticker))
        answer = get(url, {**period, "interval": "1d"}, NOTHING_THERE)
        chart = dig(answer, "chart", "result", 0)
        figures = zip(days(chart), rows(dig(chart, "indicators", "quote", 0, "close")), strict=False)
        by_day = {day: close for day, figure in figures if day and (close := money(figure)) and is_sound(close)}
        for day in sorted(by_day):
            if since <= day < market.market_day(now):
                yield Close(ticker, day, by_day[day])

    def client(self) -> "Client":
        from tickers.sources.yahoo_client import client

        client().start(self.budget_s)
        return client()


def yahoo_name(ticker: str) -> str:
    return ticker.replace(".", "-")


def reading(ticker: str, row: Any) -> Reading | None:
    """A row of the answer, or None if a figure is missing, is none, or is not in dollars."""
    price, previous_close = money(dig(row, "regularMarketPrice")), money(dig(row, "regularMarketPreviousClose"))
    as_of = moment(dig(row, "regularMarketTime"))
    if price is None or previous_close is None or as_of is None or dig(row, "currency") not in (None, "USD"):
        return None
    state = STATES.get(str(dig(row, "marketState"))) or market.state_at(timezone.now())
    return Reading(ticker, price, previous_close, as_of, delay_s(dig(row, "exchangeDataDelayedBy")), state, Yahoo.name)


def delay_s(minutes: Any) -> int:
    """Yahoo states the delay in minutes."""
    if not isinstance(minutes, Decimal) or not minutes.is_finite() or not 0 <= minutes <= 24 * 60:
        return UNSTATED_DELAY_S
    return int(minutes * 60)


def days(chart: Any) -> Iterator[date | None]:
    """The day in New York of each row of a chart; the last row can be of this very moment."""
    for figure in rows(dig(chart, "timestamp")):
        at = moment(figure)
        yield market.market_day(at) if at else None
