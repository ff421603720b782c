"""The page of a company: its share as a chart with our stories marked on it, and its key figures."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from itertools import groupby

from news.markets import told
from news.models import Article
from tickers import status
from tickers.chart import Axis, Chart, Span, Value
from tickers.figures import MARKET_ZONE, Figures, rounded
from tickers.market import CLOSING, market_day, session
from tickers.models import Quote, Symbol
from tickers.models.history import close_time

TABLE_ROWS = 30
MARK_APART = 7.5  # Per cent of the chart's width, so that two marks do not cover each other on a phone.


@dataclass(frozen=True)
class Range:
    """How far back a chart looks: so many days of points, or so many months of closes."""

    key: str
    words: str
    days: int = 0
    months: int = 0

    @property
    def label(self) -> str:
        return self.key.upper()


RANGES = [
    Range("1d", "1 day", days=1),
    Range("5d", "5 days", days=5),
    Range("1m", "1 month", months=1),
    Range("6m", "6 months", months=6),
    Range("1y", "1 year", months=12),
    Range("5y", "5 years", months=60),
]
USUAL = "1m"


@dataclass(frozen=True)
class KeyFigure:
    """`figures` has the change, where it is one."""

    name: str
    text: str = ""
    figures: Figures | None = None


@dataclass(frozen=True)
class Mark:
    """One or more stories on the line, by their numbers in the list below; `x` and `y` are per cent."""

    x: float
    y: float
    label: str
    target: str
    words: str

    @property
    def width(self) -> int:
        return 24 + 7 * max(len(self.label) - 2, 0)

    @property
    def middle(self) -> float:
        """How far the mark is pushed sideways, so that it stays off the prices beside the chart."""
        room = self.width / 2 - 8
        return -room if self.x > 95 else room if self.x < 5 else 0

    @property
    def left(self) -> float:
        return self.middle - self.width / 2

    @property
    def lift(self) -> int:
        """By how many pixels the mark stands off the line: above it, but below where there is no room."""
        return 24 if self.y < 16 else -24


@dataclass(frozen=True)
class Share:
    """A listed share: its quote, the closes of the years and the points of the days that the page needs."""

    symbol: Symbol
    quote: Quote | None
    closes: Sequence[Value]
    points: Sequence[Value]
    now: datetime

    @classmethod
    def of(cls, symbol: Symbol, chosen: Range, now: datetime) -> "Share":
        """In two queries: at least the last year of closes (for the key figures), and the points of the last days."""
        quote: Quote | None = getattr(symbol, "quote", None)
        since = months_before(market_day(now), max(chosen.months, 12)) - timedelta(days=7)
        closes = symbol.closes_since(since).values_list("day", "close")
        last = market_day(quote.as_of if quote else now)
        points = symbol.points_since(midnight(last - timedelta(days=6) if chosen.days > 1 else last))
        return cls(
            symbol,
            quote,
            closes=[Value(close_time(day), close) for day, close in closes],
            points=[Value(at, price) for at, price in points.values_list("at", "price")],
            now=now,
        )

    @property
    def told(self) -> str:
        return told([self.quote], self.now) if self.quote else ""

    @cached_property
    def to_date(self) -> Sequence[Value]:
        """The closes, and the price now where it is of a later day than the last of them."""
        if self.quote is None or (self.closes and market_day(self.closes[-1].at) >= market_day(self.quote.as_of)):
            return self.closes
        return [*self.closes, Value(self.quote.as_of, self.quote.price)]

    @cached_property
    def days(self) -> list[list[Value]]:
        """The points of each of the last days that have some: of the trading hours, or of all where that is little."""
        points = list(self.points)
        if points and self.quote and self.quote.as_of > points[-1].at:
            points.append(Value(self.quote.as_of, self.quote.price))
        return [in_hours(list(values)) for _, values in groupby(points, key=lambda value: market_day(value.at))]

    def chart(self, chosen: Range) -> Chart | None:
        """None while there is no line to draw: that takes two prices."""
        if chosen.days:
            return self._chart_of_days(chosen.days)
        values = self._months(chosen.months)
        if len(values) < 2:
            return None
        return Chart(values, Axis([Span(values[0].at, values[-1].at)]), gap=timedelta(days=10))

    def _chart_of_days(self, count: int) -> Chart | None:
        days = self.days[-count:]
        values = [value for day in days for value in day]
        if len(values) < 2:
            return None
        reference = self.quote.previous_close if self.quote and count == 1 else None
        axis = Axis([span_of(day) for day in days])
        return Chart(values, axis, gap=timedelta(minutes=20), reference=reference)

    def key_figures(self) -> list[KeyFigure]:
        """Those that the data is enough for."""
        return [*self._levels(), *self._changes()]

    def _levels(self) -> Iterator[KeyFigure]:
        if self.quote:
            yield KeyFigure("Previous close", money(self.quote.previous_close))
        if self.days and self.quote and market_day(self.days[-1][-1].at) == market_day(self.quote.as_of):
            yield KeyFigure("Day’s range", span_in_words(self.days[-1]))
        year = self._months(12)
        if len(year) > 200:
            yield KeyFigure("52-week range", span_in_words(year))

    def _changes(self) -> Iterator[KeyFigure]:
        for chosen in RANGES[2:5]:
            day = months_before(market_day(self.now), chosen.months)
            number = bisect_left(self.to_date, midnight(day + timedelta(days=1)), key=lambda value: value.at)
            if number:
                figures = Figures.of(self.to_date[-1].price, self.to_date[number - 1].price)
                yield KeyFigure(f"Change, {chosen.words}", figures=figures)

    def _months(self, count: int) -> Sequence[Value]:
        """The closes of the last months, and the price now."""
        first = midnight(months_before(market_day(self.now), count))
        return self.to_date[bisect_left(self.to_date, first, key=lambda value: value.at) :]


@dataclass(frozen=True)
class Drawing:
    """A chart with its words: what the page's `tickers/_chart.html` shows."""

    chart: Chart
    range: Range
    title: str
    marks: Sequence[Mark]
    now: datetime

    @property
    def change(self) -> Figures:
        """Over the whole range; over one day it is from the close before."""
        return Figures.of(self.chart.values[-1].price, self.chart.reference or self.chart.values[0].price)

    @property
    def since(self) -> str:
        """What the change is from: the first value, as the data may begin later than the range does."""
        return "the close before" if self.chart.reference else self.time(self.chart.values[0].at)

    @property
    def description(self) -> str:
        values = self.chart.values
        lowest = min(values, key=lambda value: value.price)
        highest = max(values, key=lambda value: value.price)
        return (
            f"From {self._at(values[0])} to {self._at(values[-1])}. "
            f"Lowest {self._at(lowest)}, highest {self._at(highest)}."
        )

    def _at(self, value: Value) -> str:
        return f"{money(value.price)} ({self.time(value.at)})"

    def time(self, at: datetime) -> str:
        if self.range.months:
            return status.date(at.astimezone(MARKET_ZONE), self.now)
        return status.moment(at, self.now)

    @property
    def rows(self) -> list[tuple[str, str]]:
        """Time and price for the table, newest first: every so many-th value, if all would be too many to read."""
        values = list(reversed(self.chart.values))
        every = -(-len(values) // TABLE_ROWS)
        return [(self.time(value.at), money(value.price)) for value in values[::every]]


def range_of(key: str) -> Range:
    """The range of this key, or the usual one."""
    return next((found for found in RANGES if found.key == key), RANGES[2])


def marks(chart: Chart, stories: Sequence[Article]) -> tuple[list[Mark], set[int]]:
    """The stories (newest first) that fall into the chart's time, and which of them by pk."""
    start = chart.axis.spans[0].start
    placed = [
        (chart.at(story.published_at), number, story)
        for number, story in enumerate(stories, 1)
        if story.published_at and story.published_at >= start
    ]
    groups: list[list[tuple[tuple[float, float], int, Article]]] = []
    for item in placed:
        if groups and groups[-1][0][0][0] - item[0][0] < MARK_APART:
            groups[-1].append(item)
        else:
            groups.append([item])
    return [_mark(group) for group in groups], {story.pk for _, _, story in placed}


def _mark(group: Sequence[tuple[tuple[float, float], int, Article]]) -> Mark:
    (x, y), first, story = group[0]
    if len(group) == 1:
        return Mark(x, y, f"{first}", f"#story-{first}", f"Story {first}: {story.headline}")
    last = group[-1][1]
    return Mark(x, y, f"{first}–{last}", f"#story-{first}", f"Stories {first}–{last}")


def in_hours(day: list[Value]) -> list[Value]:
    """A day's points of regular trading; all of them if it has fewer than two, as with prices made up on a Sunday."""
    found = session(market_day(day[0].at))
    regular = [value for value in day if found and found.opens_at <= value.at <= found.closes_at + CLOSING]
    return regular if len(regular) > 1 else day


def span_of(day: list[Value]) -> Span:
    """The time that a day's points stand for: the whole of regular trading, also while it is under way."""
    found = session(market_day(day[0].at))
    if found and found.opens_at <= day[0].at and day[-1].at <= found.closes_at + CLOSING:
        return Span(found.opens_at, found.closes_at)
    return Span(day[0].at, day[-1].at)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(0), MARKET_ZONE)


def months_before(day: date, months: int) -> date:
    """The same day so many months before, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError


def money(price: Decimal) -> str:
    return f"{rounded(price):,}"


def span_in_words(values: Sequence[Value]) -> str:
    prices = [value.price for value in values]
    return f"{money(min(prices))} – {money(max(prices))}"
