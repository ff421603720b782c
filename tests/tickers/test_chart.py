import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest

from tests.make import NOON
from tickers.chart import COLUMNS, HEIGHT, WIDTH, Axis, Chart, Scale, Span, Value, base36, sparkline, thinned

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def series(*prices: str | int, step: timedelta = MINUTE, start: datetime = NOON) -> list[Value]:
    return [Value(start + step * number, Decimal(price)) for number, price in enumerate(prices)]


def chart(values: list[Value], *spans: Span, gap: timedelta = DAY, **fields) -> Chart:
    return Chart(values, Axis(spans or [Span(values[0].at, values[-1].at)]), gap, **fields)


def walk(count: int, step: timedelta) -> list[Value]:
    """A price that wanders; the seed is fixed."""
    random, price, values = Random(7), 300.0, []
    for number in range(count):
        price *= 1 + random.gauss(0, 0.02)
        values.append(Value(NOON + number * step, Decimal(f"{price:.4f}")))
    return values


def test_the_line_goes_through_the_values_from_edge_to_edge():
    drawn = chart(series(100, 110, 120))
    assert drawn.scale == Scale(Decimal(100), Decimal(120), Decimal(10))
    assert drawn.line == "m0 300l500-150 500-150"
    assert drawn.area == "M0 300V300l500-150 500-150V300z"


def test_one_value_is_a_dot_in_the_middle():
    drawn = chart(series("319.80"))
    assert drawn.line == "m500 156z"
    assert drawn.area == ""


def test_a_flat_line_has_room_above_and_below():
    drawn = chart(series(50, 50))
    assert drawn.scale.low < 50 < drawn.scale.high
    assert drawn.line == "m0 150l1000 0"


def test_a_gap_parts_the_line():
    early, late = series(100, 110), series(120, 110, start=NOON + 3 * DAY)
    drawn = chart(early + late, gap=timedelta(hours=1))
    assert [len(run.split("l")) for run in drawn.line.split("m")[1:]] == [2, 2]
    assert drawn.area.count("M") == 2


def test_a_value_alone_between_gaps_is_a_dot():
    values = [*series(100, 110), *series(105, start=NOON + DAY), *series(110, 100, start=NOON + 2 * DAY)]
    assert chart(values, gap=timedelta(hours=1)).line.count("z") == 1


def test_thinning_makes_no_gap():
    values = walk(1260, DAY)
    assert chart(values, gap=4 * DAY).line.count("m") == 1


def test_a_weekend_takes_no_room_between_two_days():
    friday, monday = series(100, 110, 120), series(120, 110, 100, start=NOON + 3 * DAY)
    spans = [Span(day[0].at, day[-1].at) for day in (friday, monday)]
    drawn = chart(friday + monday, *spans)
    assert drawn.line == "m0 300l250-150 250-150m0 0l250 150 250 150"
    assert drawn.axis.borders() == [50.0]
    assert [tick.label for tick in drawn.axis.ticks()] == ["Wed", "Sat"]


def test_a_session_under_way_leaves_room_for_the_rest_of_it():
    values = series(100, 110)
    drawn = chart(values, Span(NOON, NOON + 4 * MINUTE))
    assert drawn.line == "m0 300l250-300"


def test_the_reference_is_within_the_scale():
    drawn = chart(series(100, 110), reference=Decimal(150))
    assert drawn.scale.high == 160
    assert drawn.reference_place == 16.7


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        ("100", "120", ["100", "110", "120"]),
        ("48.09", "48.10", ["48.09", "48.10"]),
        ("0.91", "1.32", ["0.80", "1.00", "1.20", "1.40"]),
        ("318", "332", ["315", "320", "325", "330", "335"]),
        ("980", "1700", ["750", "1,000", "1,250", "1,500", "1,750"]),
    ],
)
def test_the_scale_has_round_prices(low: str, high: str, labels: list[str]):
    assert [tick.label for tick in Scale.around(Decimal(low), Decimal(high)).ticks()] == labels


@pytest.mark.parametrize(
    ("length", "labels"),
    [
        (timedelta(hours=6.5), ["2 p.m.", "4 p.m.", "6 p.m."]),
        (timedelta(hours=20), ["4 p.m.", "8 p.m.", "12 a.m.", "4 a.m."]),
        (30 * DAY, ["Nov. 23", "Nov. 30", "Dec. 7", "Dec. 14"]),
        (180 * DAY, ["Dec.", "Jan.", "Feb.", "March", "April", "May"]),
        (365 * DAY, ["Jan.", "March", "May", "July", "Sept.", "Nov."]),
        (5 * 365 * DAY, ["2028", "2029", "2030", "2031"]),
    ],
)
def test_times_are_labelled_in_the_market_s_zone(length: timedelta, labels: list[str]):
    assert [tick.label for tick in Axis([Span(NOON, NOON + length)]).ticks()] == labels


def test_a_place_between_two_values_is_on_the_line():
    drawn = chart(series(100, 120))
    assert drawn.at(NOON + MINUTE / 2) == (50.0, 50.0)
    assert drawn.at(NOON - DAY) == (0.0, 100.0)
    assert drawn.at(NOON + DAY) == (100.0, 0.0)


def test_a_place_in_a_gap_keeps_the_price_before_it():
    drawn = chart([*series(100), *series(120, start=NOON + DAY)], gap=MINUTE)
    assert drawn.at(NOON + DAY / 2) == (50.0, 100.0)


def test_thinning_keeps_the_ends_and_every_peak():
    values = walk(2000, MINUTE)
    kept = thinned(values, Axis([Span(values[0].at, values[-1].at)]))
    assert len(kept) <= 2 * COLUMNS + 2
    assert (kept[0], kept[-1]) == (values[0], values[-1])
    for choose in (min, max):
        assert choose(kept, key=lambda value: value.price) == choose(values, key=lambda value: value.price)


@pytest.mark.parametrize(("count", "step", "limit"), [(252, DAY, 3000), (390, MINUTE, 4000), (1260, DAY, 4000)])
def test_a_year_a_day_and_five_years_are_small(count: int, step: timedelta, limit: int):
    drawn = chart(walk(count, step), gap=10 * DAY)
    assert len(drawn.line) + len(drawn.area) < limit


def test_the_script_finds_a_price_and_a_time_for_each_place():
    drawn = chart(walk(1260, DAY), gap=2 * MINUTE)
    numbers = [int(number) for number in re.findall(r"-?\d+", drawn.line)]
    assert len(numbers) == 2 * len(drawn.prices.split()) == 2 * len(drawn.times.split())
    assert sum(numbers[::2]) == WIDTH
    assert 0 <= sum(numbers[1::2]) <= HEIGHT
    assert sum(int(minutes, 36) for minutes in drawn.times.split()) * 60 == drawn.values[-1].at.timestamp()


def test_base36_is_what_a_browser_reads():
    assert [base36(number) for number in (0, 35, 36, 1440)] == ["0", "z", "10", "140"]
    assert int(base36(29_000_000), 36) == 29_000_000


def test_a_sparkline_needs_two_prices():
    assert sparkline([]) == sparkline([Decimal(5)]) == ""
    assert sparkline([Decimal(5), Decimal(5)]) == "M0 0l100 0"
    assert sparkline([Decimal(5), Decimal(6), Decimal(4)]) == "M0 12l50-12 50 24"


def test_times_are_told_in_whole_minutes_whatever_their_zone():
    value = Value(datetime(2026, 11, 18, 17, 0, 30, tzinfo=UTC), Decimal(1))
    assert int(chart([value]).times, 36) == int(NOON.timestamp()) // 60
