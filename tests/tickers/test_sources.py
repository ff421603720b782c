import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice, pairwise
from typing import get_args

import pytest
import time_machine
from django.core.checks import CheckMessage, run_checks
from django.core.exceptions import ImproperlyConfigured

from tests.make import NOON
from tests.tickers.provider import Provider, row
from tickers import market, sources
from tickers.figures import MARKET_ZONE
from tickers.market import State
from tickers.sources.recorded import Recorded, recording
from tickers.sources.simulated import Simulated, moved

TICKERS = ["TSLA", "GM", "NOSUCH"]
KEEPS = "With “none” the strip keeps the quotes it has."
NINE_DAYS = list(islice(market.sessions(date(2026, 11, 6), market.DAY), 9))  # Of which NOON is the last.


@pytest.fixture(params=sorted(sources.SOURCES))
def source(request, settings, provider: Provider) -> sources.Source:
    """Each of the sources; the real ones ask the provider on loopback, which knows what was recorded."""
    settings.QUOTES, settings.FINNHUB_KEY = request.param, "a key"
    for ticker, known in recording().items():
        provider.rows[ticker] = row(ticker, float(known.price), float(known.previous_close))
        provider.closes[ticker] = [(int(day.opens_at.timestamp()), 300.25) for day in NINE_DAYS]
    return sources.configured()


def ours() -> list[CheckMessage]:
    """What Django's checks find that is about quotes."""
    return [found for found in run_checks() if (found.id or "").startswith("tickers.")]


def test_a_source_reads_what_it_is_asked_and_leaves_out_what_it_does_not_know(source, settings):
    readings, failure = sources.ask(source, TICKERS)
    now = datetime.now(UTC)
    assert failure is None
    assert [reading.ticker for reading in readings] == ["TSLA", "GM"]
    for reading in readings:
        assert isinstance(reading.price, Decimal)
        assert isinstance(reading.previous_close, Decimal)
        assert reading.is_sound()
        assert reading.as_of.tzinfo is not None
        assert reading.as_of <= now
        assert reading.delay_s >= 0
        assert reading.market_state in get_args(State)
        assert reading.source == source.name == settings.QUOTES
    assert list(source.fetch([])) == []


def test_a_source_that_knows_none_of_our_symbols_has_failed(source):
    readings, failure = sources.ask(source, ["NOSUCH"])
    assert (readings, str(failure)) == ([], f"{source.name} answered, but has no price for any of our symbols")


def test_closes_are_of_completed_trading_days_in_order(source):
    since = date(2025, 6, 1)
    with time_machine.travel(NOON, tick=False):
        closes = list(source.closes("TSLA", since))
        later = list(source.closes("TSLA", date(2026, 11, 12)))
        assert list(source.closes("NOSUCH", since)) == []
    days = [close.day for close in closes]
    assert days == sorted(set(days))
    assert all(since <= close.day < date(2026, 11, 18) and market.is_trading_day(close.day) for close in closes)
    assert all(close.ticker == "TSLA" and sources.is_sound(close.close) for close in closes)
    assert later == [close for close in closes if close.day >= date(2026, 11, 12)]
    count = {"recorded": 1, "finnhub": 0, "yahoo": 8, "simulated": 369}
    assert len(closes) == count[source.name]


def test_what_is_not_foreseen_is_told_as_a_failure_and_keeps_what_came(caplog):
    class Broken(Recorded):
        def fetch(self, tickers):
            yield from super().fetch(tickers)
            raise ZeroDivisionError

    readings, failure = sources.ask(Broken(), TICKERS)
    assert [reading.ticker for reading in readings] == ["TSLA", "GM"]
    assert str(failure) == "recorded failed in a way that we do not know: ZeroDivisionError()"
    assert caplog.messages == ["quotes: recorded failed in a way that we do not know"]


LOADS_NOTHING = """
import sys, django
django.setup()
from django.core.checks import CheckMessage, run_checks
from django.conf import settings
from tickers import sources, strip, tasks, views
settings.FINNHUB_KEY = "a key"
for settings.QUOTES in sources.possible():
    run_checks(), sources.configured(), sources.next_poll_s()
heavy = {"yfinance", "pandas", "numpy", "curl_cffi", "bs4", "requests"}
print(sorted(heavy.intersection(sys.modules)))
"""


def test_only_a_request_loads_the_library_of_a_source():
    """The web processes and the clock do without its 95 MB."""
    done = subprocess.run([sys.executable, "-c", LOADS_NOTHING], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_recorded_quotes_keep_their_own_day(settings):
    settings.QUOTES = "recorded"
    (reading,) = sources.configured().fetch(["TSLA"])
    assert (reading.price, reading.as_of.date().isoformat()) == (Decimal("319.801"), "2025-06-20")


def test_simulated_prices_move_in_small_steps():
    for start in recording().values():
        prices = [moved(start, NOON + timedelta(seconds=15 * step)).price for step in range(500)]
        steps = [abs(after / before - 1) for before, after in pairwise(prices)]
        assert max(steps) < Decimal("0.005")
        assert steps.count(0) < 50


@pytest.mark.parametrize("hours", [0, 5, 30, 60])  # From Friday noon to Sunday.
def test_simulated_prices_have_moved_since_the_close_that_the_history_ends_with(hours: int):
    now = datetime(2026, 11, 20, 12, tzinfo=MARKET_ZONE) + timedelta(hours=hours)
    with time_machine.travel(now, tick=False):
        source = Simulated()
        *_, last = source.closes("TSLA", date(2026, 11, 1))
        (reading,) = source.fetch(["TSLA"])
    assert reading.previous_close == last.close


def test_simulated_prices_are_of_this_moment_at_any_hour(settings):
    settings.QUOTES = "simulated"
    with time_machine.travel(NOON + timedelta(days=3, hours=10), tick=False):
        (reading,) = sources.configured().fetch(["TSLA"])
    assert reading.as_of == NOON + timedelta(days=3, hours=10)


def test_an_unknown_source_is_an_error_that_names_the_possible_ones(settings):
    settings.QUOTES = "ticker-tape"
    (error,) = ours()
    assert error.id == "tickers.E001"
    assert error.hint == f"Set QUOTES to one of: recorded, simulated, yahoo, finnhub, none. {KEEPS}"
    with pytest.raises(ImproperlyConfigured):
        sources.configured()


def test_a_public_site_refuses_simulated_prices_and_says_what_to_choose(settings):
    settings.QUOTES, settings.IS_HTTPS = "simulated", True
    (error,) = ours()
    assert error.hint == f"Set QUOTES to one of: recorded, yahoo, finnhub, none. {KEEPS}"
    with pytest.raises(ImproperlyConfigured, match="SITE_URL is https"):
        sources.configured()


def test_finnhub_without_a_key_is_an_error_that_says_where_to_put_it(settings):
    settings.QUOTES, settings.FINNHUB_KEY = "finnhub", ""
    (error,) = ours()
    assert (error.id, error.msg) == (
        "tickers.E002",
        "QUOTES=finnhub needs a key of Finnhub in FINNHUB_KEY, and there is none.",
    )
    others = "recorded, simulated, yahoo, finnhub, none"
    assert error.hint == f"Put the key of your account there, or set QUOTES to another of: {others}. {KEEPS}"
    settings.FINNHUB_KEY = "a key"
    assert ours() == []


def test_no_source_is_a_choice(settings):
    settings.QUOTES = "none"
    assert sources.configured() is None
    assert ours() == []
    assert sources.next_poll_s() == 3600
