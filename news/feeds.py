"""Our feeds: the newest stories of a list, read into plain values. `news/feed_formats.py` writes them out."""

import re
from collections.abc import Iterable
from datetime import datetime
from html import escape, unescape
from typing import Any, NamedTuple, cast
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.core.files.storage import default_storage
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.html import format_html
from django.utils.http import http_date

from news.body import picture_digests, replace_pictures, without_signup_marks
from news.cards import card_of_site
from news.feed_formats import FORMATS, Enclosure, Entry, Feed, Writer
from news.models import Article, Author, Byline, Picture, Publication, Section, Topic
from news.models.article import ArticleQuerySet
from news.xml_document import one_line
from tickers.models import Company

ENTRIES = 30
# The lists that have a feed at /feeds/<list>/<slug>: what they are of, and how an article belongs to one.
LISTS: dict[str, tuple[Any, str]] = {
    "sections": (Section, "section"),
    "topics": (Topic, "topics"),
    "authors": (Author, "authors"),
    "companies": (Company, "companies"),
}
# In cleaned HTML every < that is not of a tag is escaped, and every attribute's value is in double quotes.
_LINK_OR_IMAGE = re.compile(r"""<(a|img)\b((?:"[^"]*"|[^">])*)>""")
_ADDRESS = re.compile(r"""\b(href|src)="([^"]*)\"""")


class Followed(NamedTuple):
    """The list that a feed follows: its name, what it is, its page's path, and whether the hub hears of what is new.

    A hub that is named where it hears nothing would have readers wait for word that never comes.
    """

    name: str
    description: str
    page: str
    is_told_of: bool = False


def latest(request: HttpRequest, extension: str) -> HttpResponse:
    return _answer(request, extension, Article.objects.published(), Followed("", "", "/", is_told_of=True))


def of_list(request: HttpRequest, kind: str, slug: str, extension: str) -> HttpResponse:
    """The feed of a section, topic, author or company."""
    if kind not in LISTS:
        raise Http404("There is no such feed.")
    model, relation = LISTS[kind]
    found = get_object_or_404(model, slug=slug)
    articles = Article.objects.published().filter(**{relation: found})
    description = found.bio if isinstance(found, Author) else found.description
    about = Followed(found.name, description, found.get_absolute_url(), is_told_of=kind == "sections")
    return _answer(request, extension, articles, about)


def _answer(request: HttpRequest, extension: str, articles: ArticleQuerySet, about: Followed) -> HttpResponse:
    publication = Publication.load()
    stories = _load(articles, with_body=publication.feeds_full_text)
    changed_at = max((_changed_at(story) for story in stories), default=None)
    entries = _entries(stories, full_text=publication.feeds_full_text)
    return answer(request, extension, publication, about, entries, changed_at)


def answer(
    request: HttpRequest,
    extension: str,
    publication: Publication,
    about: Followed,
    entries: list[Entry],
    changed_at: datetime | None,
) -> HttpResponse:
    """The feed in the format that its address ends with."""
    if extension not in FORMATS:
        raise Http404("There is no such feed.")
    feed = Feed(
        title=one_line(f"{about.name} | {publication}" if about.name else publication.name),
        description=about.description or publication.description or publication.tagline or publication.name,
        publication=publication.name,
        url=settings.SITE_URL + request.path,
        page_url=settings.SITE_URL + about.page,
        icon_url=settings.SITE_URL + card_of_site(publication, "icon").url,
        badge_url=settings.SITE_URL + card_of_site(publication, "badge").url,
        hub=settings.WEBSUB_HUB if about.is_told_of else "",
        updated_at=changed_at,
        entries=entries,
    )
    content_type, write = FORMATS[extension]
    response = HttpResponse(write(feed), content_type=content_type)
    if changed_at:
        response["Last-Modified"] = http_date(int(changed_at.timestamp()))
    return response


