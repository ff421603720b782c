"""Closes and points: how they come, how long they stay, and what pages read of them."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
import time_machine
from django.db import connection

from tests import make
from tests.make import NOON
from tickers import history, market
from tickers.models import DailyClose, Point, Quote, Symbol
from tickers.models.backfill import YEARS
from tickers.sources import Reading
from tickers.tasks import prune_points

pytestmark = pytest.mark.django_db

WEDNESDAY = NOON.date()
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
D = Decimal
CLOSE = market.session(WEDNESDAY).closes_at
SETTLED = market.session(WEDNESDAY).ends_at + 20 * MINUTE


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


def stored(symbol: Symbol) -> dict[date, str]:
    return {row.day: f"{row.close:.2f}" for row in symbol.closes_since(date(2000, 1, 1))}


@pytest.mark.parametrize(
    ("as_of", "read", "is_close"),
    [
        (CLOSE + MINUTE / 60, SETTLED, True),
        (CLOSE - 90 * MINUTE, SETTLED, True),  # Nobody traded it later.
        (CLOSE + MINUTE / 60, SETTLED - MINUTE, False),
        (CLOSE + 90 * MINUTE, SETTLED, False),  # A price of after hours.
        (CLOSE - DAY, SETTLED, False),  # It rested all day.
    ],
)
def test_the_last_price_of_a_settled_day_is_its_close(as_of: datetime, read: datetime, is_close: bool):
    tesla = make.symbol("TSLA")
    make.quote(tesla, "310", as_of=as_of, refreshed_at=read)
    DailyClose.objects.take_from_quotes(Quote.objects.all(), SETTLED)
    assert stored(tesla) == ({WEDNESDAY: "310.00"} if is_close else {})


def test_what_the_source_told_of_a_day_stays_over_what_the_quote_gives():
    tesla = make.symbol("TSLA")
    DailyClose.objects.create(symbol=tesla, day=WEDNESDAY, close="311")
    make.quote(tesla, "310", as_of=CLOSE, refreshed_at=SETTLED)
    DailyClose.objects.take_from_quotes(Quote.objects.all(), SETTLED)
    assert stored(tesla) == {WEDNESDAY: "311.00"}


def reading(price: str, at: datetime, **fields: Any) -> Reading:
    defaults = {"previous_close": D("320"), "delay_s": 0, "market_state": "open", "source": "wire"}
    return Reading(ticker="TSLA", price=D(price), as_of=at, **{**defaults, **fields})


def drawn() -> list[tuple[datetime, str]]:
    return [(point.at, f"{point.price:.2f}") for point in Point.objects.order_by("at")]


def test_each_new_price_leaves_a_point_and_an_old_one_none(clock):
    make.symbol("TSLA")
    for price, seconds in [("320", 0), ("321", 60), ("322", 60), ("319", 30), ("323", 125)]:
        clock.move_to(NOON + timedelta(seconds=200))
        Quote.objects.store([reading(price, NOON + timedelta(seconds=seconds))])
    assert drawn() == [(NOON, "320.00"), (NOON + MINUTE, "321.00"), (NOON + timedelta(seconds=125), "323.00")]


def test_a_minute_has_one_point_however_often_the_price_moves(clock):
    make.symbol("TSLA")
    for step in range(8):
        clock.move_to(NOON + timedelta(seconds=15 * step))
        Quote.objects.store([reading("320", NOON + timedelta(seconds=15 * step))])
    assert drawn() == [(NOON, "320.00"), (NOON + MINUTE, "320.00")]


def test_points_that_were_invented_go_when_real_ones_come():
    make.symbol("TSLA")
    Quote.objects.store([reading("320", NOON - MINUTE, source="simulated")])
    Quote.objects.store([reading("310", NOON)])
    assert drawn() == [(NOON, "310.00")]
    Quote.objects.store([reading("311", NOON - DAY, source="another")])
    assert drawn() == [(NOON - DAY, "311.00"), (NOON, "310.00")]


def points(symbol: Symbol, count: int, until: datetime = NOON, price: str = "320") -> None:
    rows = [Point(symbol=symbol, at=until - MINUTE * number, price=price) for number in range(count)]
    Point.objects.bulk_create(rows)


def test_points_are_kept_for_thirty_days(caplog):
    tesla = make.symbol("TSLA")
    points(tesla, 20, until=NOON - 30 * DAY)
    points(tesla, 3)
    with caplog.at_level("INFO", "tickers"):
        prune_points()
    assert caplog.messages == ["points: 19 are old and gone"]
    assert Point.objects.count() == 4


def test_old_points_go_in_batches(django_assert_num_queries):
    points(make.symbol("TSLA"), 20, until=NOON - 31 * DAY)
    with django_assert_num_queries(4):  # 7, 7, 6, none
        assert Point.objects.prune(NOON, at_once=7) == 20


def test_a_day_of_points_is_one_query_by_the_index(django_assert_num_queries):
    for position in range(14):
        points(make.symbol(f"T{position}"), 1000)
    tesla = Symbol.objects.get(ticker="T3")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickers_point")
    day = tesla.points_since(NOON - timedelta(hours=6))
    assert "Seq Scan" not in day.explain()
    assert "point_once" in day.explain()
    with django_assert_num_queries(1):
        assert len(day) == 361


def test_the_demo_has_its_history_at_once_and_it_meets_the_price_of_now(settings):
    settings.QUOTES = "simulated"
    tesla, general = make.symbol("TSLA"), make.symbol("GM")
    make.symbol("NOSUCH")
    history.fill()
    for symbol in (tesla, general):
        closes = [row.close for row in symbol.closes_since(WEDNESDAY - YEARS)]
        assert 1240 < len(closes) < 1270
        moves = [abs(float(after / before) - 1) for before, after in pairwise(closes)]
        assert 0.01 < sum(moves) / len(moves) < 0.03
        assert max(moves) < 0.12
        drawn = list(symbol.points_since(NOON - 7 * DAY))
        assert len(drawn) == 7 * 24 * 6 + 1  # and the quote of now
        assert abs(drawn[-1].price / closes[-1] - 1) < D("0.12")
    again = Point.objects.count(), DailyClose.objects.count()
    history.fill()
    assert (Point.objects.count(), DailyClose.objects.count()) == again


def test_nothing_is_invented_for_a_real_source(settings):
    make.symbol("TSLA")
    settings.QUOTES = "recorded"
    history.fill()
    assert (Point.objects.count(), DailyClose.objects.count()) == (0, 0)
