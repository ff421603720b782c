"""yfinance's client of Yahoo, kept from its traps. Load it only in the worker: it costs about 95 MB."""

import logging
from collections.abc import Collection, Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from curl_cffi.requests import Response
from yfinance import cache as yfinance_cache  # type: ignore[import-untyped]
from yfinance.data import YfData  # type: ignore[import-untyped]
from yfinance.exceptions import YFRateLimitError  # type: ignore[import-untyped]

from tickers.sources import SourceFailed, answers
from tickers.sources.session import BoundedSession, explain

# What they warn of ends in one line of ours and on the source's health.
for name in ("yfinance", "bs4.dammit"):
    logging.getLogger(name).setLevel(logging.CRITICAL)
# Cookies live and die with the process: on the disk a bad one would outlive every restart, for a year.
yfinance_cache._CookieCacheManager._Cookie_cache = yfinance_cache._CookieCacheDummy()


@cache
def client() -> "Client":
    """The client of this process; its cookie and crumb serve every request for as long as all goes well."""
    return Client()


class Client:
    def __init__(self) -> None:
        self._forget()

    def _forget(self) -> None:
        """Begin afresh. A refused crumb or cookie, or a 429 kept in the crumb's place, would be sent for ever."""
        self._session = BoundedSession(impersonate="chrome")
        self._data = YfData(session=self._session)  # There is one for a process; it takes up the new session.
        self._data._crumb = self._data._cookie = None
        self._data._cookie_strategy = "basic"

    def start(self, budget_s: float) -> None:
        """From here on all requests together may take this long."""
        self._session.start(budget_s)

    def get(self, url: str, params: Mapping[str, Any], nothing_there: Collection[int] = ()) -> Any:
        """The JSON of this address, None for a status that means that nothing is there; else SourceFailed."""
        try:
            response = self._ask(url, params)
            if response.status_code in nothing_there:
                self._forget()  # For yfinance has changed its ways to get at the answer.
                return None
            found = read(response, self._session)
        except SourceFailed:
            self._forget()
            raise
        self._data._cookie = True  # Else yfinance fetches one anew for each request, as it keeps it on disk only.
        return found

    def _ask(self, url: str, params: Mapping[str, Any]) -> Response:
        try:
            response: Response = self._data.get(url, params=dict(params))
        except YFRateLimitError:
            raise answers.failure("Yahoo", 429, self._session.retry_after) from None
        except Exception as error:  # Whatever yfinance makes of an answer that it does not expect.
            raise explain("Yahoo", error) from error
        return response


def read(response: Response, session: BoundedSession) -> Any:
    host = urlsplit(response.url).hostname or ""
    if host.startswith(("consent.", "guce.")):
        raise SourceFailed("Yahoo wants its terms accepted on a web page")
    if response.status_code != 200:
        # Where only the crumb was refused with a 429, yfinance goes on without one and is then not known.
        status = 429 if session.is_too_often else response.status_code
        raise answers.failure("Yahoo", status, session.retry_after)
    return answers.parse("Yahoo", response.text)
