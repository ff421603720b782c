import gzip
import io
import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.files.storage import default_storage
from django.test import Client
from PIL import Image

from news import cards
from news.models import Correction
from news.structured_data import script
from tests import make

pytestmark = pytest.mark.django_db
SITE = settings.SITE_URL


@pytest.fixture(autouse=True)
def at_one_in_the_afternoon():
    with time_machine.travel(make.NOON + timedelta(hours=1), tick=False):
        yield


def page(client: Client, path: str) -> str:
    return client.get(path).content.decode()


def data(html: str) -> dict:
    [found] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return json.loads(found)


def social(html: str) -> dict[str, str]:
    return dict(re.findall(r'<meta (?:property|name)="((?:og|article|twitter):[^"]+)" content="([^"]*)">', html))


def test_an_article_is_a_news_article_in_full(client: Client):
    make.publication(x_url="https://x.com/example")
    make.author(role="Used-car editor")
    picture = make.picture((2400, 1800))
    picture.render()
    story = make.article(
        "Lots <fill> & wait",
        slug="lots",
        by=("Dana Whitfield", "Lee Marsh"),
        lead_picture=picture,
        companies=[make.company()],
        updated_at=make.NOON + timedelta(minutes=30),
    )
    picture.refresh_from_db()
    article, crumbs = data(page(client, "/news/lots/"))["@graph"]
    logo = SITE + cards.card_of_site(make.Publication.load(), "logo").url
    images = [picture.shared(ratio) for ratio in ("16x9", "1x1", "4x3")]
    assert [(image.width, image.height) for image in images] == [(1200, 675), (1200, 1200), (1200, 900)]
    assert article == {
        "@type": "NewsArticle",
        "@id": f"{SITE}/news/lots/#article",
        "headline": "Lots <fill> & wait",
        "description": story.dek,
        "url": f"{SITE}/news/lots/",
        "mainEntityOfPage": f"{SITE}/news/lots/",
        "image": [
            {"@type": "ImageObject", "url": f"{SITE}{image.url}", "width": image.width, "height": image.height}
            for image in images
        ],
        "datePublished": "2026-11-18T12:00:00-05:00",
        "dateModified": "2026-11-18T12:30:00-05:00",
        "author": [
            {
                "@type": "Person",
                "name": "Dana Whitfield",
                "url": f"{SITE}/authors/dana-whitfield/",
                "jobTitle": "Used-car editor",
            },
            {"@type": "Person", "name": "Lee Marsh", "url": f"{SITE}/authors/lee-marsh/"},
        ],
        "publisher": {
            "@type": "NewsMediaOrganization",
            "@id": f"{SITE}/#organization",
            "name": "Lot & Lane",
            "url": f"{SITE}/",
            "logo": {"@type": "ImageObject", "url": logo, "width": 600, "height": 120},
            "sameAs": ["https://x.com/example"],
        },
        "articleSection": "Retail",
        "isAccessibleForFree": True,
        "inLanguage": "en-US",
        "about": [{"@type": "Organization", "name": "Tesla"}],
    }
    assert [(step["position"], step["name"], step["item"]) for step in crumbs["itemListElement"]] == [
        (1, "Home", f"{SITE}/"),
        (2, "Retail", f"{SITE}/sections/retail/"),
        (3, "Lots <fill> & wait", f"{SITE}/news/lots/"),
    ]


@pytest.mark.parametrize("count", [0, 1, 3])
def test_corrections_are_told_with_their_time(client: Client, count: int, django_assert_num_queries):
    make.publication()
    story = make.article()
    for number in range(count):
        made_at = make.NOON + timedelta(minutes=number)
        Correction.objects.create(article=story, text=f"An earlier version said <{number}>.", made_at=made_at)
    with django_assert_num_queries(7):
        html = page(client, story.get_absolute_url())
    assert data(html)["@graph"][0].get("correction", []) == [
        {
            "@type": "CorrectionComment",
            "text": f"An earlier version said <{number}>.",
            "datePublished": f"2026-11-18T12:0{number}:00-05:00",
        }
        for number in reversed(range(count))
    ]


def test_an_authors_page_says_who_that_is(client: Client):
    make.publication()
    portrait = make.picture((640, 640))
    portrait.render()
    make.author(role="Used-car editor", bio="Covers the lanes.", email="dana@example.com", portrait=portrait)
    portrait.refresh_from_db()
    profile = data(page(client, "/authors/dana-whitfield/"))
    assert profile["@type"] == "ProfilePage"
    person = profile["mainEntity"]
    assert person.pop("worksFor")["@id"] == f"{SITE}/#organization"
    assert person == {
        "@type": "Person",
        "name": "Dana Whitfield",
        "url": f"{SITE}/authors/dana-whitfield/",
        "jobTitle": "Used-car editor",
        "description": "Covers the lanes.",
        "email": "dana@example.com",
        "image": f"{SITE}{portrait.shared('1x1').url}",
    }


