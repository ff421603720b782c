"""What every page shows around its own matter: the publication, its sections and the newsletter it offers."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Subquery
from django.db.models.functions import JSONObject
from django.http import HttpRequest
from django.utils import timezone

from config.middleware import is_admin
from news.models import Publication, Section
from news.templatetags.movers import news_of_companies
from newsletter.models import Newsletter


def chrome(request: HttpRequest) -> dict[str, Any]:
    """`publication`, with `nav` (name and slug of each section), `newsletter` (what it offers) and
    `news_of_companies` (for the movers' headlines), in one query."""
    if is_admin(request):
        return {}
    publication = Publication.load(
        nav=ArraySubquery(Section.objects.values(json=JSONObject(name="name", slug="slug"))),
        newsletter=Subquery(
            Newsletter.objects.values(json=JSONObject(name="name", description="description", frequency="frequency"))[
                :1
            ]
        ),
        news_of_companies=news_of_companies(timezone.now()),
    )
    timezone.activate(publication.zone)
    return {"publication": publication, "site_url": settings.SITE_URL}
