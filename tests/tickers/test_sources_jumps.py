from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make
from tests.make import NOON
from tickers.jumps import Verdict, judge
from tickers.models import HeldReading, Quote
from tickers.sources import Reading


class Money(NamedTuple):
    price: Decimal
    previous_close: Decimal


def money(figures: str) -> Money | None:
    """From "price/previous close"."""
    return Money(*map(Decimal, figures.split("/"))) if figures else None


KEEP, HOLD = Verdict.KEEP, Verdict.HOLD
TRUTH = [
    # what is seen, the last good quote, what is held already
    ("101/100", "100/100", "", KEEP),
    ("140/100", "100/100", "", KEEP),
    ("60/100", "100/100", "", KEEP),
    ("140.01/100", "100/100", "", HOLD),
    ("59.99/100", "100/100", "", HOLD),
    ("1000/100", "100/100", "", HOLD),
    ("0.01/100", "100/100", "", HOLD),
    ("150/100", "100/100", "150/100", KEEP),  # Seen twice,
    ("155/100", "100/100", "150/100", KEEP),  # within tolerance.
    ("170/100", "100/100", "150/100", HOLD),  # Another jump than the one that is held.
    ("50/100", "100/100", "150/100", HOLD),
    ("101/100", "100/100", "150/100", KEEP),  # It was an error.
    ("50/49", "100/98", "", HOLD),  # A split, by price and close,
    ("50.5/49", "100/98", "50/49", KEEP),
    ("50/98", "100/98", "50/49", HOLD),  # of which one still has to follow.
    ("100/10", "100/98", "", HOLD),  # An error in the close before would show a change that is none.
    ("100/10", "100/98", "100/10", KEEP),
    ("145/144", "144/100", "", KEEP),  # The morning after a day that went up by 44 %.
    ("139/100", "", "", KEEP),  # Of a symbol that has no quote yet, the close before it is what we know.
    ("141/100", "", "", HOLD),
    ("141/100", "", "141/100", KEEP),
]


@pytest.mark.parametrize(("seen", "last_good", "held", "verdict"), TRUTH)
def test_a_jump_is_held_until_it_is_seen_twice(seen: str, last_good: str, held: str, verdict: Verdict):
    assert judge(money(seen), money(last_good), money(held)) is verdict


def see(
    price: str, previous_close: str = "100", source: str = "wire", as_of: datetime = NOON
) -> tuple[str | None, list[str]]:
    """The price that readers see after this reading of TSLA, and what is held."""
    reading = Reading("TSLA", Decimal(price), Decimal(previous_close), as_of, 0, "open", source)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        Quote.objects.store([reading])
    quote = Quote.objects.first()
    return quote and f"{quote.price:f}", [f"{held.price:f}" for held in HeldReading.objects.all()]


@pytest.mark.django_db
def test_readers_see_a_jump_when_it_has_come_twice():
    make.symbol("TSLA")
    at = [NOON + timedelta(minutes=minute) for minute in range(9)]
    assert see("100", as_of=at[0]) == ("100.0000", [])
    assert see("50", as_of=at[1]) == ("100.0000", ["50.0000"])
    assert see("51", as_of=at[2]) == ("51.0000", [])
    assert see("500", as_of=at[3]) == ("51.0000", ["500.0000"])
    assert see("52", "50", as_of=at[4]) == ("52.0000", [])


@pytest.mark.django_db
def test_a_held_price_does_not_touch_the_time_of_the_last_good_one():
    make.symbol("TSLA")
    see("100", as_of=NOON)
    before = Quote.objects.values().get()
    see("50", as_of=NOON + timedelta(minutes=5))
    assert Quote.objects.values().get() == before
    assert str(HeldReading.objects.get().price) == "50.0000"


@pytest.mark.django_db
def test_the_first_quote_of_a_symbol_is_held_too():
    make.symbol("TSLA")
    assert see("1000") == (None, ["1000.0000"])
    assert see("1001") == ("1001.0000", [])


@pytest.mark.django_db
def test_prices_of_another_source_are_no_measure():
    make.symbol("TSLA")
    assert see("100", source="simulated") == ("100.0000", [])
    assert see("450", "448", source="wire") == ("450.0000", [])


@pytest.mark.django_db
def test_a_day_without_jumps_costs_no_query_more():
    make.quote(make.symbol("TSLA"), "100", "100", source="wire")
    with CaptureQueriesContext(connection) as queries:
        assert see("101", as_of=NOON + timedelta(minutes=1)) == ("101.0000", [])
    of_held = [query["sql"] for query in queries if '"tickers_heldreading"' in query["sql"]]
    assert [sql.split()[0] for sql in of_held] == ["SELECT", "SELECT"]  # With the symbols; and our own, to see.
