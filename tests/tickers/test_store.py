from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine

from tests import make
from tests.make import NOON
from tickers.models import Quote
from tickers.sources import Reading

pytestmark = pytest.mark.django_db

NOW = NOON + timedelta(minutes=15)


@pytest.fixture(autouse=True)
def at_a_quarter_past_noon():
    with time_machine.travel(NOW, tick=False):
        yield


def reading(ticker: str = "TSLA", price: str = "320.5", **fields: Any) -> Reading:
    defaults = {
        "previous_close": Decimal("322.05"),
        "as_of": NOON,
        "delay_s": 900,
        "market_state": "open",
        "source": "wire",
    }
    return Reading(ticker=ticker, price=Decimal(price), **{**defaults, **fields})


def kept(ticker: str = "TSLA") -> tuple[str, Any]:
    quote = Quote.objects.get(symbol__ticker=ticker)
    return str(quote.price), quote.as_of


def test_a_reading_becomes_the_quote_of_its_symbol():
    symbol = make.symbol("TSLA")
    assert Quote.objects.store([reading()]) == 1
    quote = Quote.objects.get()
    assert (quote.symbol, quote.price, quote.previous_close) == (symbol, Decimal("320.5"), Decimal("322.05"))
    assert (quote.as_of, quote.delay_s, quote.source) == (NOON, 900, "wire")
    assert quote.refreshed_at == NOW


def test_a_newer_reading_takes_the_place_of_an_older_one_and_never_the_other_way_round():
    make.symbol("TSLA")
    Quote.objects.store([reading(price="320.5")])
    assert Quote.objects.store([reading(price="321", as_of=NOON + timedelta(seconds=1))]) == 1
    assert Quote.objects.store([reading(price="319", as_of=NOON)]) == 0
    assert kept() == ("321.0000", NOON + timedelta(seconds=1))


def test_a_reading_of_the_same_time_confirms_the_price():
    make.symbol("TSLA")
    Quote.objects.store([reading()])
    with time_machine.travel(NOW + timedelta(minutes=5), tick=False):
        Quote.objects.store([reading(price="1")])
    quote = Quote.objects.get()
    assert (quote.price, quote.refreshed_at) == (Decimal("320.5"), NOW + timedelta(minutes=5))


def test_another_source_counts_though_its_price_is_older():
    make.symbol("TSLA")
    Quote.objects.store([reading(source="simulated", as_of=NOW)])
    Quote.objects.store([reading(price="319", source="wire", as_of=NOON)])
    assert kept() == ("319.0000", NOON)


@pytest.mark.parametrize("bad", ["NaN", "Infinity", "-Infinity", "0", "-1", "0.00001", "10000000000"])
def test_a_price_that_cannot_be_is_not_kept(bad: str):
    make.symbol("TSLA")
    make.symbol("GM")
    broken = [reading(price=bad), replace(reading(), previous_close=Decimal(bad))]
    for one in broken:
        assert Quote.objects.store([one, reading("GM", "318.1")]) == 1
    assert list(Quote.objects.values_list("symbol__ticker", flat=True)) == ["GM"]


def test_a_price_from_the_future_is_not_kept_but_a_clock_that_runs_ahead_a_little_is_forgiven():
    make.symbol("TSLA")
    assert Quote.objects.store([reading(as_of=NOW + timedelta(minutes=2))]) == 0
    assert Quote.objects.store([reading(as_of=NOW + timedelta(seconds=30))]) == 1
    assert kept() == ("320.5000", NOW)


def test_a_missing_symbol_keeps_its_last_good_quote():
    make.symbol("TSLA")
    make.symbol("GM")
    Quote.objects.store([reading("TSLA"), reading("GM", "318.1")])
    Quote.objects.store([reading("GM", "318.2", as_of=NOON + timedelta(minutes=1))])
    assert kept("TSLA") == ("320.5000", NOON)
    assert kept("GM") == ("318.2000", NOON + timedelta(minutes=1))


def test_symbols_that_are_unknown_or_not_active_get_no_quote():
    make.symbol("TSLA", is_active=False)
    assert Quote.objects.store([reading("TSLA"), reading("NOSUCH")]) == 0
    assert Quote.objects.count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_storing_takes_three_queries_however_many_symbols(count: int, django_assert_num_queries):
    tickers = ["TSLA", "GM", "F"][:count]
    for ticker in tickers:
        make.symbol(ticker)
    with django_assert_num_queries(5):  # Symbols, quotes, points, and the savepoint's two.
        assert Quote.objects.store([reading(ticker) for ticker in tickers]) == count
