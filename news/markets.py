"""The markets page: every share that we follow, the day's movers with their headlines, and how many rose and fell."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Avg, DateTimeField, F, Func, Value
from django.db.models.functions import JSONObject

from news.mentions import Finder, Named
from news.models import Article, PartnerStory
from tickers import status
from tickers.chart import sparkline
from tickers.figures import MARKET_ZONE, Figures
from tickers.market import market_day
from tickers.models import Company, DailyClose, Point, Quote, Symbol

MOVERS = 3
NEWS_DAYS, PARTNER_STORIES = 7, 200  # How far back a mover's headline is looked for.
NEWEST = 60  # Stories, ours and the partners', in which the phones' movers look for theirs.
SPARK_EVERY = timedelta(minutes=15)
MONTH = timedelta(days=31)


@dataclass
class Row:
    """One share. With a `note` its price is of another time than the rest, so it neither rises nor falls here."""

    symbol: Symbol
    quote: Quote
    note: str
    spark: str = ""
    story: Article | PartnerStory | None = None

    @property
    def company(self) -> Company:
        return self.symbol.company

    @property
    def figures(self) -> Figures:
        return self.quote.figures

    @property
    def change(self) -> Decimal:
        return self.quote.price - self.quote.previous_close

    @property
    def percent(self) -> Decimal:
        """The exact change in per cent, to sort by."""
        return (self.quote.price / self.quote.previous_close - 1) * 100

    @property
    def direction(self) -> str:
        return "noted" if self.note else self.figures.direction


@dataclass(frozen=True)
class Column:
    """A column that the table can be sorted by."""

    key: str
    label: str
    value: Callable[[Row], Any]
    first: str = "desc"  # The way it is sorted when it is chosen.


COLUMNS = [
    Column("company", "Company", lambda row: row.company.name.casefold(), "asc"),
    Column("kind", "Kind", lambda row: (row.company.get_kind_display(), row.company.name.casefold()), "asc"),
    Column("price", "Price", lambda row: row.quote.price),
    Column("change", "Change", lambda row: row.change),
    Column("percent", "Change, %", lambda row: row.percent),
]


@dataclass(frozen=True)
class Head:
    """A column's head in the page: how it is sorted now, and where a click leads."""

    key: str
    label: str
    aria_sort: str
    way: str  # What the click sorts by.
    first: str


@dataclass(frozen=True)
class Order:
    column: Column
    way: str

    @classmethod
    def of(cls, key: str, way: str) -> "Order":
        """What the address asks for; by company, if it asks for something we do not have."""
        column = next((column for column in COLUMNS if column.key == key), COLUMNS[0])
        return cls(column, way if way in {"asc", "desc"} else column.first)

    def apply(self, rows: Iterable[Row]) -> list[Row]:
        """Shares with a note stand last where moves are compared."""
        ordered = sorted(rows, key=self.column.value, reverse=self.way == "desc")
        return sorted(ordered, key=lambda row: bool(row.note)) if self.column.key in {"change", "percent"} else ordered

    def heads(self) -> list[Head]:
        return [self._head(column) for column in COLUMNS]

    def _head(self, column: Column) -> Head:
        if column is not self.column:
            return Head(column.key, column.label, "", column.first, column.first)
        is_up = self.way == "asc"
        return Head(
            column.key, column.label, "ascending" if is_up else "descending", "desc" if is_up else "asc", column.first
        )


@dataclass(frozen=True)
class Breadth:
    """How many shares rose, fell and stayed."""

    up: int
    down: int
    unchanged: int

    @property
    def bars(self) -> list[tuple[str, float, float]]:
        """(direction, start, width) of each part that there is, in per cent of the bar."""
        total = self.up + self.down + self.unchanged
        bars, start = [], 0.0
        for name, count in (("up", self.up), ("unchanged", self.unchanged), ("down", self.down)):
            if count:
                bars.append((name, round(start, 2), round(count / total * 100, 2)))
                start += count / total * 100
        return bars


@dataclass(frozen=True)
class Markets:
    """All that the page shows; `rows` are in the strip's order."""

    rows: Sequence[Row]
    now: datetime
    spark_words: str = ""
    gainers: Sequence[Row] = field(default_factory=list)
    losers: Sequence[Row] = field(default_factory=list)

    @property
    def told(self) -> str:
        """What the figures are, with their time."""
        return told([row.quote for row in self.rows], self.now)

    @property
    def movers(self) -> list[Sequence[Row]]:
        return [self.gainers, self.losers]

    @property
    def breadth(self) -> Breadth:
        ways = [row.direction for row in self.rows]
        return Breadth(ways.count("up"), ways.count("down"), ways.count("unchanged"))

    @property
    def kinds(self) -> list[tuple[str, str, int]]:
        """(value, name, how many) of each kind of company that there is, in the order of the model."""
        kinds = [row.company.kind for row in self.rows]
        return [(kind.value, kind.label, kinds.count(kind)) for kind in Company.Kind if kind in kinds]


