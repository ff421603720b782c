"""A chart's geometry: prices and times go in; paths, places and labels for SVG come out. Pure.

The line is drawn on a plane of WIDTH × HEIGHT units that the page stretches to its own size; what must not be stretched
(labels, markers) is placed in per cent of it. Nothing needs a style, which our pages may not carry.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from tickers.figures import CENT, MARKET_ZONE, rounded
from tickers.status import MONTHS

WIDTH, HEIGHT = 1000, 300
COLUMNS = 180  # A line of more values than two for each column is thinned to the lowest and highest of each.
ROUND = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


Place = tuple[int, int]


class Value(NamedTuple):
    """A price at a time (aware)."""

    at: datetime
    price: Decimal


class Span(NamedTuple):
    """A stretch of time that the chart shows. Between two spans (a night, a weekend) no time passes on the axis."""

    start: datetime
    end: datetime


class Tick(NamedTuple):
    """A label and its place along its axis, in per cent."""

    place: float
    label: str


@dataclass(frozen=True)
class Axis:
    """The time axis: its spans, each equally wide."""

    spans: Sequence[Span]

    @cached_property
    def _starts(self) -> list[datetime]:
        return [span.start for span in self.spans]

    def span_of(self, at: datetime) -> int:
        """Which span the time is in, or the one before it."""
        return max(bisect_right(self._starts, at) - 1, 0)

    def place(self, at: datetime) -> float:
        """From 0 to 1. A time between two spans is at the end of the earlier, one beyond the axis at its edge."""
        number = self.span_of(at)
        start, end = self.spans[number]
        share = (at - start) / (end - start) if end > start else 0.5
        return (number + min(max(share, 0), 1)) / len(self.spans)

    def borders(self) -> list[float]:
        """Where one span follows another, in per cent."""
        return [_percent(number / len(self.spans)) for number in range(1, len(self.spans))]

    def ticks(self) -> list[Tick]:
        """At most seven. Those at the very edges are left out, as their words would reach over them."""
        if len(self.spans) > 1:
            return [
                Tick(_percent((number + 0.5) / len(self.spans)), f"{span.start.astimezone(MARKET_ZONE):%a}")
                for number, span in enumerate(self.spans)
            ]
        start, end = (moment.astimezone(MARKET_ZONE) for moment in self.spans[0])
        found = [(self.place(at), label) for at, label in _round_times(start, end)]
        return [Tick(_percent(place), label) for place, label in found if 0.03 <= place <= 0.96]


@dataclass(frozen=True)
class Scale:
    """The price axis, from one round price to another."""

    low: Decimal
    high: Decimal
    step: Decimal

    @classmethod
    def around(cls, low: Decimal, high: Decimal) -> "Scale":
        """Round prices around these two, with lines for three to five; a flat line gets room above and below."""
        if low == high:
            low, high = low * Decimal("0.99"), high * Decimal("1.01")
        rough = (high - low) / 3
        magnitude = Decimal(1).scaleb(rough.adjusted())
        step = max(next(step * magnitude for step in ROUND if step * magnitude >= rough), CENT)
        lowest = (low / step).to_integral_value(ROUND_FLOOR) * step
        return cls(lowest, (high / step).to_integral_value(ROUND_CEILING) * step, step)

    def place(self, price: Decimal) -> float:
        """From 0 at the top to 1 at the bottom."""
        return float((self.high - price) / (self.high - self.low))

    def ticks(self) -> list[Tick]:
        is_whole = self.step == self.step.to_integral_value()
        prices = [self.low + self.step * number for number in range(int((self.high - self.low) / self.step) + 1)]
        return [
            Tick(_percent(self.place(price)), f"{price:,.0f}" if is_whole else f"{rounded(price):,}")
            for price in prices
        ]


@dataclass(frozen=True)
class Chart:
    """`values` are at least one, in order of time; two of them that are further apart than `gap` are not joined."""

    values: Sequence[Value]
    axis: Axis
    gap: timedelta
    reference: Decimal | None = None  # A price to compare with, such as the close before.

    @cached_property
    def scale(self) -> Scale:
        prices = [value.price for value in self.values] + ([self.reference] if self.reference else [])
        return Scale.around(min(prices), max(prices))

    @cached_property
    def drawn(self) -> list[Value]:
        """The values that the line goes through."""
        return thinned(self.values, self.axis)

    @property
    def line(self) -> str:
        """The `d` of the line, in whole units, each relative to the one before; a value that stands alone is a dot."""
        path, here = "", (0, 0)
        for run in self._runs:
            path += f"m{_steps([here, run[0]])}" + (f"l{_steps(run)}" if len(run) > 1 else "z")
            here = run[-1]
        return path

    @property
    def area(self) -> str:
        """The `d` of the area below the line."""
        return "".join(f"M{run[0][0]} {HEIGHT}V{run[0][1]}l{_steps(run)}V{HEIGHT}z" for run in self._runs if run[1:])

    @cached_property
    def _runs(self) -> list[list[Place]]:
        """The places of the drawn values, parted where the values are."""
        runs: dict[int, list[Place]] = {}
        for value in self.drawn:
            place = round(self.axis.place(value.at) * WIDTH), round(self.scale.place(value.price) * HEIGHT)
            runs.setdefault(bisect_right(self._breaks, value.at), []).append(place)
        return list(runs.values())

    @cached_property
    def _breaks(self) -> list[datetime]:
        """The times of the values that are not joined to the one before: another span, or too long after it."""
        return [
            after.at
            for before, after in pairwise(self.values)
            if after.at - before.at > self.gap or self.axis.span_of(after.at) != self.axis.span_of(before.at)
        ]

    @property
    def prices(self) -> str:
        """The drawn prices as readers see them, for the script that reads the chart under the pointer."""
        return " ".join(str(rounded(value.price)) for value in self.drawn)

    @property
    def times(self) -> str:
        """The drawn times: minutes since the value before (the first: since 1970), in base 36."""
        minutes = [int(value.at.timestamp()) // 60 for value in self.drawn]
        return " ".join(base36(after - before) for before, after in pairwise([0, *minutes]))

    @property
    def reference_place(self) -> float | None:
        return _percent(self.scale.place(self.reference)) if self.reference else None

    def at(self, moment: datetime) -> tuple[float, float]:
        """Where on the line a moment is: per cent from the left and from the top."""
        return _percent(self.axis.place(moment)), _percent(self.scale.place(self._price_at(moment)))

    def _price_at(self, moment: datetime) -> Decimal:
        """On the line between the values around the moment; where no line is, that of the value before."""
        number = bisect_right(self.values, moment, key=lambda value: value.at)
        before = self.values[max(number - 1, 0)]
        if number in {0, len(self.values)} or self.values[number].at in self._breaks:
            return before.price
        after = self.values[number]
        share = (moment - before.at) / (after.at - before.at)
        return before.price + (after.price - before.price) * Decimal(share)


def thinned(values: Sequence[Value], axis: Axis) -> list[Value]:
    """The first, the last, and of each column the lowest and the highest, so that no peak is lost."""
    if len(values) <= 2 * COLUMNS:
        return list(values)
    columns: dict[int, list[Value]] = {}
    for value in values:
        columns.setdefault(int(axis.place(value.at) * COLUMNS), []).append(value)
    kept = {values[0], values[-1]}
    for column in columns.values():
        kept |= {min(column, key=lambda value: value.price), max(column, key=lambda value: value.price)}
    return sorted(kept)


def sparkline(prices: Sequence[Decimal], width: int = 100, height: int = 24) -> str:
    """The `d` of a small line through prices at equal distances; fewer than two are no line."""
    if len(prices) < 2:
        return ""
    low, high = min(prices), max(prices)
    share = (high - low) or Decimal(1)
    places = [
        (round(number * width / (len(prices) - 1)), round(float((high - price) / share) * height))
        for number, price in enumerate(prices)
    ]
    return f"M{places[0][0]} {places[0][1]}l{_steps(places)}"


def base36(number: int) -> str:
    digits = ""
    while number or not digits:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits


def _round_times(start: datetime, end: datetime) -> Iterator[tuple[datetime, str]]:
    """The round times between two, in the market's zone: hours, Mondays, months or years, whichever fit."""
    length = end - start
    if length <= timedelta(days=2):
        every = 2 if length <= timedelta(hours=12) else 4
        day = datetime.combine(start.date(), time(0), MARKET_ZONE)
        for hour in range(0, 48, every):
            at = day + timedelta(hours=hour)
            if start <= at <= end:
                yield at, "Noon" if at.hour == 12 else f"{at:%-I} {'a.m.' if at.hour < 12 else 'p.m.'}"
        return
    years = range(start.year, end.year + 1)
    if length <= timedelta(days=45):
        first = start.date() + timedelta(days=-start.weekday() % 7)
        days = [first + timedelta(days=7 * week) for week in range(7)]
    elif length <= timedelta(days=400):
        every = 1 if length <= timedelta(days=200) else 2
        days = [start.date().replace(year=year, month=month, day=1) for year in years for month in range(1, 13, every)]
    else:
        days = [start.date().replace(year=year, month=1, day=1) for year in years]
    for day_ in days:
        at = datetime.combine(day_, time(0), MARKET_ZONE)
        if start <= at <= end:
            yield at, _day_label(at, length)


def _day_label(at: datetime, length: timedelta) -> str:
    if length > timedelta(days=400):
        return str(at.year)
    month = MONTHS[at.month - 1]
    return f"{month} {at.day}" if length <= timedelta(days=45) else month


def _steps(places: Sequence[Place]) -> str:
    """From each place to the next, as short as SVG allows."""
    steps = (f"{x - x0} {y - y0}" for (x0, y0), (x, y) in pairwise(places))
    return " ".join(steps).replace(" -", "-")


def _percent(share: float) -> float:
    return round(share * 100, 1)
