"""A feed as RSS 2.0, Atom 1.0 (RFC 4287) and JSON Feed 1.1."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any

from django.utils.feedgenerator import rfc2822_date, rfc3339_date

from news.xml_document import Element, add, clean, to_bytes

LANGUAGE = "en-US"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)  # Atom wants a time also of a feed in which nothing has happened yet.


@dataclass(frozen=True)
class Writer:
    name: str
    url: str


@dataclass(frozen=True)
class Enclosure:
    """`length` in bytes."""

    url: str
    type: str
    length: int


@dataclass(frozen=True)
class Entry:
    """`title` and `summary` are plain text; `html` is the full text, empty when the feed carries summaries only."""

    id: str
    url: str
    title: str
    summary: str
    html: str
    authors: list[Writer]
    categories: list[str]
    published_at: datetime
    updated_at: datetime
    enclosure: Enclosure | None


@dataclass(frozen=True)
class Feed:
    """`url` is the feed's own, `page_url` that of the page it follows; `hub` is the WebSub hub, if any."""

    title: str
    description: str
    publication: str
    url: str
    page_url: str
    icon_url: str
    badge_url: str
    hub: str
    updated_at: datetime | None
    entries: list[Entry]


def rss(feed: Feed) -> bytes:
    root = Element("rss", {"version": "2.0", "xmlns:atom": "http://www.w3.org/2005/Atom"})
    root.set("xmlns:dc", "http://purl.org/dc/elements/1.1/")
    root.set("xmlns:content", "http://purl.org/rss/1.0/modules/content/")
    channel = add(root, "channel")
    add(channel, "title", feed.title)
    add(channel, "link", feed.page_url)
    add(channel, "description", feed.description)
    add(channel, "language", LANGUAGE)
    if feed.updated_at:
        add(channel, "lastBuildDate", rfc2822_date(feed.updated_at))
    add(channel, "atom:link", href=feed.url, rel="self", type="application/rss+xml")
    if feed.hub:
        add(channel, "atom:link", href=feed.hub, rel="hub")
    image = add(channel, "image")
    for tag, text in (("url", feed.badge_url), ("title", feed.title), ("link", feed.page_url)):
        add(image, tag, text)
    for entry in feed.entries:
        _rss_item(add(channel, "item"), entry)
    return to_bytes(root)


def _rss_item(item: Element, entry: Entry) -> None:
    add(item, "title", entry.title)
    add(item, "link", entry.url)
    add(item, "guid", entry.id, isPermaLink="false")
    # A description is HTML by custom, so the plain text is escaped once for that and once more for XML.
    add(item, "description", f"<p>{escape(entry.summary, quote=False)}</p>")
    if entry.html:
        add(item, "content:encoded", entry.html)
    for author in entry.authors:
        add(item, "dc:creator", author.name)
    for category in entry.categories:
        add(item, "category", category)
    add(item, "pubDate", rfc2822_date(entry.published_at))
    if file := entry.enclosure:
        add(item, "enclosure", url=file.url, length=str(file.length), type=file.type)


def atom(feed: Feed) -> bytes:
    root = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": LANGUAGE})
    add(root, "id", feed.url)
    add(root, "title", feed.title)
    add(root, "subtitle", feed.description)
    add(root, "updated", rfc3339_date(feed.updated_at or NEVER))
    add(root, "link", href=feed.url, rel="self", type="application/atom+xml")
    add(root, "link", href=feed.page_url, rel="alternate", type="text/html")
    if feed.hub:
        add(root, "link", href=feed.hub, rel="hub")
    add(root, "icon", feed.icon_url)
    add(add(root, "author"), "name", feed.publication)
    for entry in feed.entries:
        _atom_entry(add(root, "entry"), entry)
    return to_bytes(root)


def _atom_entry(item: Element, entry: Entry) -> None:
    add(item, "id", entry.id)
    add(item, "title", entry.title)
    add(item, "link", href=entry.url, rel="alternate", type="text/html")
    add(item, "published", rfc3339_date(entry.published_at))
    add(item, "updated", rfc3339_date(entry.updated_at))
    for author in entry.authors:
        person = add(item, "author")
        add(person, "name", author.name)
        add(person, "uri", author.url)
    for category in entry.categories:
        add(item, "category", term=category)
    add(item, "summary", entry.summary)
    if entry.html:
        add(item, "content", entry.html, type="html")
    if file := entry.enclosure:
        add(item, "link", href=file.url, rel="enclosure", type=file.type, length=str(file.length))


def json_feed(feed: Feed) -> bytes:
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page_url,
        "feed_url": feed.url,
        "description": clean(feed.description),
        "icon": feed.icon_url,
        "language": LANGUAGE,
        "authors": [{"name": clean(feed.publication)}],
        "hubs": [{"type": "WebSub", "url": feed.hub}] if feed.hub else [],
        "items": [_json_item(entry) for entry in feed.entries],
    }
    return json.dumps({name: value for name, value in document.items() if value != [] or name == "items"}).encode()


def _json_item(entry: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.title,
        "summary": entry.summary,
        "content_html": clean(entry.html) or f"<p>{escape(entry.summary, quote=False)}</p>",
        "date_published": rfc3339_date(entry.published_at),
        "date_modified": rfc3339_date(entry.updated_at),
        "tags": entry.categories,
    }
    if entry.authors:
        item["authors"] = [{"name": author.name, "url": author.url} for author in entry.authors]
    if file := entry.enclosure:
        item["image"] = file.url
        item["attachments"] = [{"url": file.url, "mime_type": file.type, "size_in_bytes": file.length}]
    return item


# By the end of the address: the content type, and what writes it.
FORMATS: dict[str, tuple[str, Callable[[Feed], bytes]]] = {
    "rss": ("application/rss+xml; charset=utf-8", rss),
    "atom": ("application/atom+xml; charset=utf-8", atom),
    "json": ("application/feed+json; charset=utf-8", json_feed),
}
