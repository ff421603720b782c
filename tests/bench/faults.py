"""What goes wrong with a provider of quotes: with a whole answer, or with single rows of it, and then for some time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.bench import tape
from tests.tickers.provider import Answer, Provider, always

QUOTE, CRUMB, COOKIE = "/v7/finance/quote", "/getcrumb", "fc.yahoo.com"
Rows = dict[str, dict[str, Any]]

ANSWERS = {
    "quote: 429": (QUOTE, Answer(b"Too Many Requests", 429)),
    "quote: 429, come back in 20 min": (QUOTE, Answer(b"Too Many Requests", 429, {"Retry-After": "1200"})),
    "quote: 500": (QUOTE, Answer(b"<h1>Oops</h1>", 500)),
    "quote: crumb refused": (QUOTE, Answer.of({"finance": {"error": {"code": "Unauthorized"}}}, 401)),
    "quote: half a JSON": (QUOTE, Answer(b'{"quoteResponse": {"result": [{"symbol": "TS')),
    "quote: a web page": (QUOTE, Answer(b"<html><title>Yahoo</title></html>")),
    "quote: empty": (QUOTE, Answer(b"")),
    "quote: no rows": (QUOTE, Answer.of({"quoteResponse": {"result": [], "error": None}})),
    "quote: null": (QUOTE, Answer(b"null")),
    "quote: cut off": (QUOTE, Answer(cut=True)),
    "consent page": (QUOTE, Answer(b"", 302, {"Location": "https://consent.yahoo.com/v2/collectConsent"})),
    "everything down": ("", Answer(cut=True)),
}
# These take as long as we wait, in true time, so they come once each, and only in the long run.
SLOW = {
    "quote: hangs": (QUOTE, Answer(pause_s=60)),
    "quote: drips": (QUOTE, Answer(b" " * 1000, drip_s=0.5)),
}


def without(rows: Rows, ticker: str, now: datetime) -> None:
    del rows[ticker]


def nulls(rows: Rows, ticker: str, now: datetime) -> None:
    rows[ticker]["regularMarketPrice"] = None


def not_a_number(rows: Rows, ticker: str, now: datetime) -> None:
    rows[ticker]["regularMarketPrice"] = float("nan")


def zero(rows: Rows, ticker: str, now: datetime) -> None:
    rows[ticker]["regularMarketPrice"] = 0


def jump(rows: Rows, ticker: str, now: datetime) -> None:
    rows[ticker]["regularMarketPrice"] *= 10


def of_tomorrow(rows: Rows, ticker: str, now: datetime) -> None:
    rows[ticker]["regularMarketTime"] = int(now.timestamp()) + 86_400
    rows[ticker]["regularMarketPrice"] += 1


def of_an_hour_ago(rows: Rows, ticker: str, now: datetime) -> None:
    rows[ticker] = tape.told(ticker, now - timedelta(hours=1))


def all_of_an_hour_ago(rows: Rows, ticker: str, now: datetime) -> None:
    rows.update({name: tape.told(name, now - timedelta(hours=1)) for name in rows})


def half_of_them(rows: Rows, ticker: str, now: datetime) -> None:
    for name in list(rows)[::2]:
        del rows[name]


ROWS: dict[str, Callable[[Rows, str, datetime], None]] = {
    "row: missing": without,
    "row: null": nulls,
    "row: NaN": not_a_number,
    "row: zero": zero,
    "row: ten times the price": jump,
    "row: of tomorrow": of_tomorrow,
    "row: of an hour ago": of_an_hour_ago,
    "rows: all of an hour ago": all_of_an_hour_ago,
    "rows: half of them missing": half_of_them,
}


def tell(provider: Provider, now: datetime) -> None:
    """All well: the tape, as it can be known now."""
    provider.fault, provider.faults = None, {}
    provider.rows = {ticker: tape.told(ticker, now) for ticker in tape.TICKERS}


@dataclass
class Trouble:
    """A fault of rows may last; a jump does not, for a price that is seen twice is believed."""

    kind: str
    ticker: str
    ends_at: datetime

    @classmethod
    def by_chance(cls, kind: str, now: datetime, random: Random) -> "Trouble":
        minutes = random.choice([0, 0, 20, 60]) if kind in ROWS and ROWS[kind] is not jump else 0
        return cls(kind, random.choice(tape.TICKERS), now + timedelta(minutes=minutes))


def inject(provider: Provider, trouble: Trouble, now: datetime) -> None:
    kind = trouble.kind
    if kind in ROWS:
        ROWS[kind](provider.rows, trouble.ticker, now)
        return
    where, answer = {**ANSWERS, **SLOW}[kind]
    if where:
        provider.faults = {where: always(answer)}
    else:
        provider.fault = always(answer)
