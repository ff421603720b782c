"""An article as its page would be before readers see it: from what is typed, or from what is saved so far."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from news.article_page import RELATED, TOLD, context_of
from news.article_prices import prices_of
from news.models import Article, Author, Section, Topic
from news.models.revision import apply_payload, existing_rows, payload_of

LINK_LASTS = timedelta(days=7)
Keys = Mapping[str, list[int]]  # Of the rows that an article is tied to: "authors", "topics", "companies" …


def preview_of(article: Article, keys: Keys) -> dict[str, Any]:
    """The context of the page of an article that is not stored as it stands; what it lacks is said in its place.

    Its related rows are those of the keys. Nothing is written.
    """
    now = timezone.now()
    article.headline = article.headline or "No headline yet"
    article.section = article.section or Section(name="No section yet", slug="no-section")
    article.published_at = article.published_at or max(now, article.embargo_until or now)
    told = article.corrections.values_list(TOLD, flat=True) if article.pk else []
    found: dict[str, Any] = {
        "topic_links": list(Topic.objects.filter(pk__in=keys["topics"]).values("name", "slug")),
        "company_links": prices_of(keys["companies"], article.published_at),
        "correction_rows": list(told),
    }
    for name, value in found.items():
        setattr(article, name, value)
    authors = Author.objects.select_related("portrait").in_bulk(keys["authors"])
    related = list(Article.objects.published().for_cards().related_to(article, keys)[:RELATED])
    return context_of(article, [authors[key] for key in keys["authors"] if key in authors], related)


def review_link(article: Article) -> tuple[str, datetime]:
    """An address that shows the article to whoever has it, and when it ends."""
    path = reverse("review", args=[_signer().sign(str(article.pk))])
    return settings.SITE_URL + path, timezone.now() + LINK_LASTS


def review(request: HttpRequest, token: str) -> HttpResponse:
    """The article as it is last saved, also under embargo, for somebody without a login who was sent a link."""
    try:
        number = _signer().unsign(token, max_age=LINK_LASTS)
    except SignatureExpired:
        return _answer(request, "news/review_over.html", status=410)
    except BadSignature:
        return _answer(request, "news/review_over.html", {"is_unknown": True}, status=404)
    articles = Article.objects.exclude(status=Article.Status.WITHDRAWN).select_related("section", "lead_picture")
    article = articles.filter(pk=number).first()
    if article is None:
        return _answer(request, "news/review_over.html", status=410)
    pending = article.revisions.filter(is_pending=True).first()
    if article.is_live and not pending:
        return HttpResponseRedirect(article.get_absolute_url())
    saved = existing_rows(pending.payload) if pending else payload_of(article)
    apply_payload(article, saved, saved)
    return _answer(request, "news/preview.html", {**preview_of(article, saved), "is_review": True})


def _answer(request: HttpRequest, template: str, context: Any = None, status: int = 200) -> HttpResponse:
    """What no search engine, cache or other site gets to know."""
    page = render(request, template, context, status=status)
    page["X-Robots-Tag"], page["Cache-Control"], page["Referrer-Policy"] = "noindex", "no-store", "no-referrer"
    return page


def _signer() -> TimestampSigner:
    return TimestampSigner(sep=".", salt="news.review")
