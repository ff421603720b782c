"""The pages that readers see. Each view reads the request, asks one or two questions of the newsroom, and renders."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from news.article_page import LATEST, newest, partner_stories, published
from news.front import front_page, section_page
from news.models import Article, Author, Section, Topic
from news.models.article import ArticleQuerySet
from news.paging import page_of


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "news/home.html", {"front": front_page(), "partner_stories": partner_stories()})


def article(request: HttpRequest, slug: str) -> HttpResponse:
    context = published(slug)
    return render(request, "news/article.html", context) if context else _without_a_page(request, slug)


def _without_a_page(request: HttpRequest, slug: str) -> HttpResponse:
    """The answer at an address where readers see no article: where it is now, that it is gone, or nothing at all."""
    articles = Article.objects.defer("body")
    story = articles.filter(slug=slug).first() or get_object_or_404(articles, former_slugs__slug=slug)
    if story.is_live and story.slug != slug:
        return HttpResponsePermanentRedirect(story.get_absolute_url())
    if story.withdrawn_to:
        return HttpResponsePermanentRedirect(story.withdrawn_to)
    if not story.is_gone:
        raise Http404("The article is not published.")
    return render(request, "news/gone.html", {"latest": newest(now=timezone.now())[:LATEST]}, status=410)


def latest(request: HttpRequest) -> HttpResponse:
    return _listing(
        request, Article.objects.published(), title="Latest", description="Everything we publish, newest first."
    )


def section(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Section, slug=slug)
    page = section_page(found, request.GET.get("before", ""))
    about = {"title": found.name, "description": found.description, "section": found}
    return render(request, "news/listing.html", {"page": page, **about})


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
