from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client

from news.models import Partner, PartnerStory
from news.paging import PAGE_SIZE
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_one_in_the_afternoon():
    make.publication()
    with time_machine.travel(make.NOON + timedelta(hours=1), tick=False):
        yield


def titles(response) -> list[str]:
    return [story.title for story in response.context["page"].articles]


def test_a_partner_has_a_page_of_its_own_and_one_with_the_others(client: Client) -> None:
    make.partner_story("Ours")
    make.partner_story("Theirs", partner="Yard Weekly", published_at=make.NOON - timedelta(hours=1))
    assert titles(client.get("/partners/")) == ["Ours", "Theirs"]
    assert titles(client.get("/partners/yard-weekly/")) == ["Theirs"]
    assert client.get("/partners/no/").status_code == 404


def test_a_story_says_where_it_is_from_and_when(client: Client) -> None:
    make.partner_story(author="Lee Marsh", summary="Quiet lanes.")
    for path in ("/partners/", "/partners/gasket-review/"):
        html = client.get(path).content.decode()
        assert (
            '<p class="partner-source">Gasket Review, Lee Marsh · '
            '<time datetime="2026-11-18T12:00:00-05:00">1h ago</time></p>' in html
        )
        assert '<h2><a href="https://gasket-review.example/auction-volumes-ease" rel="nofollow noopener">' in html
        assert "<p>Quiet lanes.</p>" in html


def test_what_a_partner_pays_for_is_labelled_everywhere(client: Client) -> None:
    make.partner_story()
    article = make.article(lead_picture=make.picture())
    pages = ("/", article.get_absolute_url(), "/partners/", "/partners/gasket-review/")
    assert not any("Sponsored" in client.get(page).content.decode() for page in pages)
    Partner.objects.update(is_paying=True)
    for page in pages:
        html = client.get(page).content.decode()
        assert 'ease" rel="sponsored nofollow noopener">Auction volumes ease</a>' in html
        assert '<span class="sponsored">Sponsored</span>' in html


@pytest.mark.parametrize("rows", [1, 30])
def test_a_busy_partner_does_not_fill_the_block_beside_our_stories(client: Client, rows: int) -> None:
    for number in range(rows):
        make.partner_story(f"Busy {number:02}", published_at=make.NOON + timedelta(minutes=number))
        make.partner_story(f"Hidden {number}", published_at=make.NOON + timedelta(minutes=50), is_hidden=True)
    for number in range(3):
        before = make.NOON - timedelta(days=number + 1)
        make.partner_story(f"Quiet {number}", partner="Yard Weekly", published_at=before)
    make.partner_story("Slow", partner="Motor Pool", published_at=make.NOON - timedelta(days=9))
    article = make.article()
    busy = ["Busy 29", "Busy 28"] if rows == 30 else ["Busy 00"]
    expected = [*busy, "Quiet 0", "Quiet 1", "Slow"][:4]
    for page in ("/", article.get_absolute_url()):
        assert [story.title for story in client.get(page).context["partner_stories"]] == expected
    assert len(titles(client.get("/partners/"))) == min(rows + 4, PAGE_SIZE)


def test_the_block_is_found_by_the_index_of_each_partners_newest() -> None:
    first = [make.partner_story(partner=f"Partner {number}") for number in range(20)]
    PartnerStory.objects.bulk_create(
        PartnerStory(partner=story.partner, title="T", url=story.url, published_at=make.NOON - timedelta(hours=hours))
        for story in first
        for hours in range(100)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE news_partnerstory")
        plan = PartnerStory.objects.mixed()[:4].explain()
    assert "Scan using partner_story_newest_of_one on news_partnerstory" in plan


def test_a_hidden_story_is_on_no_page(client: Client) -> None:
    make.partner_story("Gone", is_hidden=True)
    make.partner_story("Stays")
    article = make.article()
    for page in ("/", article.get_absolute_url(), "/partners/", "/partners/gasket-review/"):
        html = client.get(page).content.decode()
        assert ("Gone" in html, "Stays" in html) == (False, True), page


def test_pages_follow_each_other_without_a_gap_or_a_repeat(client: Client) -> None:
    for number in range(PAGE_SIZE + 3):
        make.partner_story(f"Story {number:02}", published_at=make.NOON - timedelta(minutes=number // 2))
    first = client.get("/partners/gasket-review/")
    make.partner_story("Breaking")
    second = client.get(f"/partners/gasket-review/?before={first.context['page'].older}")
    assert sorted(titles(first) + titles(second)) == [f"Story {number:02}" for number in range(PAGE_SIZE + 3)]
    assert second.context["page"].older == ""
    assert client.get("/partners/?before=x").status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("path", "queries"), [("/partners/", 4), ("/partners/gasket-review/", 4)])
def test_a_page_takes_as_many_queries_for_one_row_as_for_three(
    client: Client, django_assert_num_queries, path: str, queries: int, rows: int
) -> None:
    for number in range(rows):
        make.partner_story(f"Story {number}", picture=make.picture())
    make.partner_story("Other", partner="Yard Weekly")
    with django_assert_num_queries(queries):
        client.get(path)


def test_partners_stay_out_of_what_is_ours(client: Client) -> None:
    make.partner_story("Not ours")
    make.article()
    for path in ("/latest/", "/sections/retail/"):
        assert "Not ours" not in client.get(path).content.decode()
