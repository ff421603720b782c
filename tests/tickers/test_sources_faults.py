"""What a provider can do wrong, each as the real yfinance meets it: no exception, no wrong price, no endless wait."""

import gzip
import time
from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine

from tests import make
from tests.make import NOON
from tests.tickers.provider import CRUMB, Answer, Fault, Provider, Request, always, row
from tickers.models import Quote, SourceHealth
from tickers.sources import SourceFailed, ask
from tickers.sources.yahoo import BATCH, Yahoo
from tickers.tasks import refresh, refresh_quotes

QUOTE = "query1.finance.yahoo.com/v7/finance/quote"
SHORT_S = 0.6  # What a refresh that will fail may take, so that a test need not wait longer.


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def to(address: str) -> Fault:
    return always(Answer(status=302, headers={"Location": address}))


def poisoned(request: Request) -> Answer:
    """Too many requests, at the crumb only: what yfinance takes for the crumb of all later requests."""
    return Answer(b"Too Many Requests\r\n", 429, {"Retry-After": "1200"})


CONSENT = "https://consent.yahoo.com/v2/collectConsent?sessionId=1"
PAGE = Answer(b"<!DOCTYPE html><html><body>Will be right back</body></html>", headers={"Content-Type": "text/html"})
BOMB = Answer(gzip.compress(b" " * 20_000_000), headers={"Content-Encoding": "gzip"})
LATE, WORDLESS = "Yahoo did not answer in time", "Yahoo answered with a web page instead of figures"
NO_JSON, TOO_LONG = (
    "Yahoo answered with something that is not JSON instead of figures",
    "Yahoo sent more than an answer can be",
)
TOO_OFTEN, NO_PRICE = (
    "Yahoo says that we ask too often (429)",
    "yahoo answered, but has no price for any of our symbols",
)
UNREACHABLE = "Yahoo cannot be reached (curl 56)"
# (the words of the address, or all), what happens there, what the desk reads
FAULTS: dict[str, tuple[str, Fault, str]] = {
    "429": ("/v7/", always(Answer(status=429)), TOO_OFTEN),
    "429 at the crumb": ("getcrumb", poisoned, TOO_OFTEN),
    "429 everywhere": ("", always(Answer(b"Too Many Requests\r\n", 429)), TOO_OFTEN),
    "401": ("/v7/", always(Answer(status=401)), "Yahoo refused us: we are not known, or no more (401)"),
    "403": ("/v7/", always(Answer(status=403)), "Yahoo refused us: we may not ask this (403)"),
    "500": ("/v7/", always(Answer(status=500)), "Yahoo is in trouble (500)"),
    "503 everywhere": ("", always(Answer(status=503)), "Yahoo is in trouble (503)"),
    "hang": ("/v7/", always(Answer(pause_s=9)), LATE),
    "hang everywhere": ("", always(Answer(pause_s=9)), LATE),
    "drip": ("/v7/", always(Answer(b'{"quoteResponse": {}}', drip_s=0.05)), LATE),
    "drip everywhere": ("", always(Answer(b"x" * 99, drip_s=0.05)), LATE),
    "cut off": ("/v7/", always(Answer(cut=True)), UNREACHABLE),
    "cut off everywhere": ("", always(Answer(cut=True)), UNREACHABLE),
    "half an answer": ("/v7/", always(Answer(b'{"quoteRes', headers={"Content-Length": "999"}, pause_s=0)), LATE),
    "garbage": ("/v7/", always(Answer(b'{"quoteResponse": {"result": [{"symb')), NO_JSON),
    "bytes": ("/v7/", always(Answer(b"\xff\xfe\x00\x80")), NO_JSON),
    "nesting": ("/v7/", always(Answer(b"[" * 200_000)), NO_JSON),
    "nothing": ("/v7/", always(Answer()), NO_JSON),
    "other JSON": ("/v7/", always(Answer(b'[1, "a", {"quoteResponse": null}]')), NO_PRICE),
    "odd rows": ("/v7/", always(Answer(b'{"quoteResponse": {"result": [1, null, "a", [], {}]}}')), NO_PRICE),
    "no rows": ("/v7/", always(Answer(b'{"quoteResponse": {"result": null}}')), NO_PRICE),
    "a page": ("/v7/", always(PAGE), WORDLESS),
    "a page everywhere": ("", always(PAGE), WORDLESS),
    "consent": ("/v7/", to(CONSENT), "Yahoo wants its terms accepted on a web page"),
    "huge": ("/v7/", always(Answer(headers={"Content-Length": "5000000000"}, endless=True)), TOO_LONG),
    "endless": ("/v7/", always(Answer(endless=True)), TOO_LONG),
    "a bomb": ("/v7/", always(BOMB), TOO_LONG),
    "a circle": ("/v7/", to(f"https://{QUOTE}"), "Yahoo sends us in a circle"),
    "away from https": ("/v7/", to("http://127.0.0.1:1/"), "Yahoo sends us to an address without https"),
    "to a file": ("/v7/", to("file:///etc/passwd"), "Yahoo sends us to an address without https"),
}


