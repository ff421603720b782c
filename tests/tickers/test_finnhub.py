"""Finnhub's REST API, as a provider on loopback answers it."""

import time
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine

from tests import make
from tests.make import NOON
from tests.tickers.provider import Answer, Fault, Provider, always, row
from tickers.models import Quote, SourceHealth
from tickers.sources import Reading
from tickers.sources.finnhub import Finnhub
from tickers.tasks import refresh

SHORT_S = 0.6


@pytest.fixture(autouse=True)
def at_noon(settings):
    settings.FINNHUB_KEY = "a key"
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def test_a_quote_is_read_exactly_with_its_own_time(provider: Provider):
    body = b'{"c": 319.80100000000001, "d": null, "pc": 322, "t": 1795018800}'
    provider.faults["finnhub.io"] = always(Answer(body))
    assert list(Finnhub().fetch(["TSLA"])) == [
        Reading("TSLA", Decimal("319.8010"), Decimal("322.0000"), NOON - timedelta(minutes=40), 0, "open", "finnhub")
    ]


def test_each_symbol_is_one_request_and_nothing_else(provider: Provider):
    for ticker in ["TSLA", "BRK-B"]:
        provider.rows[ticker] = row(ticker)
    assert [reading.ticker for reading in Finnhub().fetch(["TSLA", "BRK-B"])] == ["TSLA", "BRK-B"]
    assert [request.query["symbol"] for request in provider.requests] == ["TSLA", "BRK.B"]
    assert set(provider.asked()) == {"finnhub.io/api/v1/quote"}


def test_the_state_of_the_market_is_that_of_our_own_clock(provider: Provider, at_noon):
    provider.rows["TSLA"] = row("TSLA")
    states = []
    for hours in [-5, 0, 5, 10]:
        at_noon.move_to(NOON + timedelta(hours=hours))
        states += [reading.market_state for reading in Finnhub().fetch(["TSLA"])]
    assert states == ["pre", "open", "post", "closed"]


@pytest.mark.parametrize("status", [403, 404])
def test_a_symbol_outside_the_contract_is_left_out_and_the_others_stay(provider: Provider, status: int):
    provider.rows["GM"] = row("GM")
    always_first = iter([Answer(status=status)])
    provider.faults["finnhub.io"] = lambda request: next(always_first, None) or provider.well(request)
    assert [reading.ticker for reading in Finnhub().fetch(["7203.T", "GM"])] == ["GM"]


@pytest.mark.parametrize(
    "body", [b"{}", b"[]", b"null", b'{"c": NaN, "pc": 1, "t": 1795018800}', b'{"c": 1, "pc": 0, "t": 1}']
)
def test_an_answer_without_figures_is_left_out(provider: Provider, body: bytes):
    provider.faults["finnhub.io"] = always(Answer(body))
    assert list(Finnhub().fetch(["TSLA"])) == []


def to(address: str) -> Fault:
    return always(Answer(status=302, headers={"Location": address}))


FAULTS: dict[str, tuple[Fault, str]] = {
    "a wrong key": (always(Answer(status=401)), "Finnhub refused us: we are not known, or no more (401)"),
    "429": (always(Answer(status=429)), "Finnhub says that we ask too often (429)"),
    "500": (always(Answer(status=500)), "Finnhub is in trouble (500)"),
    "hang": (always(Answer(pause_s=9)), "Finnhub did not answer in time"),
    "drip": (always(Answer(b'{"c": 1}' * 9, drip_s=0.05)), "Finnhub did not answer in time"),
    "cut off": (always(Answer(cut=True)), "Finnhub cannot be reached (curl 56)"),
    "garbage": (always(Answer(b'{"c": 319.')), "Finnhub answered with something that is not JSON instead of figures"),
    "a page": (always(Answer(b"<html>")), "Finnhub answered with a web page instead of figures"),
    "endless": (always(Answer(endless=True)), "Finnhub sent more than an answer can be"),
    "a redirect": (to("https://elsewhere.example/"), "Finnhub sends us elsewhere (302)"),
}


@pytest.mark.parametrize("name", FAULTS)
@pytest.mark.django_db
def test_a_fault_leaves_the_last_good_quote_and_opens_the_breaker(provider: Provider, caplog, name: str):
    fault, words = FAULTS[name]
    make.quote(make.symbol("TSLA"), "300", source="finnhub", as_of=NOON - timedelta(minutes=9))
    provider.faults["finnhub.io"] = fault
    began = time.monotonic()
    refresh(Finnhub(SHORT_S))
    assert time.monotonic() - began < SHORT_S + 1
    quote, health = Quote.objects.get(), SourceHealth.objects.get()
    assert (quote.price, quote.as_of) == (Decimal(300), NOON - timedelta(minutes=9))
    assert (health.error, health.open_until) == (words, NOON + timedelta(minutes=5))
    assert caplog.messages == [f"quotes: 0 of 1 symbols refreshed: {words}"]
    assert len(provider.requests) == 1


@pytest.mark.django_db
def test_what_came_before_a_limit_is_kept_and_the_limit_is_obeyed(provider: Provider):
    for ticker in ["TSLA", "GM", "F"]:
        make.symbol(ticker)
        provider.rows[ticker] = row(ticker)
    provider.faults["finnhub.io"] = lambda request: (
        Answer(status=429, headers={"Retry-After": "900"}) if len(provider.requests) > 2 else provider.well(request)
    )
    refresh(Finnhub())
    assert Quote.objects.count() == 2
    assert SourceHealth.objects.get().open_until == NOON + timedelta(seconds=900)