def _load(articles: ArticleQuerySet, *, with_body: bool) -> list[Article]:
    bylines = Byline.objects.select_related("author").order_by("position", "pk")
    found = articles.select_related("section", "lead_picture").newest_first()
    found = found.prefetch_related(Prefetch("bylines", bylines), "topics")
    return list((found if with_body else found.defer("body"))[:ENTRIES])


def _changed_at(story: Article) -> datetime:
    """When the feed's entry last changed: a scheduled story was saved before readers saw it."""
    return max(_published_at(story), story.saved_at)


def _published_at(story: Article) -> datetime:
    # The database holds that a published article has its time.
    return cast(datetime, story.published_at)


def _entries(stories: Iterable[Article], *, full_text: bool) -> list[Entry]:
    digests = {digest for story in stories for digest in picture_digests(story.body)} if full_text else set()
    pictures = {picture.digest: picture for picture in Picture.objects.filter(digest__in=digests)} if digests else {}
    return [_entry(story, _full_text(story, pictures) if full_text else "") for story in stories]


def _entry(story: Article, html: str) -> Entry:
    label = f"Sponsored by {story.sponsor}" if story.is_sponsored else ""
    published_at = _published_at(story)
    filed = [story.section.name, *(topic.name for topic in story.topics.all())]
    return Entry(
        id=entry_id(story),
        url=settings.SITE_URL + story.get_absolute_url(),
        title=one_line(f"{label}: {story.headline}" if label else story.headline),
        summary=one_line(f"{label}. {story.dek}" if label else story.dek),
        html=f"<p><strong>{escape(label)}</strong></p>\n{html}" if html and label else html,
        authors=[
            Writer(one_line(byline.author.name), settings.SITE_URL + byline.author.get_absolute_url())
            for byline in story.bylines.all()
        ],
        categories=[one_line(name) for name in ([*filed, "Sponsored"] if label else filed)],
        published_at=published_at,
        updated_at=story.updated_at or published_at,
        enclosure=_enclosure(story.lead_picture) if story.lead_picture else None,
    )


def entry_id(story: Article) -> str:
    """The same for ever: headline, slug and publish time may change, number and making do not."""
    return tag(story.created_at.year, f"article-{story.pk}")


def tag(year: int, name: str) -> str:
    """A tag URI (RFC 4151) of this site."""
    return f"tag:{urlsplit(settings.SITE_URL).hostname},{year}:{name}"


def _enclosure(picture: Picture) -> Enclosure | None:
    jpeg = picture.shared("16x9")
    try:
        size = default_storage.size(jpeg.path)
    except OSError:
        return None  # The file is gone; a feed must not name a length that it does not know.
    return Enclosure(settings.SITE_URL + jpeg.url, "image/jpeg", size)


def _full_text(story: Article, pictures: dict[str, Picture]) -> str:
    """The body with absolute addresses; our pictures as JPEG, and a sponsor's links marked as such."""
    base = settings.SITE_URL + story.get_absolute_url()

    def markup(digest: str, alt: str) -> str:
        if not (shown := pictures.get(digest)):
            return ""
        words = (shown.master.url, shown.width, shown.height, alt or shown.alt)
        return format_html('<img src="{}" width="{}" height="{}" alt="{}">', *words)

    def absolute(tag: re.Match[str]) -> str:
        rel = ' rel="sponsored"' if tag[1] == "a" and story.is_sponsored else ""
        return f"<{tag[1]}{_ADDRESS.sub(lambda found: _absolute(found, base), tag[2])}{rel}>"

    return _LINK_OR_IMAGE.sub(absolute, replace_pictures(without_signup_marks(story.body), markup))


def _absolute(attribute: re.Match[str], base: str) -> str:
    try:
        address = urljoin(base, unescape(attribute[2]))
    except ValueError:  # Such as “http://[”, which no reader can follow either.
        return attribute[0]
    return f'{attribute[1]}="{escape(address)}"'
