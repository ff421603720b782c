"""What the page of an article shows: the same for readers, for an editor's preview and for a reviewer."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.utils import timezone

from news.article_prices import box, companies_with_prices
from news.body_page import body_for_page
from news.models import Article, Author, Correction, PartnerStory, Topic
from news.prepared import prepared

RELATED, LATEST, PARTNERS = 4, 6, 4
TOLD = JSONObject(text="text", made_at="made_at")  # A correction, as the page shows it.


def published(slug: str) -> dict[str, Any] | None:
    """The context of the page of a published article, if there is one at the address."""
    now = timezone.now()
    for story in _stories(slug=slug, now=now):
        related = _related(article=story.pk, section=story.section.pk, now=now)
        return context_of(story, _authors(article=story.pk), related)
    return None


def context_of(story: Article, authors: list[Author], related: list[Article]) -> dict[str, Any]:
    """The context of the page's template; the story comes from `_stories`, or has the same attributes."""
    now = timezone.now()
    shown = {story.pk, *(other.pk for other in related)}
    others = [other for other in newest(now=now) if other.pk not in shown]
    body_start, body_end = body_for_page(story.body, is_sponsored=story.is_sponsored)
    return {
        "article": story,
        "article_url": settings.SITE_URL + story.get_absolute_url(),
        "section": story.section,
        "prices": box(story, now),
        "authors": authors,
        "body_start": body_start,
        "body_end": body_end,
        "corrections": _corrections(story.correction_rows),  # type: ignore[attr-defined]
        "related": related,
        "latest": others[:LATEST],
        "partner_stories": partner_stories(),
    }


@prepared
def _stories(slug: Any, now: Any) -> QuerySet[Article]:
    """The one at the address, with what the page shows of other rows: topics, companies and corrections."""
    return (
        Article.objects.published(now)
        .filter(slug=slug)
        .select_related("section", "lead_picture")
        .annotate(
            topic_links=_links(Topic, "articles"),
            company_links=companies_with_prices(),
            correction_rows=ArraySubquery(Correction.objects.filter(article=OuterRef("pk")).values(json=TOLD)),
        )
    )


@prepared
def _authors(article: Any) -> QuerySet[Author]:
    return Article(pk=article).byline()


@prepared
def _related(article: Any, section: Any, now: Any) -> QuerySet[Article]:
    about = Article(pk=article, section_id=section)
    return Article.objects.published(now).for_cards().related_to(about, at=now)[:RELATED]


@prepared
def newest(now: Any) -> QuerySet[Article]:
    """As many as a page may list when it leaves out its own story and what it has shown."""
    return Article.objects.published(now).for_headlines().newest_first()[: LATEST + RELATED + 1]


@prepared
def partner_stories() -> QuerySet[PartnerStory]:
    shown = ("title", "url", "published_at", "partner__name", "partner__is_paying")
    return PartnerStory.objects.mixed().only(*shown)[:PARTNERS]


def _links(model: Any, relation: str) -> ArraySubquery:
    """The name and slug of every row that an article is tied to, as part of the article's own query."""
    return ArraySubquery(
        model.objects.filter(**{relation: OuterRef("pk")}).values(json=JSONObject(name="name", slug="slug"))
    )


def _corrections(rows: Iterable[Mapping[str, str]]) -> list[dict[str, Any]]:
    """`text` and `made_at` of each, the newest first."""
    return [{"text": row["text"], "made_at": datetime.fromisoformat(row["made_at"])} for row in rows]
