"""The pages that readers see. Each view reads the request, asks one or two questions of the newsroom, and renders."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.safestring import SafeString

from news.article_prices import box, companies_with_prices
from news.body import picture_digests, replace_pictures, split_for_signup
from news.front import front_page
from news.models import Article, Author, PartnerStory, Picture, Section, Topic
from news.models.article import ArticleQuerySet
from news.paging import page_of
from news.templatetags.newsroom import picture as picture_markup

RELATED, LATEST, PARTNERS = 4, 6, 4


def home(request: HttpRequest) -> HttpResponse:
    return render(
        request, "news/home.html", {"front": front_page(), "partner_stories": PartnerStory.objects.newest()[:PARTNERS]}
    )


def article(request: HttpRequest, slug: str) -> HttpResponse:
    story = get_object_or_404(
        Article.objects.published()
        .select_related("section", "lead_picture")
        .annotate(topic_links=_links(Topic, "articles"), company_links=companies_with_prices()),
        slug=slug,
    )
    published = Article.objects.published().for_cards()
    related = list(published.related_to(story)[:RELATED])
    latest = published.exclude(pk__in=[story.pk, *(other.pk for other in related)]).newest_first()[:LATEST]
    body_start, body_end = split_for_signup(_with_pictures(story.body))
    return render(
        request,
        "news/article.html",
        {
            "article": story,
            "article_url": settings.SITE_URL + story.get_absolute_url(),
            "section": story.section,
            "prices": box(story, timezone.now()),
            "authors": story.byline_authors(),
            "body_start": SafeString(body_start),
            "body_end": SafeString(body_end),
            "related": related,
            "latest": latest,
            "partner_stories": PartnerStory.objects.newest()[:PARTNERS],
        },
    )


def latest(request: HttpRequest) -> HttpResponse:
    return _listing(
        request, Article.objects.published(), title="Latest", description="Everything we publish, newest first."
    )


def section(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Section, slug=slug)
    articles = Article.objects.published().filter(section=found)
    return _listing(request, articles, title=found.name, description=found.description, section=found)


def topic(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Topic, slug=slug)
    articles = Article.objects.published().filter(topics=found)
    return _listing(request, articles, kicker="Topic", title=found.name, description=found.description)


def author(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Author.objects.select_related("portrait"), slug=slug)
    articles = Article.objects.published().filter(authors=found)
    return _listing(request, articles, title=found.name, description=found.bio, author=found)


def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "news/privacy.html")


def _listing(request: HttpRequest, articles: ArticleQuerySet, **about: Any) -> HttpResponse:
    page = page_of(articles.for_cards(), request.GET.get("before", ""))
    return render(request, "news/listing.html", {"page": page, **about})


def _links(model: Any, relation: str) -> ArraySubquery:
    """The name and slug of every row that an article is tied to, as part of the article's own query."""
    return ArraySubquery(
        model.objects.filter(**{relation: OuterRef("pk")}).values(json=JSONObject(name="name", slug="slug"))
    )


def _with_pictures(body: str) -> str:
    digests = picture_digests(body)
    if not digests:
        return body
    found = {picture.digest: picture for picture in Picture.objects.filter(digest__in=digests)}
    return replace_pictures(
        body, lambda digest: picture_markup(found[digest], "full", "body", found[digest].alt) if digest in found else ""
    )
