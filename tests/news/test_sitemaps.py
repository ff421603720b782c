from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.robotparser import RobotFileParser

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client
from lxml import etree

from news import sitemaps
from news.models import Article
from tests import make

pytestmark = pytest.mark.django_db
SITE = settings.SITE_URL
SCHEMAS = Path(__file__).parent.parent / "data/schemas"
LOC = "{http://www.sitemaps.org/schemas/sitemap/0.9}loc"
IMAGE = "{http://www.google.com/schemas/sitemap-image/1.1}loc"
PAGES = ["/", "/latest/", "/markets/", "/newsletter/", "/newsletter/archive/"]
NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


@pytest.fixture(autouse=True)
def at_one_in_the_afternoon():
    with time_machine.travel(make.NOON + timedelta(hours=1), tick=False):
        yield


def read(client: Client, path: str) -> etree._Element:
    """The sitemap at the path, after it has passed the schema of its kind."""
    response = client.get(path)
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    document = etree.fromstring(response.content)
    name = "siteindex.xsd" if document.tag.endswith("sitemapindex") else "sitemap.xsd"
    etree.XMLSchema(etree.parse(SCHEMAS / name)).assertValid(document)
    return document


def paths(document: etree._Element) -> list[str]:
    return [loc.text.removeprefix(SITE) for loc in document.iter(LOC)]


@pytest.mark.parametrize(
    "wrong",
    [
        "<url/>",
        "<url><loc>/relative</loc></url>",
        "<url><loc>https://a.example/</loc><lastmod>2026-11-18T17:00:00</lastmod></url>",
        "<url><lastmod>2026-11-18</lastmod><loc>https://a.example/</loc></url>",
        "<url><loc>https://a.example/</loc><title>t</title></url>",
        "",
    ],
)
def test_the_schema_itself_refuses_what_is_wrong(wrong: str):
    document = etree.fromstring(f'<urlset xmlns="{sitemaps.XMLNS}">{wrong}</urlset>')
    assert not etree.XMLSchema(etree.parse(SCHEMAS / "sitemap.xsd")).validate(document)


def test_the_index_names_each_month_that_has_a_story(client: Client):
    for month in ("2026-11-01T00:00Z", "2026-10-31T23:59:59.999999Z", "2024-02-29T12:00Z", "1999-12-31T23:00Z"):
        make.article(f"Story of {month}", published_at=datetime.fromisoformat(month))
    make.article("Draft", status="draft", published_at=datetime(2020, 5, 5, tzinfo=UTC))
    make.article("Future", published_at=make.NOON + timedelta(days=40))
    make.article("Theirs", canonical_url="https://x.example/", published_at=datetime(2021, 5, 5, tzinfo=UTC))
    months = ["2026-11", "2026-10", "2024-02", "1999-12"]
    assert paths(read(client, "/sitemap.xml")) == [
        "/sitemaps/pages.xml",
        *(f"/sitemaps/{month}.xml" for month in months),
    ]
    for month in months:
        assert len(paths(read(client, f"/sitemaps/{month}.xml"))) == 1


def test_an_empty_site_has_a_valid_index(client: Client):
    assert paths(read(client, "/sitemap.xml")) == ["/sitemaps/pages.xml"]
    assert paths(read(client, "/sitemaps/pages.xml")) == PAGES
    assert client.get("/sitemaps/news.xml").status_code == 200


def test_a_month_lists_its_stories_with_time_and_picture(client: Client):
    picture = make.picture()
    changed = make.NOON + timedelta(minutes=5)
    make.article("Pictured", lead_picture=picture, updated_at=changed, sponsor="Gasket Bank")
    make.article("Older", published_at=make.NOON - timedelta(days=3))
    document = read(client, "/sitemaps/2026-11.xml")
    assert [[child.text for child in url.iter(LOC, IMAGE, "{*}lastmod")] for url in document] == [
        [f"{SITE}/news/pictured/", "2026-11-18T17:05:00+00:00", f"{SITE}{picture.master.url}"],
        [f"{SITE}/news/older/", "2026-11-15T17:00:00+00:00"],
    ]


@pytest.mark.parametrize("month", ["2026-13", "2026-00", "2026-1-1", "x", "0000-01", "9999-12", "2026-10"])
def test_a_month_without_stories_has_no_sitemap(client: Client, month: str):
    make.article()
    assert client.get(f"/sitemaps/{month}.xml").status_code == 404


def test_the_pages_are_those_with_something_to_show(client: Client):
    make.article(topics=[make.topic()], companies=[make.company()])
    make.section("Empty")
    make.topic("Unused")
    make.author("Nobody Yet")
    assert paths(read(client, "/sitemaps/pages.xml")) == [
        *PAGES,
        *("/sections/retail/", "/topics/auctions/", "/authors/dana-whitfield/", "/companies/tesla/"),
    ]


def test_the_news_sitemap_has_two_days_and_nothing_sponsored(client: Client):
    make.publication()
    make.article("Lots <fill> & wait\x0b", slug="lots")
    make.article("Nearly two days", published_at=make.NOON - timedelta(hours=46))
    make.article("Too old", published_at=make.NOON - timedelta(hours=48))
    make.article("Paid", sponsor="Gasket Bank")
    make.article("Theirs", canonical_url="https://x.example/")
    document = read(client, "/sitemaps/news.xml")
    assert paths(document) == ["/news/lots/", "/news/nearly-two-days/"]
    assert [part.text for part in document[0].iter(f"{NEWS}*") if part.text] == [
        "Lot & Lane", "en", "2026-11-18T17:00:00+00:00", "Lots <fill> & wait",
    ]  # fmt: skip


def test_the_news_sitemap_stops_at_a_thousand(client: Client):
    section = make.section()
    Article.objects.bulk_create(
        Article(
            headline=f"S {n}", slug=f"s-{n}", dek="d", body="<p>b</p>", section=section, status="published",
            published_at=make.NOON,
        )
        for n in range(1010)
    )  # fmt: skip
    assert len(read(client, "/sitemaps/news.xml")) == 1000


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"),
    [("/sitemap.xml", 1), ("/sitemaps/2026-11.xml", 1), ("/sitemaps/pages.xml", 4), ("/sitemaps/news.xml", 2)],
)
def test_a_sitemap_takes_as_many_queries_for_one_story_as_for_three(
    client: Client, django_assert_num_queries, path: str, queries: int, rows: int
):
    for number in range(rows):
        make.article(f"Story {number}", topics=[make.topic(f"T{number}")], lead_picture=make.picture())
    with django_assert_num_queries(queries):
        client.get(path)


def test_the_months_are_found_by_an_index():
    make.article()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {sitemaps.MONTHS_SQL}", [make.NOON])
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan" not in plan
    assert "Index Scan using article_newest on news_article" in plan


def test_robots_may_read_all_but_the_admin_and_letters_links(client: Client):
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    robots = RobotFileParser()
    robots.parse(response.content.decode().splitlines())
    assert robots.site_maps() == [f"{SITE}/sitemap.xml", f"{SITE}/sitemaps/news.xml"]
    for path in ("/", "/news/x/", "/newsletter/", "/feeds/latest.rss", "/cards/site/x.png"):
        assert robots.can_fetch("Googlebot", path), path
    own = [f"/newsletter/{name}/abc/" for name in ("confirm", "unsubscribe", "preferences", "data")]
    for path in ("/admin/", *own):
        assert not robots.can_fetch("Googlebot", path), path
