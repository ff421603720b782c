"""What a feed's entries mean for the stories we know: which are new, which have changed. Pure: no clock, no database.

A story is known again by any of its keys, the surest first. So it stays one story when the partner's system gives it
another GUID, adds tracking to its link, or moves with the whole site to another name.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from urllib.parse import parse_qsl, urlencode, urlsplit

from news.partners.parse import Entry

TRACKING = re.compile(
    r"utm_.*|mc_[ce]id|fbclid|gclid|dclid|msclkid|igshid|yclid|_hs(enc|mi)|mkt_tok|at_(medium|campaign)|"
    r"ref|rss|source|src|cmpid|ncid|guccounter|ftag|spm|partner|feed(name|type)?",
    re.IGNORECASE,
)
AHEAD = timedelta(days=1)  # A clock or a zone set wrong; what is dated later still is not believed.


@dataclass(frozen=True)
class Known:
    """A story as it is stored."""

    pk: int
    keys: frozenset[str]
    title: str
    url: str
    summary: str
    author: str
    picture_url: str


@dataclass(frozen=True)
class Keyed:
    """An entry with its keys, the surest first, and the time that it is listed under."""

    entry: Entry
    keys: tuple[str, ...]
    listed_at: datetime


@dataclass(frozen=True)
class Decision:
    """Stories to make, and (pk, story) of stories to bring up to date."""

    new: tuple[Keyed, ...]
    changed: tuple[tuple[int, Keyed], ...]


def decide(known: Iterable[Known], entries: Sequence[Keyed]) -> Decision:
    stories = {story.pk: story for story in known}
    matches = match(stories, entries)
    new = tuple(keyed for index, keyed in enumerate(entries) if index not in matches)
    changed = tuple(
        (pk, entries[index]) for index, pk in sorted(matches.items()) if differs(stories[pk], entries[index])
    )
    return Decision(new, changed)


def match(known: Mapping[int, Known], entries: Sequence[Keyed]) -> dict[int, int]:
    """The pk of the story that an entry is, by the entry's place. A story is given away once, by the surest key."""
    owners = {key: story.pk for story in known.values() for key in story.keys}
    ranks = sorted((rank, index) for index, keyed in enumerate(entries) for rank in range(len(keyed.keys)))
    matches: dict[int, int] = {}
    given = set()
    for rank, index in ranks:
        pk = owners.get(entries[index].keys[rank])
        if pk is not None and pk not in given and index not in matches:
            matches[index] = pk
            given.add(pk)
    return matches


def differs(story: Known, keyed: Keyed) -> bool:
    entry = keyed.entry
    shown = (story.title, story.url, story.summary, story.author, story.picture_url)
    return shown != (entry.title, entry.url, entry.summary, entry.author, entry.picture_url) or not (
        story.keys >= set(keyed.keys)
    )


def keyed(entries: Iterable[Entry], now: datetime) -> list[Keyed]:
    """Give entries their keys; an exact repeat is dropped, and a key that several entries share tells nothing."""
    once = list({(entry.guid, entry.url, entry.title): entry for entry in reversed(list(entries))}.values())[::-1]
    keys = [keys_of(entry) for entry in once]
    shared = {key for key, count in Counter(key for many in keys for key in many).items() if count > 1}
    return [
        Keyed(entry, tuple(key for key in many if key not in shared), _listed_at(entry, now, place))
        for place, (entry, many) in enumerate(zip(once, keys, strict=True))
    ]


def keys_of(entry: Entry) -> list[str]:
    """By what the entry is known again, the surest first. A hash each, so that none is too long for an index."""
    address = urlsplit(entry.url)
    path, title = _path(entry.url), " ".join(entry.title.casefold().split())
    host = (address.hostname or "").removeprefix("www.")
    return [
        *([_hash("guid", entry.guid)] if entry.guid else []),
        *([_hash("url", host, path)] if path else []),
        *([_hash("path", path, title)] if path else []),
        *([_hash("date", title, entry.published_at.isoformat("T", "minutes"))] if entry.published_at else []),
        _hash("all", entry.guid, entry.url, title),
    ]


def _path(url: str) -> str:
    """The address without its host and what only counts readers; empty for a front page, which is no story's own."""
    address = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(address.query, True) if not TRACKING.fullmatch(name)]
    path = address.path.rstrip("/")
    return f"{path}?{urlencode(sorted(query))}" if path or query else ""


def _hash(kind: str, *parts: str) -> str:
    return f"{kind}:{blake2b(chr(0).join(parts).encode(), digest_size=12).hexdigest()}"


def _listed_at(entry: Entry, now: datetime, place: int) -> datetime:
    """When it was published, or seen where that is not known; the feed's own order is kept among these."""
    moment = entry.published_at
    if moment is None or moment > now + AHEAD:
        return now - timedelta(seconds=place)
    return min(moment, now)