CASES = [(name, "at first") for name, fault in FAULTS.items() if fault[0] != "/v7/"]
CASES += [(name, "after a good refresh") for name, fault in FAULTS.items() if fault[0] != "getcrumb"]


@pytest.mark.parametrize(("name", "when"), CASES)
@pytest.mark.django_db
def test_a_fault_leaves_the_last_good_quote_opens_the_breaker_and_heals(
    provider: Provider, at_noon, caplog, name: str, when: str
):
    address, fault, words = FAULTS[name]
    make.quote(make.symbol("TSLA"), "300", source="yahoo", as_of=NOON - timedelta(minutes=9))
    make.symbol("FSR")
    if when == "after a good refresh":
        provider.rows["TSLA"] = row("TSLA", 300, regularMarketTime=int(NOON.timestamp()) - 540)
        refresh(Yahoo())
    provider.rows["TSLA"] = row("TSLA")
    provider.faults[address] = fault
    caplog.clear()
    began = time.monotonic()
    refresh(Yahoo(SHORT_S))
    assert time.monotonic() - began < SHORT_S + 1
    health, quote = SourceHealth.objects.get(), Quote.objects.get()
    assert (health.error, health.failures) == (words, 1)
    assert (quote.price, quote.as_of) == (Decimal(300), NOON - timedelta(minutes=9))
    assert caplog.messages == [f"quotes: 0 of 2 symbols refreshed: {words}"]

    provider.faults.clear()
    provider.requests.clear()
    at_noon.move_to(health.open_until - timedelta(seconds=1))
    refresh(Yahoo())
    assert provider.requests == []
    at_noon.move_to(health.open_until)
    refresh(Yahoo())
    health.refresh_from_db()
    assert (health.failures, health.open_until) == (0, None)
    assert Quote.objects.get().price == Decimal("319.801")
    assert [request.query.get("crumb") for request in provider.requests if "/v7/" in request.path] == [CRUMB]


@pytest.mark.django_db
def test_the_task_brings_the_quotes_of_the_source_that_the_operator_chose(provider: Provider, settings, caplog):
    settings.QUOTES = "yahoo"
    make.symbol("TSLA")
    provider.rows["TSLA"] = row("TSLA", exchangeDataDelayedBy=15)
    refresh_quotes()
    quote = Quote.objects.get()
    assert (quote.price, quote.source, quote.delay_s, quote.as_of) == (Decimal("319.801"), "yahoo", 900, NOON)
    assert caplog.messages == ["quotes: 1 of 1 symbols refreshed"]


def test_nobody_at_the_proxy_is_told_as_out_of_reach(provider: Provider, monkeypatch):
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    readings, failure = ask(Yahoo(), ["TSLA"])
    assert (readings, str(failure)) == ([], "Yahoo cannot be reached (curl 7)")


def test_a_stranger_with_its_name_is_not_trusted(provider: Provider, monkeypatch):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    _, failure = ask(Yahoo(), ["TSLA"])
    assert str(failure) == "Yahoo has a certificate that we do not trust"


@pytest.mark.parametrize(
    ("header", "pause"),
    [
        ("1200", timedelta(seconds=1200)),
        ("30", timedelta()),
        ("Wed, 18 Nov 2026 18:00:00 GMT", timedelta(hours=1)),
        ("99999999999", timedelta(days=1)),
        ("soon", timedelta()),
        ("-5", timedelta()),
    ],
)
@pytest.mark.django_db
def test_the_source_is_left_alone_for_as_long_as_it_asks(provider: Provider, header: str, pause: timedelta):
    make.symbol("TSLA")
    provider.faults["/v7/"] = always(Answer(status=429, headers={"Retry-After": header}))
    refresh(Yahoo())
    assert SourceHealth.objects.get().open_until == NOON + max(pause, timedelta(minutes=5))


def test_what_came_before_a_failure_is_kept(provider: Provider):
    tickers = [f"T{number}" for number in range(BATCH + 1)]
    for ticker in tickers:
        provider.rows[ticker] = row(ticker)
    provider.faults["/v7/"] = lambda request: (
        provider.well(request) if "T0" in request.query["symbols"].split(",") else Answer(status=500)
    )
    readings, failure = ask(Yahoo(), tickers)
    assert ([reading.ticker for reading in readings], str(failure)) == (tickers[:50], "Yahoo is in trouble (500)")


@pytest.mark.parametrize("name", ["429 everywhere", "500", "hang everywhere", "garbage", "a page", "huge", "a circle"])
def test_a_fault_while_closes_are_read_is_told(provider: Provider, name: str):
    _, fault, words = FAULTS[name]
    provider.fault = fault
    source = Yahoo(SHORT_S) if name.startswith("hang") else Yahoo()
    with pytest.raises(SourceFailed) as raised:
        list(source.closes("TSLA", date(2026, 11, 13)))
    assert raised.value.words == words
