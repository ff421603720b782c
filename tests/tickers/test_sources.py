from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
import time_machine
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from tests.make import NOON
from tickers import sources
from tickers.models import Quote
from tickers.sources.recorded import recording
from tickers.sources.simulated import moved

TICKERS = ["TSLA", "GM", "NOSUCH"]
KEEPS = "With “none” the strip keeps the quotes it has."


@pytest.fixture(params=sorted(sources.SOURCES))
def source(request, settings) -> sources.Source:
    settings.QUOTES = request.param
    return sources.configured()


def test_a_source_reads_what_it_is_asked_and_leaves_out_what_it_does_not_know(source, settings):
    readings = list(source.fetch(TICKERS))
    now = datetime.now(UTC)
    assert [reading.ticker for reading in readings] == ["TSLA", "GM"]
    for reading in readings:
        assert isinstance(reading.price, Decimal)
        assert isinstance(reading.previous_close, Decimal)
        assert reading.is_sound()
        assert reading.as_of.tzinfo is not None
        assert reading.as_of <= now
        assert reading.delay_s >= 0
        assert reading.market_state in Quote.MarketState.values
        assert reading.source == settings.QUOTES
    assert list(source.fetch([])) == []
    assert source.poll_s >= 5


def test_recorded_quotes_keep_their_own_day(settings):
    settings.QUOTES = "recorded"
    (reading,) = sources.configured().fetch(["TSLA"])
    assert (reading.price, reading.as_of.date().isoformat()) == (Decimal("319.801"), "2025-06-20")


def test_simulated_prices_move_in_small_steps_and_stay_near_the_recorded_ones():
    for start in recording().values():
        prices = [moved(start, NOON + timedelta(seconds=15 * step)).price for step in range(500)]
        steps = [abs(after / before - 1) for before, after in pairwise(prices)]
        assert max(steps) < Decimal("0.005")
        assert all(abs(price / start.price - 1) <= Decimal("0.0321") for price in prices)
        assert len(set(prices)) > 400


def test_simulated_prices_are_of_this_moment_at_any_hour(settings):
    settings.QUOTES = "simulated"
    with time_machine.travel(NOON + timedelta(days=3, hours=10), tick=False):
        (reading,) = sources.configured().fetch(["TSLA"])
    assert reading.as_of == NOON + timedelta(days=3, hours=10)


def test_an_unknown_source_is_an_error_that_names_the_possible_ones(settings):
    settings.QUOTES = "ticker-tape"
    (error,) = run_checks()
    assert error.id == "tickers.E001"
    assert error.hint == f"Set QUOTES to one of: recorded, simulated, none. {KEEPS}"
    with pytest.raises(ImproperlyConfigured):
        sources.configured()


def test_a_public_site_refuses_simulated_prices_and_says_what_to_choose(settings):
    settings.QUOTES, settings.IS_HTTPS = "simulated", True
    (error,) = [found for found in run_checks() if found.id.startswith("tickers.")]
    assert error.hint == f"Set QUOTES to one of: recorded, none. {KEEPS}"
    with pytest.raises(ImproperlyConfigured, match="SITE_URL is https"):
        sources.configured()


def test_no_source_is_a_choice(settings):
    settings.QUOTES = "none"
    assert sources.configured() is None
    assert run_checks() == []
    assert sources.next_poll_s() == 3600
