"""What every page shows around its own matter: the publication, its sections and the newsletter it offers."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, QuerySet, Subquery, When
from django.db.models.functions import JSONObject
from django.http import HttpRequest
from django.utils import timezone

from config.middleware import is_admin
from news.markets import news_of_companies
from news.models import Article, BreakingNews, Publication, Section
from news.prepared import prepared
from newsletter.models import Newsletter
from tickers.market import moves_since


def chrome(request: HttpRequest) -> dict[str, Any]:
    """`publication` (as of `_publications`) and `site_url`."""
    if is_admin(request):
        return {}
    now = timezone.now()
    publication = Publication.load(_publications(now=now, since=moves_since(now)))
    timezone.activate(publication.zone)
    return {"publication": publication, "site_url": settings.SITE_URL}


@prepared
def _publications(now: Any, since: Any) -> QuerySet[Publication]:
    """With `nav` (name and slug of each section), `newsletter` (what it offers), `breaking` (what is over every page)
    and `news_of_companies` (for the movers' headlines), in one query."""
    return Publication.objects.annotate(
        nav=ArraySubquery(Section.objects.values(json=JSONObject(name="name", slug="slug"))),
        newsletter=Subquery(
            Newsletter.objects.values(json=JSONObject(name="name", description="description", frequency="frequency"))[
                :1
            ]
        ),
        breaking=breaking(now),
        news_of_companies=news_of_companies(now, since),
    )


def breaking(now: datetime) -> Subquery:
    """The breaking news of now: its headline, and the slug and sponsor of its article where readers may see that."""
    is_live = {"article__in": Article.objects.published(now)}
    told = JSONObject(
        headline="headline",
        slug=Case(When(**is_live, then=F("article__slug"))),
        sponsor=Case(When(**is_live, then=F("article__sponsor"))),
    )
    return Subquery(BreakingNews.objects.current(now).values(json=told)[:1])