def markets(now: datetime) -> Markets:
    """In five queries: the shares, their small charts (two), and the movers' headlines (two)."""
    symbols = list(Symbol.objects.active().filter(quote__isnull=False).select_related("company", "quote"))
    if not symbols:
        return Markets([], now)
    newest = status.latest([symbol.quote for symbol in symbols])
    rows = [Row(symbol, symbol.quote, status.note(symbol.quote, newest, now)) for symbol in symbols]
    spark_words = _draw_sparks(rows, now)
    told_apart = sorted((row for row in rows if not row.note), key=lambda row: row.percent)
    losers = [row for row in told_apart if row.direction == "down"][:MOVERS]
    gainers = [row for row in reversed(told_apart) if row.direction == "up"][:MOVERS]
    add_headlines([*gainers, *losers], now)
    return Markets(rows, now, spark_words, gainers, losers)


def _draw_sparks(rows: Sequence[Row], now: datetime) -> str:
    """Draw the small charts: of the day of the latest price if it has points, else of the month. Says which."""
    day = market_day(max(row.quote.as_of for row in rows))
    ids = [row.symbol.pk for row in rows]
    since = datetime.combine(day, time(0), MARKET_ZONE)
    bins = Func(Value(SPARK_EVERY), F("at"), Value(since), function="date_bin", output_field=DateTimeField())
    points = Point.objects.filter(symbol__in=ids, at__gte=since).values("symbol_id", bin=bins)
    mean = points.annotate(mean=Avg("price")).order_by("symbol_id", "bin")
    prices = _by_symbol(mean.values_list("symbol_id", "mean"))
    is_day = any(len(found) > 1 for found in prices.values())
    if not is_day:
        closes = DailyClose.objects.filter(symbol__in=ids, day__gte=market_day(now) - MONTH).order_by("symbol", "day")
        prices = _by_symbol(closes.values_list("symbol_id", "close"))
    for row in rows:
        row.spark = sparkline([*prices.get(row.symbol.pk, []), row.quote.price])
    return "Day" if is_day else "Month"


def _by_symbol(found: Iterable[tuple[int, Decimal]]) -> dict[int, list[Decimal]]:
    prices: dict[int, list[Decimal]] = {}
    for symbol, price in found:
        prices.setdefault(symbol, []).append(price)
    return prices


def add_headlines(movers: Sequence[Row], now: datetime) -> None:
    """Give each mover the newest story on its company of the last days: ours, else a partner's that names it."""
    companies = [row.company.pk for row in movers]
    since = now - timedelta(days=NEWS_DAYS)
    newest = Article.companies.through.objects.filter(
        company__in=companies, article__in=Article.objects.published(now).filter(published_at__gte=since)
    ).order_by("company_id", "-article__published_at", "-article_id")
    links = newest.distinct("company_id").select_related("article").defer("article__body")
    stories = {link.company_id: link.article for link in links}
    theirs = _partner_headlines([row.company for row in movers], since, now)
    for row in movers:
        row.story = stories.get(row.company.pk) or theirs.get(row.company.pk)


def _partner_headlines(companies: Iterable[Company], since: datetime, now: datetime) -> dict[int, PartnerStory]:
    """The newest headline of a partner that names each company, by the company's key."""
    finder = Finder(Named(company.pk, [company.name, *company.aliases]) for company in companies)
    stories = PartnerStory.objects.newest().filter(published_at__gte=since, published_at__lte=now)[:PARTNER_STORIES]
    found: dict[int, PartnerStory] = {}
    for story in stories:
        for mention in finder.find(story.title):
            found.setdefault(mention.key, story)
    return found


def news_of_companies(now: datetime) -> JSONObject:
    """What `{% movers %}` chooses headlines from, to ride along in the query that every page makes.

    `ours`: the newest story of each company in the strip; `theirs`: the partners' newest; `names`: of the companies.
    """
    since = now - timedelta(days=NEWS_DAYS)
    newest = Article.objects.published(now).filter(published_at__gte=since).newest_first().values("pk")[:NEWEST]
    links = Article.companies.through.objects.filter(article__in=newest, company__symbols__is_active=True)
    one_each = links.order_by("company_id", "-article__published_at", "-article_id").distinct("company_id")
    ours = JSONObject(
        company="company__slug", headline="article__headline", slug="article__slug", sponsor="article__sponsor"
    )
    stories = PartnerStory.objects.visible().newest_first().filter(published_at__gte=since, published_at__lte=now)
    theirs = JSONObject(title="title", url="url", partner="partner__name", is_paying="partner__is_paying")
    companies = Company.objects.filter(symbols__is_active=True).order_by().distinct()
    return JSONObject(
        ours=ArraySubquery(one_each.values(json=ours)),
        theirs=ArraySubquery(stories.values(json=theirs)[:NEWEST]),
        names=ArraySubquery(companies.values(json=JSONObject(company="slug", name="name", aliases="aliases"))),
    )


def told(quotes: Sequence[Quote], now: datetime) -> str:
    """What these quotes are, at least one, with their time."""
    words = status.status(quotes, now).text
    newest = status.latest(quotes)
    return f"{words}, as of {status.moment(newest.as_of, now, ' ET')}" if newest.source == "simulated" else words
