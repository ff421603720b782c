"""`{% movers %}`: the day's three biggest moves, each with its headline, as a phone shows them above the strip."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models.functions import JSONObject

from news.markets import MOVERS, NEWS_DAYS
from news.mentions import Finder, Named
from news.models import Article, Partner, PartnerStory
from tickers.models import Company
from tickers.strip import Strip

register = template.Library()
NEWEST = 60  # Stories, ours and the partners', that a headline is looked for in.


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


@register.inclusion_tag("news/_movers.html")
def movers(found: Strip | None, news: Mapping[str, Any] | str) -> dict[str, Any]:
    """The movers, or nothing while nothing has moved, or where there is no chrome to know their headlines from."""
    moved = found.movers(MOVERS) if found else []
    if not found or not moved or not isinstance(news, Mapping):
        return {}
    stories = headlines({cell.company for cell in moved}, news)
    return {"status": found.status, "movers": [(cell, stories.get(cell.company)) for cell in moved]}


def headlines(companies: set[str], news: Mapping[str, Any]) -> dict[str, Article | PartnerStory]:
    """The newest story on each company: ours, else a partner's that names it."""
    ours = {
        row["company"]: Article(headline=row["headline"], slug=row["slug"], sponsor=row["sponsor"])
        for row in news["ours"]
        if row["company"] in companies
    }
    return {**_partners_headlines(companies - ours.keys(), news), **ours}


def _partners_headlines(companies: Iterable[str], news: Mapping[str, Any]) -> dict[str, PartnerStory]:
    wanted = [row for row in news["names"] if row["company"] in companies]
    if not wanted:
        return {}
    finder = Finder(Named(key, [row["name"], *row["aliases"]]) for key, row in enumerate(wanted))
    found: dict[str, PartnerStory] = {}
    for row in news["theirs"]:
        partner = Partner(name=row["partner"], is_paying=row["is_paying"])
        for mention in finder.find(row["title"]):
            story = PartnerStory(title=row["title"], url=row["url"], partner=partner)
            found.setdefault(wanted[mention.key]["company"], story)
    return found
