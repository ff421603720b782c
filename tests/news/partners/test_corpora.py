"""Hostile and odd input that others collected, through the whole of it: fetched, parsed, decided, stored and shown."""

import json
import time
from contextlib import suppress
from html.parser import HTMLParser
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from news.models import Partner, PartnerStory
from news.partners.decide import keyed
from news.partners.fetch import fetch
from news.partners.guard import Guard
from news.partners.ingest import store
from news.partners.parse import ParseFailed, Parser
from tests import make
from tests.news.partners.web import Web, item, ok, rss

pytestmark = pytest.mark.django_db
CORPORA = settings.ROOT.parent / "shared" / "corpora"
NEEDS_CORPORA = pytest.mark.skipif(
    not CORPORA.is_dir(), reason="The corpora that others collected are not beside the project, in ../shared/corpora."
)
SHOWN = {"article", "h2", "p", "a", "time", "nav"}  # What the rows of a partners page are made of.


class Elements(HTMLParser):
    """The elements and attributes behind the first row of a list of stories."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.is_inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_inside = (self.is_inside or ("class", "listing-rows") in attrs) and tag != "footer"
        if self.is_inside and tag != "div":
            self.tags.add(tag)
            self.attributes |= {name for name, _ in attrs}
            self.links += [value or "" for name, value in attrs if name == "href"]


def bring(web: Web, guard: Guard, parser: Parser, partner: Partner, document: bytes) -> None:
    """All that a look at a feed does; the parser is shared, as starting one takes longer than all the rest."""
    web.answers["/feed"] = ok(document)
    fetched = fetch(web.url(), "Forecourt", guard)
    feed = parser.parse(fetched.body, "http://gasket.test/feed", "")
    store(partner, keyed(feed.entries, timezone.now()), timezone.now())


def rows_of_every_page(client: Client, path: str) -> Elements:
    elements, older = Elements(), ""
    while True:
        answer = client.get(path, {"before": older} if older else {})
        assert answer.status_code == 200
        elements.feed(answer.content.decode())
        older = answer.context["page"].older
        if not older:
            return elements


def check(elements: Elements) -> None:
    assert elements.tags <= SHOWN
    assert elements.attributes <= {"class", "href", "rel", "datetime", "aria-label"}
    assert all(link.startswith(("http://", "https://", "?before=", "/partners/")) for link in elements.links)


@NEEDS_CORPORA
def test_every_feed_of_the_corpus_passes_with_no_exception_and_no_hang(
    web: Web, guard: Guard, partner: Partner, parser: Parser, client: Client
) -> None:
    make.publication()
    files = sorted(path for path in (CORPORA / "feedparser-tests" / "data").rglob("*") if path.is_file())
    assert len(files) > 2000
    slowest = 0.0
    for path in files:
        start = time.monotonic()
        with suppress(ParseFailed):
            bring(web, guard, parser, partner, path.read_bytes())
        slowest = max(slowest, time.monotonic() - start)
    assert slowest < 5
    check(rows_of_every_page(client, "/partners/gasket-review/"))


def hostile() -> list[str]:
    payloads = json.loads((CORPORA / "dompurify-fixtures" / "data" / "expect.json").read_text())
    naughty = json.loads((CORPORA / "big-list-of-naughty-strings" / "data" / "blns.json").read_text())
    return [case["payload"] for case in payloads] + naughty


@NEEDS_CORPORA
@pytest.mark.parametrize("kind", ["escaped", "cdata", "json"])
def test_hostile_strings_are_shown_as_words_or_not_at_all(
    web: Web, guard: Guard, partner: Partner, parser: Parser, client: Client, kind: str
) -> None:
    make.publication()
    strings = hostile()
    for first in range(0, len(strings), 100):
        bring(web, guard, parser, partner, feed_of(kind, strings[first : first + 100], first))
    assert PartnerStory.objects.count() > 200
    check(rows_of_every_page(client, "/partners/"))


def feed_of(kind: str, strings: list[str], first: int) -> bytes:
    if kind == "json":
        rows = [
            {
                "id": f"{first + n}",
                "url": f"http://gasket.test/{first + n}",
                "title": text,
                "summary": text,
                "image": text,
            }
            for n, text in enumerate(strings)
        ]
        return json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": rows}).encode()
    quoted = [escape(text) if kind == "escaped" else f"<![CDATA[{text}]]>" for text in strings]
    return rss(*(item(first + n, title=text, description=text, author=text) for n, text in enumerate(quoted)))


@NEEDS_CORPORA
def test_a_hostile_string_as_a_link_is_no_link(
    web: Web, guard: Guard, partner: Partner, parser: Parser, client: Client
) -> None:
    make.publication()
    links = [escape(text) for text in hostile()]
    for first in range(0, len(links), 100):
        document = rss(*(item(n, link=link, guid="") for n, link in enumerate(links[first : first + 100])))
        bring(web, guard, parser, partner, document)
    check(rows_of_every_page(client, "/partners/gasket-review/"))


def test_our_own_odd_feeds_are_shown(web: Web, guard: Guard, partner: Partner, parser: Parser, client: Client) -> None:
    make.publication()
    for path in sorted((Path(__file__).parents[2] / "data" / "feeds").glob("*.*")):
        with suppress(ParseFailed):
            bring(web, guard, parser, partner, path.read_bytes())
    assert PartnerStory.objects.exists()
    check(rows_of_every_page(client, "/partners/"))
