"""The real yfinance against a provider on loopback that answers, and fails, as Yahoo does."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from tests.make import NOON
from tests.tickers.provider import CRUMB, Answer, Provider, always, row
from tickers.sources import ask
from tickers.sources.yahoo import BATCH, Yahoo

FC, CRUMB_AT, QUOTE = (
    "fc.yahoo.com/",
    "query1.finance.yahoo.com/v1/test/getcrumb",
    "query1.finance.yahoo.com/v7/finance/quote",
)


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def read(*tickers: str) -> dict[str, Any]:
    readings, failure = ask(Yahoo(), tickers)
    assert failure is None, failure
    return {reading.ticker: reading for reading in readings}


def test_all_symbols_come_in_one_request_once_cookie_and_crumb_are_there(provider: Provider):
    tickers = ["TSLA", "GM", "F", "RIVN", "CYD", "HMC", "TM", "CVNA", "PAG", "LAD", "AN", "GPI", "ABG", "SAH"]
    for ticker in tickers:
        provider.rows[ticker] = row(ticker)
    assert list(read(*tickers)) == tickers
    assert provider.asked() == [FC, FC, CRUMB_AT, QUOTE]
    provider.requests.clear()
    assert list(read(*tickers)) == tickers
    assert provider.asked() == [QUOTE]


def test_more_symbols_than_a_batch_come_in_two_requests(provider: Provider):
    tickers = [f"T{number}" for number in range(BATCH + 10)]
    for ticker in tickers:
        provider.rows[ticker] = row(ticker)
    assert list(read(*tickers)) == tickers
    asked = [request.query["symbols"].count(",") + 1 for request in provider.requests if "/v7/" in request.path]
    assert asked == [50, 10]


def test_figures_are_read_exactly_as_they_are_written(provider: Provider):
    body = (
        b'{"quoteResponse": {"result": [{"symbol": "TSLA", "currency": "USD", "marketState": "REGULAR",'
        b'"regularMarketPrice": 319.80100000000001, "regularMarketPreviousClose": 322,'
        b'"regularMarketTime": 1795018800, "exchangeDataDelayedBy": 15}]}}'
    )
    provider.faults["/v7/"] = always(Answer(body))
    (reading,) = read("TSLA").values()
    assert (reading.price, reading.previous_close) == (Decimal("319.8010"), Decimal("322.0000"))
    assert (reading.as_of, reading.delay_s) == (datetime.fromtimestamp(1795018800, UTC), 900)


@pytest.mark.parametrize(
    ("state", "ours"),
    [
        ("PREPRE", "closed"),
        ("PRE", "pre"),
        ("REGULAR", "open"),
        ("POST", "post"),
        ("POSTPOST", "closed"),
        ("CLOSED", "closed"),
        ("LUNCH", "open"),  # What we do not know, our own clock tells.
        (None, "open"),
    ],
)
def test_the_state_of_the_market_is_told_in_our_words(provider: Provider, state: str | None, ours: str):
    provider.rows["TSLA"] = row("TSLA", marketState=state, postMarketPrice=1.0, preMarketPrice=1.0)
    (reading,) = read("TSLA").values()
    assert (reading.market_state, reading.price) == (ours, Decimal("319.801"))


@pytest.mark.parametrize("minutes", [None, "soon", -1, 10**9, float("nan")])
def test_a_delay_that_is_not_stated_is_taken_for_a_long_one(provider: Provider, minutes: Any):
    provider.rows["TSLA"] = row("TSLA", exchangeDataDelayedBy=minutes)
    assert read("TSLA")["TSLA"].delay_s == 900


NOT_TAKEN = [
    {"regularMarketPrice": None},
    {"regularMarketPrice": float("nan")},
    {"regularMarketPrice": float("inf")},
    {"regularMarketPrice": "319.80"},
    {"regularMarketPrice": 1e300},
    {"regularMarketPreviousClose": None},
    {"regularMarketPreviousClose": float("nan")},
    {"regularMarketTime": None},
    {"regularMarketTime": float("nan")},
    {"regularMarketTime": -(10**18)},
    {"currency": "EUR"},
    {"symbol": ["TSLA"]},
    {"symbol": None},
]


@pytest.mark.parametrize("fields", NOT_TAKEN, ids=str)
def test_a_row_without_its_figures_is_left_out_and_the_others_stay(provider: Provider, fields: dict[str, Any]):
    provider.rows["TSLA"] = {**row("TSLA"), **fields}
    provider.rows["GM"] = row("GM")
    assert list(read("TSLA", "GM")) == ["GM"]


def test_a_delisted_symbol_is_left_out(provider: Provider):
    provider.rows["GM"] = row("GM")
    assert list(read("FSR", "GM")) == ["GM"]


def test_a_ticker_with_a_dot_has_a_dash_at_yahoo(provider: Provider):
    provider.rows["BRK-B"] = row("BRK-B")
    assert list(read("BRK.B")) == ["BRK.B"]


def test_a_crumb_that_is_refused_is_fetched_anew_within_the_same_refresh(provider: Provider):
    provider.rows["TSLA"] = row("TSLA")
    stale = iter([Answer(b"a stale crumb")])
    provider.faults["query1.finance.yahoo.com/v1/test/getcrumb"] = lambda request: next(stale)
    provider.faults["guce.yahoo.com"] = always(
        Answer(b'<input name="csrfToken" value="x"><input name="sessionId" value="y">')
    )
    assert list(read("TSLA")) == ["TSLA"]
    assert [request.query["crumb"] for request in provider.requests if "/v7/" in request.path] == [
        "a stale crumb",
        CRUMB,
    ]


def test_a_cookie_without_an_end_will_do(provider: Provider):
    provider.rows["TSLA"] = row("TSLA")
    provider.faults[FC] = always(Answer(headers={"Set-Cookie": "A3=d=abc; Domain=.yahoo.com; Path=/; Secure"}))
    assert list(read("TSLA")) == ["TSLA"]


def test_a_cookie_server_that_hangs_leaves_time_for_another_way(provider: Provider):
    provider.rows["TSLA"] = row("TSLA")
    provider.faults[FC] = always(Answer(pause_s=9))
    cookie = {"Set-Cookie": "A3=d=abc; Domain=.yahoo.com; Path=/; Max-Age=600; Secure"}
    form = b'<input name="csrfToken" value="x"><input name="sessionId" value="y">'
    provider.faults["guce.yahoo.com"] = always(Answer(form, headers=cookie))
    readings, _ = ask(Yahoo(budget_s=1.5), ["TSLA"])
    assert [reading.ticker for reading in readings] == ["TSLA"]


def test_nothing_is_kept_on_the_disk(provider: Provider):
    from yfinance import cache

    provider.rows["TSLA"] = row("TSLA")
    read("TSLA")
    list(Yahoo().closes("TSLA", NOON.date()))
    assert (cache._CookieDBManager._db, cache._TzDBManager._db) == (None, None)
