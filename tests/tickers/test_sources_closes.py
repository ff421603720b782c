from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine

from tests.make import NOON
from tests.tickers.provider import Provider
from tickers.sources import Close
from tickers.sources.recorded import Recorded
from tickers.sources.yahoo import Yahoo


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


def test_the_recorded_close_is_of_the_trading_day_before():
    """June 19, 2025, was a holiday."""
    closes = list(Recorded().closes("TSLA", date(2025, 1, 1)))
    assert closes == [Close("TSLA", date(2025, 6, 18), Decimal("322.0498"))]


def seconds(day: int, hour: int = 14, minute: int = 30) -> int:
    return int(datetime(2026, 11, day, hour, minute, tzinfo=UTC).timestamp())


def test_closes_are_those_of_completed_days(provider: Provider):
    provider.closes["TSLA"] = [
        (seconds(12), 310.5),
        (seconds(13), 319.79998779296875),
        (seconds(16), None),  # A row can lag,
        (seconds(17), float("nan")),
        (seconds(18), 325.0),  # and today's is no close yet.
        (seconds(18, 16, 59), 326.0),
    ]
    assert list(Yahoo().closes("TSLA", date(2026, 11, 13))) == [Close("TSLA", date(2026, 11, 13), Decimal("319.8000"))]
    assert provider.asked("/v8/") == ["query2.finance.yahoo.com/v8/finance/chart/TSLA"]


def test_a_symbol_that_yahoo_does_not_know_has_no_closes(provider: Provider):
    assert list(Yahoo().closes("FSR", date(2026, 11, 13))) == []
