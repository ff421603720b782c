"""How daily closes are asked for: five years at first, then each day's, and again after a split."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import ClassVar

import pytest
import time_machine

from tests import make
from tests.make import NOON
from tickers import market
from tickers.models import Backfill, DailyClose, Quote, SourceHealth, Symbol
from tickers.models.backfill import RETRY, YEARS
from tickers.sources import Close, Reading, SourceFailed
from tickers.tasks import fetch_closes, fetch_next_closes

pytestmark = pytest.mark.django_db

WEDNESDAY = NOON.date()
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
D = Decimal


@dataclass
class Wire:
    """A source that tells the closes it is given, and notes what it is asked."""

    told: dict[date, str] = field(default_factory=dict)
    asked: list[tuple[str, date]] = field(default_factory=list)
    failure: SourceFailed | None = None
    name: ClassVar[str] = "wire"

    def fetch(self, tickers: Sequence[str]) -> Iterable[Reading]:
        return [
            Reading(ticker, D("320"), D("322"), NOON, 0, "open", "wire") for ticker in tickers if ticker != "NOSUCH"
        ]

    def closes(self, ticker: str, since: date) -> Iterable[Close]:
        self.asked.append((ticker, since))
        if self.failure:
            raise self.failure
        return [Close(ticker, day, D(close)) for day, close in self.told.items() if day >= since]


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def days_before(count: int, last: date = WEDNESDAY - DAY) -> list[date]:
    """So many trading days, in order."""
    sessions = market.sessions(last, -DAY)
    return sorted(next(sessions).day for _ in range(count))


def stored(symbol: Symbol) -> dict[date, str]:
    return {row.day: f"{row.close:.2f}" for row in symbol.closes_since(date(2000, 1, 1))}


def fetch_all(wire: Wire) -> int:
    return sum(1 for _ in iter(lambda: fetch_next_closes(wire), False))


def test_a_new_symbol_gets_five_years_of_closes_in_one_request():
    tesla = make.symbol("TSLA")
    wire = Wire(dict.fromkeys(days_before(1255), "300"))
    assert fetch_all(wire) == 1
    assert wire.asked == [("TSLA", WEDNESDAY - YEARS)]
    assert len(stored(tesla)) == 1255
    assert Backfill.objects.get().through == date(2026, 11, 17)


def test_a_symbol_added_while_the_market_is_shut_gets_its_price_with_its_closes(clock):
    make.symbol("TSLA")
    fetch_all(Wire())
    clock.move_to(NOON + 3 * DAY)
    make.symbol("GM")
    make.symbol("NOSUCH")
    fetch_all(Wire())
    assert list(Quote.objects.values_list("symbol__ticker", flat=True).order_by("pk")) == ["TSLA", "GM"]


def test_sixty_symbols_are_asked_one_at_a_time_in_the_order_of_the_strip(settings):
    for position in range(60):
        make.symbol(f"T{position}", position=position)
    make.symbol("GONE", is_active=False)
    wire = Wire({WEDNESDAY - DAY: "300"})
    assert fetch_next_closes(wire)
    assert [ticker for ticker, _ in wire.asked] == ["T0"]
    assert fetch_all(wire) == 59
    assert [ticker for ticker, _ in wire.asked] == [f"T{position}" for position in range(60)]


def test_each_day_the_last_week_is_asked_for_once_the_day_is_over(clock):
    tesla = make.symbol("TSLA")
    wire = Wire(dict.fromkeys(days_before(20), "300"))
    fetch_all(wire)
    clock.move_to(datetime.combine(WEDNESDAY, market.POST_END, market.MARKET_ZONE))
    assert fetch_all(wire) == 0
    wire.told |= {WEDNESDAY: "310"}
    clock.shift(timedelta(hours=5))
    assert fetch_all(wire) == 1
    assert wire.asked[1:] == [("TSLA", date(2026, 11, 10))]
    assert stored(tesla)[WEDNESDAY] == "310.00"
    assert fetch_all(wire) == 0


def test_a_source_that_lags_is_asked_again_later_and_nothing_doubles(clock):
    tesla = make.symbol("TSLA")
    wire = Wire(dict.fromkeys(days_before(5), "300"))
    fetch_all(wire)
    clock.move_to(NOON + timedelta(hours=14))
    assert fetch_all(wire) == 1
    clock.shift(RETRY - MINUTE)
    assert fetch_all(wire) == 0
    clock.shift(MINUTE)
    wire.told |= {WEDNESDAY: "310"}
    assert fetch_all(wire) == 1
    assert len(stored(tesla)) == 6


def test_a_correction_takes_the_place_of_what_was_told_before(clock):
    tesla = make.symbol("TSLA")
    wire = Wire(dict.fromkeys(days_before(5), "300"))
    fetch_all(wire)
    clock.move_to(NOON + timedelta(hours=14))
    wire.told |= {WEDNESDAY - DAY: "301.5"}
    fetch_all(wire)
    assert stored(tesla)[WEDNESDAY - DAY] == "301.50"
    assert len(wire.asked) == 2


def test_after_a_split_all_years_are_told_anew(clock):
    tesla = make.symbol("TSLA")
    wire = Wire(dict.fromkeys(days_before(100), "300"))
    fetch_all(wire)
    clock.move_to(NOON + timedelta(hours=14))
    wire.told = dict.fromkeys(days_before(101, WEDNESDAY), "100")
    fetch_all(wire)
    assert set(stored(tesla).values()) == {"100.00"}
    assert [since for _, since in wire.asked] == [WEDNESDAY - YEARS, date(2026, 11, 10), date(2026, 11, 19) - YEARS]


def test_a_close_of_a_day_that_is_not_over_or_of_no_money_is_not_kept():
    tesla = make.symbol("TSLA")
    fetch_all(Wire({WEDNESDAY: "300", WEDNESDAY - DAY: "0", WEDNESDAY - 2 * DAY: "299"}))
    assert stored(tesla) == {WEDNESDAY - 2 * DAY: "299.00"}


def test_a_source_that_fails_says_one_line_and_is_asked_again_later(clock, caplog):
    make.quote(make.symbol("TSLA"))
    wire = Wire(failure=SourceFailed("Yahoo answered 500"))
    with caplog.at_level("INFO", "tickers"):
        assert fetch_all(wire) == 1
    assert caplog.messages == ["closes: TSLA: Yahoo answered 500"]
    clock.shift(RETRY)
    wire.failure, wire.told = None, {WEDNESDAY - DAY: "300"}
    fetch_all(wire)
    assert DailyClose.objects.count() == 1


def test_a_source_that_wants_to_be_left_alone_is():
    make.symbol("TSLA")
    make.symbol("GM")
    health = SourceHealth.objects.create(source="wire")
    wire = Wire(failure=SourceFailed("Too many requests", timedelta(minutes=30)))
    assert fetch_all(wire) == 1
    health.refresh_from_db()
    assert health.is_open(NOON + 29 * MINUTE)


def test_a_source_without_history_does_no_harm():
    make.symbol("TSLA")
    assert fetch_all(Wire()) == 1
    assert Backfill.objects.get().through is None


def test_real_closes_and_invented_ones_never_meet(settings, clock):
    tesla = make.symbol("TSLA")
    settings.QUOTES = "simulated"
    fetch_closes()
    assert len(stored(tesla)) > 1200
    assert fetch_all(Wire({WEDNESDAY - DAY: "300"})) == 1
    assert stored(tesla) == {WEDNESDAY - DAY: "300.00"}
    fetch_closes()
    assert "300.00" not in stored(tesla).values()


def test_without_a_source_nothing_is_asked(settings, django_assert_num_queries):
    settings.QUOTES = "none"
    with django_assert_num_queries(0):
        fetch_closes()