def test_a_guest_works_for_somebody_else(client: Client):
    make.publication()
    make.author(employer="Harrow Lake Motors")
    assert data(page(client, "/authors/dana-whitfield/")) == {
        "@context": "https://schema.org",
        "@type": "ProfilePage",
        "mainEntity": {
            "@type": "Person",
            "name": "Dana Whitfield",
            "url": f"{SITE}/authors/dana-whitfield/",
            "worksFor": {"@type": "Organization", "name": "Harrow Lake Motors"},
        },
    }


def test_every_picture_that_is_named_exists_at_its_size(client: Client):
    picture = make.picture((1000, 600))
    picture.render()
    make.article("Pictured", lead_picture=picture)
    html = page(client, "/news/pictured/")
    named = [(image["url"], image["width"], image["height"]) for image in data(html)["@graph"][0]["image"]]
    tags = social(html)
    named.append((tags["og:image"], int(tags["og:image:width"]), int(tags["og:image:height"])))
    assert len(named) == 4
    for url, width, height in named:
        path = url.removeprefix(f"{SITE}/media/")
        with default_storage.open(path) as file, Image.open(file) as image:
            assert (image.format, *image.size) == ("JPEG", width, height)


def test_until_it_is_rendered_a_picture_is_named_by_its_master(client: Client):
    picture = make.picture((1600, 900))
    make.article("Pictured", lead_picture=picture)
    html = page(client, "/news/pictured/")
    master = {"@type": "ImageObject", "url": f"{SITE}{picture.master.url}", "width": 1600, "height": 900}
    assert data(html)["@graph"][0]["image"] == [master]
    assert social(html)["og:image"] == f"{SITE}{picture.master.url}"


def test_a_sponsored_article_is_marked_as_paid_for(client: Client):
    make.article("Buy", sponsor="Gasket Bank")
    article = data(page(client, "/news/buy/"))["@graph"][0]
    assert article["@type"] == "AdvertiserContentArticle"
    assert article["sponsor"] == {"@type": "Organization", "name": "Gasket Bank"}


def test_a_syndicated_copy_names_its_original(client: Client):
    make.article("Copy", canonical_url="https://x.example/original")
    html = page(client, "/news/copy/")
    assert data(html)["@graph"][0]["mainEntityOfPage"] == "https://x.example/original"
    assert social(html)["og:url"] == "https://x.example/original"


def test_no_words_end_the_data_or_start_markup(client: Client):
    words = "</script><script>alert(1)</script><!-- & \u2028"
    make.publication(name=words[:80])
    make.article(words, slug="x", dek=words, by=(f"{words} Ann",))
    html = page(client, "/news/x/")
    assert data(html)["@graph"][0]["headline"] == words
    assert "<script>alert" not in html
    element = script({"name": words})
    assert not set("<>&\u2028") & set(element.removeprefix('<script type="application/ld+json">')[: -len("</script>")])


def test_the_front_page_says_whose_site_it_is(client: Client):
    make.publication()
    organization, website = data(page(client, "/"))["@graph"]
    assert (organization["@type"], organization["name"]) == ("NewsMediaOrganization", "Lot & Lane")
    assert (website["@type"], website["publisher"]) == ("WebSite", {"@id": organization["@id"]})


def test_an_article_has_a_whole_social_card(client: Client):
    make.publication()
    picture = make.picture((2000, 1500), alt="Cars in lanes")
    picture.render()
    make.article("Lots fill", lead_picture=picture, social_headline="Lots are full")
    picture.refresh_from_db()
    assert social(page(client, "/news/lots-fill/")) == {
        "og:type": "article",
        "og:site_name": "Lot &amp; Lane",
        "og:locale": "en_US",
        "og:title": "Lots are full",
        "og:description": "Lots are filling while recon bays wait for parts.",
        "og:url": f"{SITE}/news/lots-fill/",
        "og:image": f"{SITE}{picture.shared('social').url}",
        "og:image:type": "image/jpeg",
        "og:image:width": "1200",
        "og:image:height": "630",
        "og:image:alt": "Cars in lanes",
        "twitter:card": "summary_large_image",
        "article:published_time": "2026-11-18T12:00:00-05:00",
        "article:section": "Retail",
        "article:author": f"{SITE}/authors/dana-whitfield/",
    }


@pytest.mark.parametrize(
    "path",
    ["/", "/latest/", "/sections/retail/", "/topics/auctions/", "/authors/dana-whitfield/", "/news/lots-fill/"],
)
def test_without_a_picture_of_its_own_a_page_has_a_drawn_card(client: Client, path: str):
    make.publication()
    make.article("Lots fill", topics=[make.topic()])
    tags = social(page(client, path))
    assert (tags["og:image:width"], tags["og:image:height"]) == ("1200", "630")
    assert tags["og:image:alt"]
    assert tags["og:title"]
    response = client.get(tags["og:image"].removeprefix(SITE))
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["Content-Type"] == "image/png"
    with Image.open(io.BytesIO(response.content)) as image:
        assert image.size == (1200, 630)


def test_the_page_stays_within_its_weight(client: Client):
    html = client.get(make.newsroom().get_absolute_url()).content
    assert len(gzip.compress(html, 6)) <= 14_000
    assert len(re.findall(rb"<[a-z]", html)) <= 800
