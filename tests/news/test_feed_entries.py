import re
from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import pytest
import time_machine
from django.conf import settings
from django.test import Client

from news.models import Article
from news.xml_document import one_line
from tests import make
from tests.news.feed_reader import FORMATS, in_all, read, titles

pytestmark = pytest.mark.django_db
SITE = settings.SITE_URL
NAUGHTY = settings.ROOT.parent / "shared/corpora/big-list-of-naughty-strings/data"


@pytest.fixture(autouse=True)
def at_one_in_the_afternoon():
    with time_machine.travel(make.NOON + timedelta(hours=1), tick=False):
        yield


def test_an_entry_says_all_that_is_known_of_a_story(client: Client):
    make.publication()
    picture = make.picture()
    picture.render()
    story = make.article(
        "Lots <fill> & wait",
        slug="lots",
        by=("Dana Whitfield", "Lee Marsh"),
        topics=[make.topic()],
        lead_picture=picture,
        updated_at=make.NOON + timedelta(minutes=30),
    )
    picture.refresh_from_db()
    jpeg = picture.shared("16x9")
    size = (settings.MEDIA_ROOT / jpeg.path).stat().st_size
    for name in ("rss", "atom"):
        feed = feedparser.parse(client.get(f"/feeds/latest.{name}").content, sanitize_html=False)
        assert not feed.bozo
        assert feed.feed.title == "Lot & Lane"
        assert feed.feed.language == "en-US" if name == "rss" else feed.feed.title_detail.language == "en-US"
        [entry] = feed.entries
        assert entry.title == "Lots <fill> & wait"
        assert entry.link == f"{SITE}/news/lots/"
        assert entry.id == f"tag:127.0.0.1,2026:article-{story.pk}"
        assert entry.published_parsed[:5] == (2026, 11, 18, 17, 0)
        assert [author.name for author in entry.authors if "name" in author] == ["Dana Whitfield", "Lee Marsh"]
        assert [tag.term for tag in entry.tags] == ["Retail", "Auctions"]
        assert story.dek in entry.summary
        [file] = entry.enclosures
        assert (file.href, file.type, file.length) == (f"{SITE}{jpeg.url}", "image/jpeg", str(size))
    [item] = read(client)["json"]
    assert item == {
        "id": f"tag:127.0.0.1,2026:article-{story.pk}",
        "url": f"{SITE}/news/lots/",
        "title": "Lots <fill> & wait",
        "summary": story.dek,
        "content_html": f"<p>{story.dek}</p>",
        "date_published": "2026-11-18T17:00:00+00:00",
        "date_modified": "2026-11-18T17:30:00+00:00",
        "authors": [
            {"name": "Dana Whitfield", "url": f"{SITE}/authors/dana-whitfield/"},
            {"name": "Lee Marsh", "url": f"{SITE}/authors/lee-marsh/"},
        ],
        "tags": ["Retail", "Auctions"],
        "image": f"{SITE}{jpeg.url}",
        "attachments": [{"url": f"{SITE}{jpeg.url}", "mime_type": "image/jpeg", "size_in_bytes": size}],
    }


def test_an_entry_keeps_its_id_when_headline_address_and_time_change(client: Client):
    story = make.article("Before")
    ids = [entry.findtext("{*}id") for entry in read(client)["atom"]]
    Article.objects.filter(pk=story.pk).update(
        headline="After", slug="after", published_at=datetime.fromisoformat("2025-01-01T00:00Z")
    )
    found = read(client)
    assert [entry.findtext("{*}id") for entry in found["atom"]] == ids
    assert [item.findtext("guid") for item in found["rss"]] == ids
    assert [item["id"] for item in found["json"]] == ids


def test_a_sponsored_story_says_so_in_title_text_and_category(client: Client):
    make.publication(feeds_full_text=True)
    make.article("Buy now", sponsor="Gasket & Co", body='<p>See <a href="/offer">it</a>.</p>')
    assert titles(client) == in_all(["Sponsored by Gasket & Co: Buy now"])
    [item] = read(client)["json"]
    assert item["tags"] == ["Retail", "Sponsored"]
    assert item["summary"].startswith("Sponsored by Gasket & Co. ")
    assert item["content_html"] == (
        "<p><strong>Sponsored by Gasket &amp; Co</strong></p>\n"
        f'<p>See <a href="{SITE}/offer" rel="sponsored">it</a>.</p>'
    )


