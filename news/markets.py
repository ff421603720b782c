"""The markets page: every share that we follow, the day's movers with their headlines, and how many rose and fell."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Avg, DateTimeField, F, Func, Value
from django.db.models.functions import JSONObject

from news.mentions import Finder, Named
from news.models import Article, Partner, PartnerStory
from tickers import status
from tickers.chart import sparkline
from tickers.figures import MARKET_ZONE, Figures
from tickers.market import market_day, moves_since
from tickers.models import Company, DailyClose, Point, Quote, Symbol

MOVERS = 3
STORIES, PARTNER_STORIES = 500, 100  # A mover's headline is looked for in so many, as every page pays for each.
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
    """In four queries: the shares, their small charts (two), and the movers' headlines."""
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
    """Give each mover the newest story on its company, as every page has it of the movers. One query."""
    news = Company.objects.values_list(news_of_companies(now, moves_since(now)), flat=True)[0]
    stories = newest_stories({row.company.slug for row in movers}, news)
    for row in movers:
        row.story = stories.get(row.company.slug)


def news_of_companies(now: datetime, since: datetime) -> JSONObject:
    """What `newest_stories` chooses from, to ride along in the query that every page makes.

    `ours`: the newest story of each company in the strip; `theirs`: the partners' newest; `names`: of the companies.
    No older ones than the close that the move is since, and none that somebody paid for: they do not explain a move.
    """
    recent = Article.objects.published(now).filter(published_at__gte=since, sponsor="")
    newest = recent.newest_first().values("pk")[:STORIES]
    links = Article.companies.through.objects.filter(article__in=newest, company__symbols__is_active=True)
    one_each = links.order_by("company_id", "-article__published_at", "-article_id").distinct("company_id")
    ours = JSONObject(
        company="company__slug",
        headline="article__headline",
        slug="article__slug",
        published_at="article__published_at",
    )
    unpaid = PartnerStory.objects.visible().newest_first().filter(partner__is_paying=False)
    stories = unpaid.filter(published_at__gte=since, published_at__lte=now)
    theirs = JSONObject(title="title", url="url", partner="partner__name", published_at="published_at")
    companies = Company.objects.filter(symbols__is_active=True).order_by().distinct()
    return JSONObject(
        ours=ArraySubquery(one_each.values(json=ours)),
        theirs=ArraySubquery(stories.values(json=theirs)[:PARTNER_STORIES]),
        names=ArraySubquery(companies.values(json=JSONObject(company="slug", name="name", aliases="aliases"))),
    )


def newest_stories(companies: Collection[str], news: Mapping[str, Any]) -> dict[str, Article | PartnerStory]:
    """The newest story on each of these companies, by slug: ours, else a partner's that names it.

    All companies of the strip are looked for in a partner's title, so that the longest of their names counts.
    """
    found: dict[str, Article | PartnerStory] = {
        row["company"]: _our_story(row) for row in news["ours"] if row["company"] in companies
    }
    lacking = set(companies) - found.keys()
    if not lacking:
        return found
    finder = Finder(Named(key, [row["name"], *row["aliases"]]) for key, row in enumerate(news["names"]))
    for row in news["theirs"]:
        for company in {news["names"][mention.key]["company"] for mention in finder.find(row["title"])} & lacking:
            found[company] = _partner_story(row)
            lacking.remove(company)
        if not lacking:
            break
    return found


def _our_story(row: Mapping[str, Any]) -> Article:
    published_at = datetime.fromisoformat(row["published_at"])
    return Article(headline=row["headline"], slug=row["slug"], published_at=published_at)


def _partner_story(row: Mapping[str, Any]) -> PartnerStory:
    published_at = datetime.fromisoformat(row["published_at"])
    return PartnerStory(
        partner=Partner(name=row["partner"]), title=row["title"], url=row["url"], published_at=published_at
    )


def told(quotes: Sequence[Quote], now: datetime) -> str:
    """What these quotes are, at least one, with their time."""
    words = status.status(quotes, now).text
    newest = status.latest(quotes)
    return f"{words}, as of {status.moment(newest.as_of, now, ' ET')}" if newest.source == "simulated" else words
