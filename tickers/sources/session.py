"""The HTTP session of the real sources: bounded in time, in size and in where it goes.

Load it only in the worker: it is made of curl_cffi, the library that yfinance speaks with.
"""

import time
from typing import Any

from curl_cffi import CurlECode, CurlOpt
from curl_cffi.requests import Response, Session
from curl_cffi.requests.exceptions import RequestException, Timeout

from tickers.sources import SourceFailed

LONGEST_BODY = 1024 * 1024  # After decompression; 50 quotes are about 150 kB, and so are five years of closes.
LIMITS = {
    CurlOpt.MAXFILESIZE_LARGE: LONGEST_BODY,
    CurlOpt.PROTOCOLS_STR: "https",  # For redirects too.
}
WORDS: dict[int, str] = {
    CurlECode.OPERATION_TIMEDOUT: "did not answer in time",
    CurlECode.FILESIZE_EXCEEDED: "sent more than an answer can be",
    CurlECode.TOO_MANY_REDIRECTS: "sends us in a circle",
    CurlECode.UNSUPPORTED_PROTOCOL: "sends us to an address without https",
    CurlECode.PEER_FAILED_VERIFICATION: "has a certificate that we do not trust",
}


class BoundedSession(Session[Response]):
    """All requests since `start` share one budget of time, whatever time-out a caller asks for or forgets.

    One request gets a third of it, so that a first one that hangs leaves time for another way. curl counts a time-out
    over the whole transfer, redirects too, so a drip is bounded as a hang is. A time limit of Celery would not do:
    its signal waits until curl returns. `retry_after` is the last such header, `is_too_often` whether there was a 429.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(curl_options=LIMITS, max_redirects=5, **options)
        self.start(0)

    def start(self, budget_s: float) -> None:
        self._ends_at, self._longest_s = time.monotonic() + budget_s, budget_s / 3
        self.retry_after: str | None = None
        self.is_too_often = False

    def request(self, method: Any, url: str, **options: Any) -> Response:  # type: ignore[override]
        left_s = min(self._ends_at - time.monotonic(), self._longest_s)
        if left_s < 0.01:  # A time-out of 0 would mean none.
            raise Timeout("The time for this refresh is used up.", CurlECode.OPERATION_TIMEDOUT)
        response = super().request(method, url, **{**options, "timeout": left_s})
        self.retry_after = response.headers.get("Retry-After") or self.retry_after
        self.is_too_often |= response.status_code == 429
        return response


def explain(name: str, error: Exception) -> SourceFailed:
    """What an exception of a request means, in plain words."""
    if not isinstance(error, RequestException):
        return SourceFailed(f"{name} answered in a way that we do not know ({type(error).__name__})")
    return SourceFailed(f"{name} {WORDS.get(error.code, f'cannot be reached (curl {int(error.code)})')}")
