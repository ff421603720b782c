"""Reading what a source answers: figures exactly as they are written, failures in plain words."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from tickers.retry_after import retry_after
from tickers.sources import SourceFailed

WORDS = {
    401: "refused us: we are not known, or no more (401)",
    403: "refused us: we may not ask this (403)",
    429: "says that we ask too often (429)",
}


def parse(name: str, text: str) -> Any:
    """The JSON of an answer. Numbers never pass through floating point; what is no JSON is a failure."""
    try:
        return json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=Decimal)
    except (ValueError, RecursionError, ArithmeticError):
        kind = "a web page" if text.lstrip().startswith("<") else "something that is not JSON"
        raise SourceFailed(f"{name} answered with {kind} instead of figures") from None


def dig(answer: Any, *path: str | int) -> Any:
    """What an answer has at this path, or None if any part of the way is not there."""
    for step in path:
        try:
            answer = answer[step]
        except (KeyError, IndexError, TypeError):
            return None
    return answer


def rows(answer: Any) -> list[Any]:
    return answer if isinstance(answer, list) else []


def money(figure: Any) -> Decimal | None:
    """A figure of an answer as money, to the four decimals that we keep; None for what is no finite number."""
    if not isinstance(figure, Decimal) or not figure.is_finite() or abs(figure) >= 10**9:
        return None
    return figure.quantize(Decimal("0.0001"))


def moment(figure: Any) -> datetime | None:
    """A figure of an answer as seconds since 1970; None for what is no time between 1970 and 2100."""
    if not isinstance(figure, Decimal) or not figure.is_finite() or not 0 < figure < 4_102_444_800:
        return None
    return datetime.fromtimestamp(int(figure), UTC)


def failure(name: str, status: int, wait: str | None) -> SourceFailed:
    """What an answer with this status of HTTP means for us; `wait` is its Retry-After."""
    other = "is in trouble" if status >= 500 else "does not understand us" if status >= 400 else "sends us elsewhere"
    return SourceFailed(f"{name} {WORDS.get(status, f'{other} ({status})')}", retry_after(wait or "") or timedelta())
