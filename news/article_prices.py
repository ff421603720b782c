"""The listed companies an article is about, as its box shows them: the price, today's change, and since publication."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import JSONField
from django.db.models.expressions import RawSQL

from news.markets import told
from tickers import status
from tickers.figures import MARKET_ZONE, Figures, rounded
from tickers.market import market_day
from tickers.models import Quote
from tickers.models.history import Price, later

OLDEST = timedelta(days=7)  # A price longer before the publication is not the price at publication.
# In SQL, as the ORM would take 3.5 ms to write it, of the 4 that the whole page may cost. A close is out at 4 p.m.,
# also on a half day, whose points know it earlier. Money travels as text, to stay exact.
COMPANIES = """
SELECT coalesce(jsonb_agg(jsonb_build_object(
    'name', company.name,
    'slug', company.slug,
    'ticker', symbol.ticker,
    'is_active', symbol.is_active,
    'quote', (
        SELECT jsonb_build_object(
            'price', quote.price::text, 'previous_close', quote.previous_close::text, 'as_of', quote.as_of,
            'refreshed_at', quote.refreshed_at, 'source', quote.source, 'delay_s', quote.delay_s)
        FROM tickers_quote quote WHERE quote.symbol_id = symbol.id),
    'point', (
        SELECT jsonb_build_object('at', point.at, 'price', point.price::text)
        FROM tickers_point point
        WHERE point.symbol_id = symbol.id AND point.at <= news_article.published_at
        ORDER BY point.at DESC LIMIT 1),
    'close', (
        SELECT jsonb_build_object('day', daily.day, 'price', daily.close::text)
        FROM tickers_dailyclose daily
        WHERE daily.symbol_id = symbol.id
            AND (daily.day + time '16:00') AT TIME ZONE 'America/New_York' <= news_article.published_at
        ORDER BY daily.day DESC LIMIT 1)
    ) ORDER BY company.name, symbol.position), '[]')
FROM news_article_companies link
JOIN tickers_company company ON company.id = link.company_id
LEFT JOIN tickers_symbol symbol ON symbol.company_id = company.id
WHERE link.article_id = news_article.id
"""
# The same of an article that is not stored as it stands: it stands in the place of the tables.
OF_A_PREVIEW = f"""
WITH news_article (id, published_at) AS (VALUES (0, %s::timestamptz)),
    news_article_companies (article_id, company_id) AS (SELECT 0, unnest(%s::bigint[]))
SELECT ({COMPANIES}) FROM news_article
"""  # noqa: S608 - nothing in it comes from outside.


def companies_with_prices() -> RawSQL:
    """To annotate an article: its companies, each with its share, the last quote, and the prices before publication.

    It rides along in the article's own query; `box` makes words of it.
    """
    return RawSQL(COMPANIES, (), output_field=JSONField())  # noqa: S611 - nothing in it comes from outside.


def prices_of(companies: list[int], published_at: datetime) -> list[dict[str, Any]]:
    """What `companies_with_prices` would find for an article about the companies of these keys."""
    with connection.cursor() as cursor:
        cursor.execute(OF_A_PREVIEW, [published_at, companies])
        found: list[dict[str, Any]] = json.loads(cursor.fetchone()[0])
    return found


@dataclass(frozen=True)
class Beside:
    """A row of the box. `words` stand where there are no figures to show; `told` is what the price is, and of when."""

    name: str
    url: str
    ticker: str
    words: str = ""
    told: str = ""
    day: str = ""
    today: Figures | None = None
    since: Figures | None = None
    since_words: str = ""


@dataclass(frozen=True)
class Box:
    """The listed companies of an article; the others are only named, by `name` and `slug`.

    `told` is what the prices are, if that is the same for all; a row that differs has its own.
    """

    rows: list[Beside]
    told: str
    unlisted: list[Mapping[str, Any]]


def box(article: Any, now: datetime) -> Box:
    """What the box of a published article shows; its `company_links` are `companies_with_prices`."""
    found = article.company_links
    rows = [_beside(company, article.published_at, now) for company in found if company["ticker"]]
    told_once = next((row.told for row in rows if row.told), "")
    rows = [replace(row, told="") if row.told == told_once else row for row in rows]
    return Box(rows, told_once, [company for company in found if not company["ticker"]])


def _beside(found: Mapping[str, Any], published_at: datetime, now: datetime) -> Beside:
    row = {"name": found["name"], "url": f"/companies/{found['slug']}/", "ticker": found["ticker"]}
    if found["quote"] is None:
        return Beside(**row, words="No price yet" if found["is_active"] else "No longer followed")
    quote = _quote(found["quote"])
    if not found["is_active"]:
        last = f"{quote.figures.price} on {status.date(quote.as_of.astimezone(MARKET_ZONE), now)}"
        return Beside(**row, words=f"No longer followed; last price {last}")
    since, since_words = _since(found, quote, published_at, now)
    day = "Today" if market_day(quote.as_of) == market_day(now) else status.weekday(quote.as_of, now)
    return Beside(**row, told=told([quote], now), day=day, today=quote.figures, since=since, since_words=since_words)


def _since(found: Mapping[str, Any], quote: Quote, published_at: datetime, now: datetime) -> tuple[Figures | None, str]:
    """The change since publication and the price it is from, or why there is none."""
    if quote.as_of <= published_at:
        return None, "No trading since this story"
    before = price_at_publication(found, published_at)
    if before is None:
        return None, "No price from its publication"
    figures = Figures.of(quote.price, before.price)
    when = f"{status.weekday(before.at, now)} close" if before.is_close else status.moment(before.at, now, " ET")
    return figures, f"from {rounded(before.price):,}, {when}"


def price_at_publication(found: Mapping[str, Any], published_at: datetime) -> Price | None:
    """The later of the last point and the last close before publication, if it is of the last days."""
    point, close = found["point"], found["close"]
    last = later(
        datetime.fromisoformat(point["at"]) if point else None,
        Decimal(point["price"]) if point else Decimal(),
        date.fromisoformat(close["day"]) if close else None,
        Decimal(close["price"]) if close else Decimal(),
    )
    return last if last and published_at - last.at <= OLDEST else None


def _quote(fields: Mapping[str, Any]) -> Quote:
    moments = {name: datetime.fromisoformat(fields[name]) for name in ("as_of", "refreshed_at")}
    money = {name: Decimal(fields[name]) for name in ("price", "previous_close")}
    return Quote(**{**fields, **moments, **money})
