import json
import re
from datetime import timedelta

import feedparser
import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.utils.http import http_date
from lxml import etree

from config.middleware import READER_CACHE
from news.pings import feeds_with
from tests import make
from tests.news.feed_reader import FORMATS, in_all, read, titles

pytestmark = pytest.mark.django_db
SITE = settings.SITE_URL
TYPES = {"rss": "application/rss+xml", "atom": "application/atom+xml", "json": "application/feed+json"}


@pytest.fixture(autouse=True)
def at_one_in_the_afternoon():
    with time_machine.travel(make.NOON + timedelta(hours=1), tick=False):
        yield


@pytest.mark.parametrize("extension", FORMATS)
def test_a_feed_has_the_type_and_headers_of_its_format(client: Client, extension: str):
    make.newsroom()
    response = client.get(f"/feeds/latest.{extension}")
    assert response["Content-Type"] == f"{TYPES[extension]}; charset=utf-8"
    assert response["Cache-Control"] == READER_CACHE
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize(
    "name", ["latest", "sections/retail", "topics/auctions", "authors/dana-whitfield", "companies/tesla"]
)
def test_each_list_has_its_feed_with_only_its_published_stories(client: Client, name: str):
    about = {"topics": [make.topic()], "companies": [make.company()]}
    make.article("Newest", **about)
    make.article("Older", published_at=make.NOON - timedelta(hours=1), **about)
    make.article("Draft", status="draft", **about)
    make.article("Future", published_at=make.NOON + timedelta(days=1), **about)
    if name != "latest":
        make.article("Elsewhere", section=make.section("Electric"), by=("Lee Marsh",))
    assert titles(client, name) == in_all(["Newest", "Older"])


@pytest.mark.parametrize(
    "path", ["latest.xml", "latest.", "sections/no.rss", "things/retail.rss", "sections/retail.xml"]
)
def test_what_is_no_feed_is_not_found(client: Client, path: str):
    make.section()
    assert client.get(f"/feeds/{path}").status_code == 404


@pytest.mark.parametrize("extension", FORMATS)
@pytest.mark.parametrize("rows", [0, 1, 3])
def test_a_feed_takes_as_many_queries_for_one_story_as_for_three(
    client: Client, django_assert_num_queries, extension: str, rows: int
):
    make.publication(feeds_full_text=True)
    body = f'<p>See.</p><figure><img src="{make.picture().master.url}" alt=""></figure>'
    for number in range(rows):
        make.article(f"Story {number}", topics=[make.topic()], lead_picture=make.picture(), body=body)
    make.section()
    for path, queries in ((f"/feeds/latest.{extension}", 5), (f"/feeds/sections/retail.{extension}", 6)):
        with django_assert_num_queries(queries if rows else queries - 3):
            client.get(path)


def test_a_feed_without_stories_is_valid(client: Client):
    assert read(client) == {"rss": [], "atom": [], "json": []}
    assert all(not feedparser.parse(client.get(f"/feeds/latest.{name}").content).bozo for name in ("rss", "atom"))


def test_a_feed_names_itself_and_its_page(client: Client):
    make.publication()
    make.article()
    rss = etree.fromstring(client.get("/feeds/sections/retail.rss").content)
    atom = etree.fromstring(client.get("/feeds/sections/retail.atom").content)
    document = json.loads(client.get("/feeds/sections/retail.json").content)
    link = rss.find("channel/{http://www.w3.org/2005/Atom}link")
    assert (link.get("rel"), link.get("href")) == ("self", f"{SITE}/feeds/sections/retail.rss")
    assert rss.findtext("channel/link") == f"{SITE}/sections/retail/"
    assert rss.findtext("channel/title") == rss.findtext("channel/image/title") == "Retail | Lot & Lane"
    assert {link.get("rel"): link.get("href") for link in atom.findall("{*}link")} == {
        "self": f"{SITE}/feeds/sections/retail.atom",
        "alternate": f"{SITE}/sections/retail/",
    }
    assert document["feed_url"] == f"{SITE}/feeds/sections/retail.json"
    assert document["home_page_url"] == f"{SITE}/sections/retail/"
    for url in (rss.findtext("channel/image/url"), document["icon"], atom.findtext("{*}icon")):
        assert client.get(url.removeprefix(SITE))["Content-Type"] == "image/png"


@pytest.mark.parametrize("extension", FORMATS)
def test_a_feed_says_when_it_last_changed(client: Client, extension: str):
    make.article()
    changed_at = http_date((make.NOON + timedelta(hours=1)).timestamp())
    assert client.get(f"/feeds/latest.{extension}")["Last-Modified"] == changed_at


def test_the_hub_is_named_when_there_is_one(client: Client, settings):
    settings.WEBSUB_HUB = "https://hub.example/"
    rss, atom = (client.get(f"/feeds/latest.{name}").content for name in ("rss", "atom"))
    for feed in (rss, atom):
        links = etree.fromstring(feed).iter("{http://www.w3.org/2005/Atom}link")
        assert [link.get("href") for link in links if link.get("rel") == "hub"] == ["https://hub.example/"]
    hubs = json.loads(client.get("/feeds/latest.json").content)["hubs"]
    assert hubs == [{"type": "WebSub", "url": "https://hub.example/"}]


def test_the_hub_is_named_in_the_feeds_that_it_is_told_of_and_in_no_other(client: Client, settings):
    settings.WEBSUB_HUB = "https://hub.example/"
    story = make.article(topics=[make.topic()], companies=[make.company()])
    names = ("latest", "sections/retail", "topics/auctions", "authors/dana-whitfield", "companies/tesla", "newsletter")
    addresses = [f"{SITE}/feeds/{name}.{extension}" for name in names for extension in FORMATS]
    named = [url for url in addresses if b"https://hub.example/" in client.get(url.removeprefix(SITE)).content]
    assert named == feeds_with([story])


@pytest.mark.parametrize(
    ("path", "feed"),
    [
        ("/", "/feeds/latest"),
        ("/latest/", "/feeds/latest"),
        ("/sections/retail/", "/feeds/sections/retail"),
        ("/topics/auctions/", "/feeds/topics/auctions"),
        ("/authors/dana-whitfield/", "/feeds/authors/dana-whitfield"),
        ("/companies/tesla/", "/feeds/companies/tesla"),
        ("/news/used-car-supply-climbs/", "/feeds/latest"),
    ],
)
def test_pages_name_their_feeds(client: Client, path: str, feed: str):
    make.article(topics=[make.topic()], companies=[make.company()])
    html = client.get(path).content.decode()
    links = re.findall(r'<link rel="alternate" type="([^"]+)" title="[^"]+" href="([^"]+)">', html)
    assert links[:3] == [(TYPES[name], f"{feed}.{name}") for name in FORMATS]
    assert all(client.get(url).status_code == 200 for _, url in links)
