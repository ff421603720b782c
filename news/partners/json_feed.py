"""JSON Feed (https://www.jsonfeed.org/version/1.1/), which feedparser does not read."""

import json
from datetime import UTC, datetime
from typing import Any


def read(document: bytes) -> tuple[Any, list[dict[str, Any]]]:
    """The title of a JSON Feed and its items under the names that `read.entry_of` takes; ValueError if it is none."""
    feed = json.loads(document.decode("utf-8-sig", "replace"), strict=False)
    if "jsonfeed.org/version/" not in str(feed.get("version")) or not isinstance(feed.get("items"), list):
        raise ValueError("not a JSON Feed")
    return feed.get("title"), [_fields(item) for item in feed["items"] if isinstance(item, dict)]


def _fields(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "guid": item.get("id"),
        "link": item.get("url") or item.get("external_url"),
        "title": item.get("title"),
        "summary": item.get("summary") or item.get("content_html") or item.get("content_text"),
        "author": _author(item),
        "picture": item.get("image") or item.get("banner_image"),
        "date": _date(item.get("date_published") or item.get("date_modified")),
    }


def _author(item: dict[str, Any]) -> Any:
    """Version 1.1 has a list, 1.0 had one."""
    authors = item.get("authors")
    first = authors[0] if isinstance(authors, list) and authors else item.get("author")
    return first.get("name") if isinstance(first, dict) else None


def _date(value: Any) -> datetime | None:
    """RFC 3339; a time without a zone is taken as UTC."""
    try:
        moment = datetime.fromisoformat(str(value))
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
