"""Quotes of Finnhub (finnhub.io/docs/api), by its REST API and a key whose contract allows the figures to be shown.

It answers one symbol a request: 14 symbols a minute are within the 60 requests a minute of its free plan.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.utils import timezone

from tickers import market
from tickers.sources import Close, Reading, answers
from tickers.sources.answers import dig, moment, money

QUOTE_URL = "https://finnhub.io/api/v1/quote"
NOT_OURS = {403, 404}  # A symbol outside the contract; all of them together count as a failure.


class Finnhub:
    """It states no delay and not what the market does, so the state is that of our own clock."""

    name: ClassVar[str] = "finnhub"

    def __init__(self, budget_s: float = 24) -> None:
        self.budget_s = budget_s

    def fetch(self, tickers: Sequence[str]) -> Iterator[Reading]:
        from tickers.sources.session import BoundedSession

        with BoundedSession(headers={"X-Finnhub-Token": settings.FINNHUB_KEY}) as session:
            session.start(self.budget_s)
            for ticker in tickers:
                if found := reading(ticker, get(session, ticker)):
                    yield found

    def closes(self, ticker: str, since: date) -> Iterator[Close]:
        """None: Finnhub sells its daily closes (`/stock/candle`) apart. Charts grow from the day’s quotes instead."""
        return iter(())


def get(session: Any, ticker: str) -> Any:
    """The answer about one symbol, or None if it is not ours to ask."""
    from curl_cffi.requests.exceptions import RequestException

    from tickers.sources.session import explain

    try:
        # A redirect would take the key with it to another host.
        response = session.get(QUOTE_URL, params={"symbol": ticker.replace("-", ".")}, allow_redirects=False)
    except RequestException as error:
        raise explain("Finnhub", error) from error
    if response.status_code in NOT_OURS:
        return None
    if response.status_code != 200:
        raise answers.failure("Finnhub", response.status_code, session.retry_after)
    return answers.parse("Finnhub", response.text)


def reading(ticker: str, answer: Any) -> Reading | None:
    """`c` is the current price, `pc` the previous close, `t` the time; for a symbol that it does not know all are 0."""
    price, previous_close, as_of = money(dig(answer, "c")), money(dig(answer, "pc")), moment(dig(answer, "t"))
    if not price or not previous_close or not as_of:
        return None
    return Reading(ticker, price, previous_close, as_of, 0, market.state_at(timezone.now()), Finnhub.name)
