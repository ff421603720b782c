from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_one_in_the_afternoon():
    with time_machine.travel(make.NOON + timedelta(hours=1), tick=False):
        yield


def test_the_page_has_all_seven_parts(client: Client):
    article = make.newsroom()
    html = client.get(article.get_absolute_url()).content.decode()
    parts = [
        "TSLA",
        "The car business, daily",
        "The whole story</h1>",
        article.dek,
        'alt="Cars in lanes"',
        "By <a",
        "Nov. 18, 2026, noon ET",
        "<p>Paragraph 2.</p>",
        'action="/newsletter/subscribe/"',
        "<p>Paragraph 3.</p>",
        "https://www.facebook.com/example",
        'action="/newsletter/subscribe/"',
        "Lot &amp; Lane is part of the Harrow Lake Media family.",
        "Covers the lanes.",
        "Related Articles",
        "Latest Articles",
        "From our Publishing Partners",
    ]
    place = 0
    for part in parts:
        place = html.index(part, place) + len(part)


def test_the_page_takes_eight_queries(client: Client, django_assert_num_queries):
    article = make.newsroom()
    with django_assert_num_queries(8):
        client.get(article.get_absolute_url())


def test_a_reader_gets_no_cookie_and_nothing_inline(client: Client):
    response = client.get(make.newsroom().get_absolute_url())
    html = response.content.decode()
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert response["Cache-Control"].startswith("public, max-age=0, s-maxage=60")
    assert response["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "<style" not in html
    assert " style=" not in html
    data, *scripts = html.split("<script")[1:]
    assert data.startswith(' type="application/ld+json">')
    assert all('src="/static/' in tag for tag in scripts)


def test_related_and_latest_never_repeat_a_story(client: Client):
    article = make.newsroom()
    context = client.get(article.get_absolute_url()).context
    related, latest = list(context["related"]), list(context["latest"])
    assert [story.headline for story in related[:3]] == ["Other story 2", "Other story 1", "Other story 0"]
    assert article not in related + latest
    assert len({story.pk for story in related + latest}) == len(related) + len(latest) == 9


@pytest.mark.parametrize(("status", "code"), [("draft", 404), ("in_review", 404), ("withdrawn", 410)])
def test_only_published_articles_have_a_page(client: Client, status: str, code: int):
    article = make.article(status=status)
    assert client.get(article.get_absolute_url()).status_code == code


def test_an_article_appears_at_its_publish_time_to_the_second(client: Client):
    article = make.article(published_at=make.NOON + timedelta(hours=2))
    with time_machine.travel(article.published_at - timedelta(seconds=1), tick=False):
        assert article.state == "Scheduled"
        assert client.get(article.get_absolute_url()).status_code == 404
    with time_machine.travel(article.published_at, tick=False):
        assert article.state == "Published"
        assert client.get(article.get_absolute_url()).status_code == 200


def test_words_of_editors_are_escaped(client: Client):
    article = make.article('<script>alert("x")</script>', slug="x", dek="<b>bold</b>", by=("<i>Ann</i>",))
    html = client.get(article.get_absolute_url()).content.decode()
    assert "<script>alert" not in html
    assert "<b>bold" not in html
    assert "<i>Ann" not in html


def test_a_sponsored_article_says_so_on_its_page_and_its_card(client: Client):
    article = make.article(sponsor="Gasket Bank")
    assert "Sponsored by Gasket Bank" in client.get(article.get_absolute_url()).content.decode()
    assert "Sponsored by Gasket Bank" in client.get("/latest/").content.decode()


def test_an_article_stands_alone_on_an_empty_site(client: Client):
    response = client.get(make.article().get_absolute_url())
    assert response.status_code == 200
    assert "Related Articles" not in response.content.decode()


def test_a_picture_of_a_body_gets_its_renditions(client: Client):
    inside = make.picture((1200, 900), alt="A ledger")
    inside.render()
    article = make.article(body=f'<p>See.</p><figure><img src="{inside.master.url}" alt=""></figure>')
    html = client.get(article.get_absolute_url()).content.decode()
    assert 'type="image/avif"' in html
    assert 'alt="A ledger"' in html
