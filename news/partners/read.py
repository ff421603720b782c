"""What the parser process does: the bytes of a feed (RSS, RDF, Atom, CDF, JSON Feed) become plain entries.

Nothing here may load Django. Whatever is wrong with one entry costs that entry only.
"""

import calendar
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser
from urllib3.util import parse_url

from news.body import clean_html, plain_text
from news.partners import json_feed
from news.partners.parse import Entry, Feed

MOST_ENTRIES = 100
MOST_TITLE, MOST_SUMMARY, MOST_AUTHOR, MOST_URL = 300, 400, 120, 1000
MOST_HTML = 20_000  # As much of an entry's HTML as is looked at for its summary.
FEED_TYPES = {"application/rss+xml", "application/atom+xml", "application/feed+json", "application/json"}
# No feed is older than RSS; what is said to be older, or to come, is dated by when we saw it.
FIRST_DATE = datetime(1995, 1, 1, tzinfo=UTC)

# Controls, marks that turn the direction of a page's text, halves of characters, and characters that are none.
_NOT_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def read_document(document: bytes, url: str, content_type: str) -> Feed:
    """The feed in a document, or what a web page says of its feeds; an empty Feed if it is neither."""
    if document.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        title, rows = json_feed.read(document)
        return Feed(plain(title, MOST_TITLE), newest(rows, url))
    # It is not told the feed's address: it would make GUIDs relative to that, and a feed that moves would lose them.
    headers = {"content-type": content_type} if content_type else {}
    found = feedparser.parse(
        io.BytesIO(document), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    if found.entries or found.get("version"):
        title = plain(found.feed.get("title"), MOST_TITLE) or "Feed"
        return Feed(title, newest(rows_of(found.entries), url))
    return Feed(alternates=alternates(document[:500_000].decode("utf-8", "replace"), url))


def newest(rows: Iterable[dict[str, Any]], url: str) -> tuple[Entry, ...]:
    """The newest entries; only these are made plain, as that takes its time."""
    entries: list[Entry] = []
    # The sort keeps the feed's own order among entries without a date, and these behind the dated ones.
    for row in sorted(rows, key=lambda row: max(row["date"] or FIRST_DATE, FIRST_DATE), reverse=True):
        with suppress(Exception):  # One bad entry is skipped, not the feed.
            if entry := entry_of(url=url, **row):
                entries.append(entry)
        if len(entries) == MOST_ENTRIES:
            break
    return tuple(entries)


def rows_of(items: Iterable[Any]) -> Iterator[dict[str, Any]]:
    for item in items:
        with suppress(Exception):
            yield fields_of(item)


def fields_of(item: Any) -> dict[str, Any]:
    """What we want of an entry as feedparser gives it."""
    # A missing published date must not be taken for the updated one until it is known to be missing.
    parsed = dict.get(item, "published_parsed") or dict.get(item, "updated_parsed") or dict.get(item, "created_parsed")
    content = item.get("summary") or next((part.get("value") for part in item.get("content") or ()), "")
    return {
        "guid": item.get("id"),
        "link": item.get("link"),
        "title": item.get("title"),
        "summary": content,
        "author": item.get("author"),
        "picture": picture_of(item),
        "date": datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None,
    }


def picture_of(item: Any) -> Any:
    """The first picture that the entry brings along, by Media RSS or as an enclosure."""
    for media in item.get("media_content") or ():
        if media.get("medium") == "image" or str(media.get("type", "")).startswith("image/"):
            return media.get("url")
    for link in item.get("links") or ():
        if link.get("rel") == "enclosure" and str(link.get("type", "")).startswith("image/"):
            return link.get("href")
    return next((media.get("url") for media in item.get("media_thumbnail") or ()), None)


def entry_of(
    *, url: str, guid: Any, link: Any, title: Any, summary: Any, author: Any, picture: Any, date: datetime | None
) -> Entry | None:
    """The entry in plain text, or None if it has no words or nowhere to lead."""
    address = web_address(link, url) or web_address(guid, url, is_whole=True)
    summary = plain(summary, MOST_SUMMARY)
    title = plain(title, MOST_TITLE) or shortened(summary, 100)
    if not address or not title:
        return None
    return Entry(
        title=title,
        url=address,
        guid=_NOT_TEXT.sub("", str(guid or ""))[:2000].strip(),
        summary=summary,
        author=plain(author, MOST_AUTHOR),
        picture_url=web_address(picture, url),
        published_at=date if date and date >= FIRST_DATE else None,
    )


def plain(value: Any, most: int) -> str:
    """Words without markup, on one line, at most so many characters; empty if there is nothing to see."""
    if not isinstance(value, str):
        return ""
    text = " ".join(_NOT_TEXT.sub("", " ".join(plain_text(clean_html(value[:MOST_HTML])).split())).split())
    return shortened(text, most) if any(letter.isprintable() and letter != " " for letter in text) else ""


def shortened(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return (cut.rpartition(" ")[0] or cut) + "…"


def web_address(value: Any, base: str, *, is_whole: bool = False) -> str:
    """An absolute http(s) address in ASCII, without login or surprises; empty if it is not one."""
    value = value.strip() if isinstance(value, str) else ""
    if not value or _NOT_TEXT.search(value) or (is_whole and "://" not in value):
        return ""
    with suppress(ValueError):  # urllib3's LocationParseError is one, too.
        address = parse_url(urljoin(base, value))
        text = urlsplit(str(address)).geturl()  # What the two do not read alike is no address to pass on.
        is_web = address.scheme in {"http", "https"} and address.host and not address.auth
        if is_web and text == str(address) and len(text) <= MOST_URL and text.isascii() and " " not in text:
            return text
    return ""


class _Alternates(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.base, self.found = url, dict[str, str]()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "base":
            self.base = urljoin(self.base, named.get("href", ""))
        rels = named.get("rel", "").lower().split()
        is_feed = tag == "link" and "alternate" in rels and named.get("type", "").lower() in FEED_TYPES
        if is_feed and (address := web_address(named.get("href"), self.base)):
            self.found.setdefault(address, plain(named.get("title"), MOST_TITLE) or address)


def alternates(html: str, url: str) -> tuple[tuple[str, str], ...]:
    """The feeds that a page names in its head (RSS autodiscovery): address and title."""
    page = _Alternates(url)
    with suppress(ValueError):
        page.feed(html)
    return tuple(page.found.items())[:20]