def test_the_full_text_stands_only_in_feeds_that_are_set_to_carry_it(client: Client):
    publication = make.publication()
    make.article(body="<p>The whole of it.</p>")
    assert all("The whole of it" not in client.get(f"/feeds/latest.{name}").content.decode() for name in FORMATS)
    publication.feeds_full_text = True
    publication.save()
    found = read(client)
    assert found["rss"][0].findtext("{*}encoded") == "<p>The whole of it.</p>"
    assert found["atom"][0].findtext("{*}content") == "<p>The whole of it.</p>"
    assert found["json"][0]["content_html"] == "<p>The whole of it.</p>"


def test_a_body_in_a_feed_has_absolute_addresses_only(client: Client):
    make.publication(feeds_full_text=True)
    inside = make.picture((1200, 900), alt='A "ledger"')
    make.article(
        slug="s",
        body='<p><a href="/markets/?a=1&amp;b=2">m</a> <a href="#end">e</a> <a href="https://x.example/">x</a>'
        ' <a href="mailto:a@b.example">w</a> <a href="//[">odd</a> <code>href="/stays"</code></p>'
        f'<figure><img src="{inside.master.url}" alt=""></figure><p><img src="/media/gone.gif" alt="g"></p>',
    )
    html = read(client)["rss"][0].findtext("{*}encoded")
    assert re.findall(r'<a href="([^"]*)"', html) == [
        f"{SITE}/markets/?a=1&amp;b=2",
        f"{SITE}/news/s/#end",
        "https://x.example/",
        "mailto:a@b.example",
        "//[",
    ]
    assert '<code>href="/stays"</code>' in html
    assert re.findall("<img[^>]*>", html) == [
        f'<img src="{SITE}{inside.master.url}" width="1200" height="900" alt="A &quot;ledger&quot;">',
        f'<img src="{SITE}/media/gone.gif" alt="g">',
    ]


def test_a_lost_picture_file_costs_the_enclosure_only(client: Client):
    story = make.article(lead_picture=make.picture())
    story.lead_picture.master.delete(save=False)
    found = read(client)
    assert found["rss"][0].find("enclosure") is None
    assert "attachments" not in found["json"][0]


def test_control_characters_of_a_headline_do_not_reach_a_feed(client: Client):
    make.publication(name="Lot\x0b & Lane", feeds_full_text=True)
    make.article("A\x01 tab\there \ufffe\u2028and\r\n there\x1b", slug="x", dek="d\x0c", body="<p>b&#8;c&#xfffe;</p>")
    assert titles(client) == in_all(["A tab here \u2028and there"])
    ElementTree.fromstring(client.get("/feeds/latest.atom").content)


def naughty_strings() -> list[str]:
    if not NAUGHTY.exists():
        pytest.skip(f"the corpus is not here: {NAUGHTY}")
    found = [line for file in sorted(Path(NAUGHTY).rglob("blns.txt")) for line in file.read_text().split("\n")]
    strings = [line for line in found if line and not line.startswith("#") and "\0" not in line]
    assert len(strings) > 400
    return strings


def test_every_naughty_string_comes_back_as_it_was(client: Client):
    make.publication(feeds_full_text=True)
    section = make.section()
    strings = naughty_strings()
    for start in range(0, len(strings), 30):
        words = strings[start : start + 30]
        Article.objects.all().delete()
        Article.objects.bulk_create(
            Article(
                headline=word[:200], slug=f"s-{number}", dek=word[:300], body=f"<p>.</p>{word}", section=section,
                status="published", published_at=make.NOON - timedelta(minutes=number),
            )
            for number, word in enumerate(words)
            if word.strip()
        )  # fmt: skip
        expected = [one_line(word[:200]) for word in words if word.strip()]
        assert {name: [title or "" for title in found] for name, found in titles(client).items()} == in_all(expected)
        for name in ("rss", "atom"):
            feed = feedparser.parse(
                client.get(f"/feeds/latest.{name}").content, sanitize_html=False, resolve_relative_uris=False
            )
            assert not feed.bozo, feed.bozo_exception
            assert [entry.title for entry in feed.entries] == [title.strip() for title in expected]
