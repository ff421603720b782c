import time
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client

from tests import make
from tests.make import NOON
from tickers.models import Quote
from tickers.quotes_json import MEMO_S, shared

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    """Time stands still unless a test moves it, and the process has no copy yet."""
    shared.forget()
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock
    shared.forget()


def quote(ticker: str = "TSLA", **fields) -> Quote:
    defaults = {"source": "wire", "delay_s": 900, "as_of": NOON, "refreshed_at": NOON}
    return make.quote(make.symbol(ticker), **{**defaults, **fields})


def test_the_quotes_are_told_as_readers_see_them(client: Client, settings):
    settings.QUOTES = "simulated"
    quote(source="simulated", delay_s=0)
    response = client.get("/quotes.json")
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == {
        "as_of": "2026-11-18T17:00:00Z",
        "status": "Simulated prices, not the market’s",
        "status_short": "Simulated",
        "next_poll_s": 15,
        "quotes": {
            "TSLA": {"price": "319.80", "change": "2.25", "percent": "−0.70 %", "direction": "down", "note": ""},
        },
    }


def test_without_quotes_it_is_empty_but_whole(client: Client):
    assert client.get("/quotes.json").json() == {
        "as_of": None,
        "status": "",
        "status_short": "",
        "next_poll_s": 3600,
        "quotes": {},
    }


def test_anyone_may_keep_it_for_a_moment_and_nobody_gets_a_cookie(client: Client, settings):
    settings.QUOTES = "simulated"
    response = client.get("/quotes.json")
    assert response.headers["Cache-Control"] == "public, max-age=5, stale-if-error=600"
    assert not response.cookies
    assert not response.has_header("Vary")


def test_requests_within_a_second_share_one_query(client: Client, django_assert_num_queries):
    quote()
    with django_assert_num_queries(1):
        assert {client.get("/quotes.json").content for _ in range(10)} == {client.get("/quotes.json").content}
    time.sleep(MEMO_S)
    with django_assert_num_queries(1):
        client.get("/quotes.json")


@pytest.mark.parametrize("count", [1, 3])
def test_it_takes_one_query_however_many_symbols(client: Client, count: int, django_assert_num_queries):
    for ticker in ["TSLA", "GM", "F"][:count]:
        quote(ticker)
    with django_assert_num_queries(1):
        assert len(client.get("/quotes.json").json()["quotes"]) == count


@pytest.fixture
def take_down(transactional_db, monkeypatch):
    """Calling it takes Postgres out of reach, by the address it is looked for at."""

    def take_down() -> None:
        monkeypatch.setitem(connection.settings_dict, "HOST", "/nowhere")
        connection.close()

    yield take_down
    connection.close()


def test_the_last_copy_serves_while_postgres_is_down_and_grows_stale_by_the_clock(client: Client, clock, take_down):
    quote()
    before = client.get("/quotes.json").json()
    take_down()
    clock.shift(timedelta(hours=1))
    time.sleep(MEMO_S)
    response = client.get("/quotes.json")
    assert response.status_code == 200
    assert response.json()["quotes"] == before["quotes"]
    assert (before["status"], response.json()["status"]) == (
        "Delayed 15 min, as of 12:00 p.m. ET",
        "Stale, as of 12:00 p.m. ET",
    )


def test_without_a_copy_and_without_postgres_it_says_so(client: Client, take_down):
    take_down()
    response = client.get("/quotes.json")
    assert (response.status_code, response.headers["Cache-Control"]) == (503, "no-store")
    assert response.json() == {"error": "The quotes cannot be read now."}


def test_it_may_only_be_read(client: Client):
    assert client.post("/quotes.json").status_code == 405
