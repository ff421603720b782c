from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client

from news.models import Article
from news.paging import PAGE_SIZE
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_one_in_the_afternoon():
    with time_machine.travel(make.NOON + timedelta(hours=1), tick=False):
        yield


def headlines(response) -> list[str]:
    return [article.headline for article in response.context["page"].articles]


def many(count: int, **fields) -> None:
    for number in range(count):
        make.article(f"Story {number:02}", published_at=make.NOON - timedelta(minutes=number), **fields)


def test_the_front_page_shows_nothing_twice(client: Client):
    picture = make.picture()
    for name in ("Retail", "Electric"):
        for number in range(8):
            make.article(f"{name} {number}", section=make.section(name), lead_picture=picture)
    make.article("A brief", kind=Article.Kind.BRIEF)
    front = client.get("/").context["front"]
    shown = [
        front.lead,
        *front.secondaries,
        *front.briefs,
        *(story for _, stories in front.sections for story in stories),
    ]
    assert len({story.pk for story in shown}) == len(shown) == 1 + 4 + 1 + 4 + 3


def test_a_story_without_a_picture_does_not_lead(client: Client):
    make.article("Older with picture", lead_picture=make.picture(), published_at=make.NOON - timedelta(hours=2))
    make.article("Newer without")
    assert client.get("/").context["front"].lead.headline == "Older with picture"


def test_an_empty_site_has_a_front_page(client: Client):
    assert "Nothing has been published yet" in client.get("/").content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_front_page_takes_as_many_queries_for_many_sections(client: Client, django_assert_num_queries, rows: int):
    picture = make.picture()
    for name in ("Retail", "Electric", "Finance")[:rows]:
        for number in range(rows * 6):
            make.article(f"{name} {number}", section=make.section(name), lead_picture=picture)
    with django_assert_num_queries(8):
        client.get("/")


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/latest/", 3),
        ("/sections/retail/", 5),
        ("/topics/auctions/", 4),
        ("/companies/tesla/", 4),
        ("/authors/dana-whitfield/", 4),
    ],
)
def test_a_list_takes_as_many_queries_for_one_row_as_for_three(
    client: Client, django_assert_num_queries, path: str, queries: int, rows: int
):
    many(rows, topics=[make.topic("Auctions")], companies=[make.company("Tesla")], lead_picture=make.picture())
    with django_assert_num_queries(queries):
        response = client.get(path)
    assert len(headlines(response)) == rows


def test_pages_follow_each_other_without_a_gap_or_a_repeat(client: Client):
    many(PAGE_SIZE * 2 + 5)
    path, seen = "/latest/", []
    for _ in range(3):
        response = client.get(path)
        seen += headlines(response)
        make.article(f"Breaking {path}", slug=f"breaking-{len(seen)}")
        path = f"/latest/?before={response.context['page'].older}"
    assert seen == [f"Story {number:02}" for number in range(PAGE_SIZE * 2 + 5)]
    assert response.context["page"].older == ""


def test_articles_of_the_same_second_are_all_listed(client: Client):
    for number in range(PAGE_SIZE + 1):
        make.article(f"Same time {number}")
    older = client.get("/latest/").context["page"].older
    assert headlines(client.get(f"/latest/?before={older}")) == ["Same time 0"]


@pytest.mark.parametrize(
    "cursor", ["x", "20261118T170000.000000-x", "-", "20261118T170000.000000-" + "9" * 400, "\x00"]
)
def test_a_cursor_that_is_not_ours_is_not_found(client: Client, cursor: str):
    assert client.get("/latest/", {"before": cursor}).status_code == 404


@pytest.mark.parametrize(
    "path", ["/sections/no/", "/topics/no/", "/authors/no/", "/companies/no/", "/news/no/", "/no/"]
)
def test_an_unknown_address_is_a_readable_404_that_is_not_kept(client: Client, path: str):
    response = client.get(path)
    assert response.status_code == 404
    assert "There is no page at this address" in response.content.decode()
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("asked", "canonical"),
    [
        ("/?before=nothing", "/"),
        ("/privacy/?kind=nothing", "/privacy/"),
        ("/latest/?r=1y", "/latest/"),
        ("/latest/?before=20300101T000000.0-1&r=1y", "/latest/?before=20300101T000000.0-1"),
        ("/companies/tesla/?r=1y", "/companies/tesla/"),
        ("/newsletter/archive/?utm_source=x", "/newsletter/archive/"),
        ("/newsletter/archive/?before=2030-01-01.1", "/newsletter/archive/?before=2030-01-01.1"),
    ],
)
def test_search_engines_are_told_the_address_without_what_does_not_belong_to_it(
    client: Client, asked: str, canonical: str
):
    make.company("Tesla")
    html = client.get(asked).content.decode()
    assert f'<link rel="canonical" href="{settings.SITE_URL}{canonical}">' in html


def test_a_section_lists_only_its_own_published_articles(client: Client):
    make.article("Ours")
    make.article("Draft", status="draft")
    make.article("Future", published_at=make.NOON + timedelta(days=1))
    make.article("Elsewhere", section=make.section("Electric"))
    assert headlines(client.get("/sections/retail/")) == ["Ours"]


def test_an_author_page_shows_who_it_is(client: Client):
    make.article()
    make.author(role="Retail editor")
    html = client.get("/authors/dana-whitfield/").content.decode()
    assert "Dana Whitfield</h1>" in html


def test_the_500_page_needs_no_database():
    from django.template.loader import render_to_string

    assert "This page cannot be shown right now" in render_to_string("500.html")
