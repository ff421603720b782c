import json
from datetime import date, timedelta
from typing import Any

import feedparser
import pytest
from django.conf import settings
from django.test import Client
from lxml import etree

from newsletter.models import Edition, Newsletter
from tests import make
from tests.newsletter.editions import edition

pytestmark = pytest.mark.django_db
SITE = settings.SITE_URL
FORMATS = ("rss", "atom", "json")


def sent(daily: Newsletter, day: date = date(2026, 11, 18), **fields: Any) -> Edition:
    about = {"status": "complete", "started_at": make.NOON, "finished_at": make.NOON, **fields}
    return edition(daily, day, **about)


def titles(client: Client) -> list[str]:
    return [item["title"] for item in client.get("/feeds/newsletter.json").json()["items"]]


@pytest.mark.parametrize("extension", ["rss", "atom"])
def test_a_strict_reader_reads_an_edition_in_full(client: Client, daily: Newsletter, extension: str):
    made = sent(daily, subject="Lots <fill> & wait\x0b", preheader="And more.")
    body = client.get(f"/feeds/newsletter.{extension}").content
    etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, recover=False))
    feed = feedparser.parse(body, sanitize_html=False)
    assert not feed.bozo
    assert (feed.feed.title, feed.feed.link) == ("Newsletter | Lot & Lane", f"{SITE}/newsletter/archive/")
    [entry] = feed.entries
    assert (entry.title, entry.link) == ("Lots <fill> & wait", f"{SITE}/newsletter/the-morning-lane/2026-11-18/")
    assert entry.id == f"tag:127.0.0.1,2026:edition-{made.pk}"
    assert "And more." in entry.summary
    assert entry.published_parsed[:5] == (2026, 11, 18, 17, 0)
    assert [tag.term for tag in entry.tags] == ["The Morning Lane"]
    assert client.get(entry.link.removeprefix(SITE)).status_code == 200


def test_json_says_the_same(client: Client, daily: Newsletter):
    made = sent(daily)
    [item] = json.loads(client.get("/feeds/newsletter.json").content)["items"]
    assert item == {
        "id": f"tag:127.0.0.1,2026:edition-{made.pk}",
        "url": f"{SITE}/newsletter/the-morning-lane/2026-11-18/",
        "title": "Used-car supply climbs",
        "summary": "The Morning Lane of Wednesday, Nov. 18, 2026",
        "content_html": "<p>The Morning Lane of Wednesday, Nov. 18, 2026</p>",
        "date_published": "2026-11-18T17:00:00+00:00",
        "date_modified": "2026-11-18T17:00:00+00:00",
        "tags": ["The Morning Lane"],
    }


@pytest.mark.parametrize("status", ["draft", "held", "ready", "cancelled", "skipped", "expired"])
def test_what_has_not_gone_out_is_not_in_it(client: Client, daily: Newsletter, status: str):
    sent(daily, date(2026, 11, 17), subject="Sent")
    finished_at = make.NOON if status in Edition.FINAL else None
    sent(daily, status=status, started_at=None, finished_at=finished_at, subject="Not sent")
    assert titles(client) == ["Sent"]


def test_the_newest_stands_first(client: Client, daily: Newsletter):
    for number in range(33):
        sent(daily, date(2026, 10, 1) + timedelta(days=number), subject=f"Edition {number:02}")
    assert titles(client) == [f"Edition {number:02}" for number in range(32, 2, -1)]


def test_the_archive_names_it(client: Client, daily: Newsletter):
    page = client.get("/newsletter/archive/").content.decode()
    assert all(f'href="/feeds/newsletter.{extension}"' in page for extension in FORMATS)


@pytest.mark.parametrize("extension", FORMATS)
def test_without_editions_it_is_a_whole_feed(client: Client, extension: str):
    assert client.get(f"/feeds/newsletter.{extension}").status_code == 200
    assert titles(client) == []
    assert client.get("/feeds/newsletter.xml").status_code == 404


@pytest.mark.parametrize("count", [1, 3])
def test_it_takes_as_many_queries_for_any_number(
    client: Client, daily: Newsletter, count: int, django_assert_num_queries: Any
):
    for number in range(count):
        sent(daily, date(2026, 11, 10 + number))
    with django_assert_num_queries(2):
        client.get("/feeds/newsletter.rss")
