"""What search engines read: robots.txt and the sitemaps (sitemaps.org 0.9, with Google's news and picture elements).

The archive is one sitemap a month, found by the index on publish times: nothing here counts or reads all articles.
Stories whose original stands elsewhere (`canonical_url`) are not ours to list.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from news.models import Article, Author, Publication, Section, Topic
from news.models.article import ArticleQuerySet
from news.xml_document import Element, add, one_line, to_bytes
from tickers.models import Company

MOST_URLS = 50_000  # The protocol allows no more in a file.
NEWS_DAYS, MOST_NEWS = 2, 1000
# The desk, and links that are one person's own. Not /preview/: who may not read a page does not see its "noindex".
CLOSED = (
    "/admin/",
    *(f"/newsletter/{name}/" for name in ("confirm", "unsubscribe", "preferences", "data")),
)
XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"
XMLNS_IMAGE = "http://www.google.com/schemas/sitemap-image/1.1"
XMLNS_NEWS = "http://www.google.com/schemas/sitemap-news/0.9"

# Steps from each month to the one before it that has a story: one look into an index for a month.
MONTHS_SQL = """
WITH RECURSIVE month (start) AS (
    SELECT date_trunc('month', max(published_at), 'UTC') FROM news_article
    WHERE status = 'published' AND canonical_url = '' AND published_at <= %s
  UNION ALL
    SELECT (
        SELECT date_trunc('month', max(published_at), 'UTC') FROM news_article
        WHERE status = 'published' AND canonical_url = '' AND published_at < month.start
    ) FROM month WHERE month.start IS NOT NULL
)
SELECT start FROM month WHERE start IS NOT NULL
"""


def robots(request: HttpRequest) -> HttpResponse:
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), ""]
    maps = [f"Sitemap: {settings.SITE_URL}{reverse(name)}" for name in ("sitemap", "sitemap_news")]
    return HttpResponse("\n".join([*lines, *maps, ""]), content_type="text/plain; charset=utf-8")


def index(request: HttpRequest) -> HttpResponse:
    root = Element("sitemapindex", {"xmlns": XMLNS})
    paths = [reverse("sitemap_pages"), *(reverse("sitemap_month", args=[f"{month:%Y-%m}"]) for month in months())]
    for path in paths:
        add(add(root, "sitemap"), "loc", settings.SITE_URL + path)
    return _xml(root)


def months() -> list[datetime]:
    """The first moment (UTC) of each month that has a story, newest first."""
    with connection.cursor() as cursor:
        cursor.execute(MONTHS_SQL, [timezone.now()])
        return [start.astimezone(UTC) for (start,) in cursor.fetchall()]


def month(request: HttpRequest, month: str) -> HttpResponse:
    try:
        start = datetime.strptime(month, "%Y-%m").replace(tzinfo=UTC)
        end = (start + timedelta(days=31)).replace(day=1)
    except (ValueError, OverflowError):
        raise Http404("There is no such sitemap.") from None
    articles = _ours().filter(published_at__gte=start, published_at__lt=end)[:MOST_URLS]
    root = Element("urlset", {"xmlns": XMLNS, "xmlns:image": XMLNS_IMAGE})
    for slug, published_at, updated_at, picture in articles.values_list(
        "slug", "published_at", "updated_at", "lead_picture__master"
    ):
        url = _url(root, reverse("article", args=[slug]), updated_at or published_at)
        if picture:
            add(add(url, "image:image"), "image:loc", settings.SITE_URL + default_storage.url(picture))
    if not len(root):
        raise Http404("Nothing was published in this month.")
    return _xml(root)


def pages(request: HttpRequest) -> HttpResponse:
    """The front page, and each list that has something to show."""
    root = Element("urlset", {"xmlns": XMLNS})
    for name in ("home", "latest", "markets", "newsletter", "newsletter_archive"):
        _url(root, reverse(name))
    lists: tuple[tuple[Any, str, dict[str, Any]], ...] = (
        (Section, "section", {"section": OuterRef("pk")}),
        (Topic, "topic", {"topics": OuterRef("pk")}),
        (Author, "author", {"bylines__author": OuterRef("pk")}),
        (Company, "company", {"companies": OuterRef("pk")}),
    )
    for model, address, own in lists:
        with_stories = model.objects.filter(Exists(Article.objects.published().filter(**own))).order_by("slug")
        for slug in with_stories.values_list("slug", flat=True)[: MOST_URLS // 5]:
            _url(root, reverse(address, args=[slug]))
    return _xml(root)


def news(request: HttpRequest) -> HttpResponse:
    """The stories of the last two days for Google News. What somebody paid for is no news."""
    publication = one_line(Publication.load().name)
    since = timezone.now() - timedelta(days=NEWS_DAYS)
    recent = _ours().filter(published_at__gte=since, sponsor="").only("slug", "headline", "published_at")[:MOST_NEWS]
    root = Element("urlset", {"xmlns": XMLNS, "xmlns:news": XMLNS_NEWS})
    for article in recent:
        item = add(_url(root, article.get_absolute_url()), "news:news")
        source = add(item, "news:publication")
        add(source, "news:name", publication)
        add(source, "news:language", "en")
        add(item, "news:publication_date", _w3c(article.published_at))
        add(item, "news:title", one_line(article.headline))
    return _xml(root)


def _ours() -> ArticleQuerySet:
    return Article.objects.published().filter(canonical_url="").newest_first()


def _url(root: Element, path: str, changed_at: datetime | None = None) -> Element:
    url = add(root, "url")
    add(url, "loc", settings.SITE_URL + path)
    if changed_at:
        add(url, "lastmod", _w3c(changed_at))
    return url


def _w3c(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds") if moment else ""


def _xml(root: Element) -> HttpResponse:
    return HttpResponse(to_bytes(root), content_type="application/xml; charset=utf-8")
