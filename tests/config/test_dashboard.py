"""The desk's first page: what has to be done now, for those who may do it."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from config.dashboard.block import clock, span
from news.models import Article, BreakingNews, Partner, Revision
from news.roles import ADMINISTRATOR, EDITOR, NEWSLETTER_EDITOR, REPORTER
from newsletter.models import EditionItem
from tests import make
from tests.config.desk import NOW, a_mover, blocks_of, enter, rows_of
from tests.newsletter.editions import edition
from tickers.models import SourceHealth

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files", "noon")]


# Stories


def test_what_was_handed_in_says_by_whom_and_when_the_longest_waiting_first(noon: Any) -> None:
    make.publication()
    client, _ = enter()
    kim = make.user("kim@example.com", first_name="Kim", last_name="Roe")
    for headline, hours in (("Second", 1), ("First", 3)):
        noon.move_to(NOW - timedelta(hours=hours))
        article = make.article(headline, status="draft")
        article.hand_in()
        Revision.objects.record(article, kim, "Handed in. Changed: Dek.")
    noon.move_to(NOW)
    assert rows_of(client, "review") == [("First", "Kim Roe", "3 h ago"), ("Second", "Kim Roe", "1 h ago")]


def test_stories_of_the_next_day_stand_with_their_time_in_the_publications_zone(noon: Any) -> None:
    make.publication(time_zone="America/Chicago")
    client, _ = enter()
    make.article("Tonight", published_at=NOW + timedelta(hours=2, minutes=5))
    make.article("Early", published_at=NOW + timedelta(hours=19))
    make.article("In two days", published_at=NOW + timedelta(days=2))
    make.article("Out already", published_at=NOW)
    assert rows_of(client, "scheduled") == [
        ("Tonight", "1:05 p.m.", "in 2 h"),
        ("Early", "tomorrow, 6 a.m.", "in 19 h"),
    ]


def test_a_story_that_nobody_has_touched_for_a_week_is_stale(noon: Any) -> None:
    make.publication()
    client, user = enter(first_name="Nora", last_name="Ellis")
    for headline, status, days in (("Old", "draft", 9), ("Week", "in_review", 7), ("New", "draft", 6)):
        noon.move_to(NOW - timedelta(days=days))
        make.article(headline, status=status, created_by=user, published_at=None)
    noon.move_to(NOW)
    found = [("Old", "Draft · Nora Ellis", "9 days ago"), ("Week", "In review · Nora Ellis", "7 days ago")]
    assert rows_of(client, "stale") == found


def test_a_big_mover_without_a_story_starts_one_about_its_company() -> None:
    make.publication()
    client, _ = enter()
    told, begun, old = a_mover("A", "110", "Told"), a_mover("B", "90", "Begun"), a_mover("C", "93.50", "Silent")
    a_mover("D", "101.90", "Small")
    make.article("Of today", companies=[told], published_at=NOW - timedelta(hours=3))
    make.article("Under way", companies=[begun], status="draft")
    make.article("Of the day before", companies=[old], published_at=NOW - timedelta(hours=25))
    (row,) = blocks_of(client)["movers"].rows
    assert (row.words, row.about, row.direction) == ("C ▼ 6.50 (−6.50 %)", "Silent", "down")
    assert row.action is not None
    form = client.get(row.action.url).context["adminform"].form
    assert form["companies"].value() == [old.pk]
    assert f'value="{old.pk}" selected' in " ".join(client.get(row.action.url).content.decode().split())


def test_a_partners_headline_starts_a_story_that_names_the_partner(noon: Any) -> None:
    make.publication()
    client, _ = enter()
    make.partner_story("Auction volumes ease", published_at=NOW - timedelta(minutes=20))
    make.partner_story("Hidden", published_at=NOW, is_hidden=True)
    make.partner_story("Old", published_at=NOW - timedelta(hours=25))
    (row,) = blocks_of(client)["partners"].rows
    assert (row.words, row.about, row.when) == ("Auction volumes ease", "Gasket Review", "20 min ago")
    assert row.action is not None
    assert "Gasket Review reports" in client.get(row.action.url).context["adminform"].form["body"].value()


def test_running_breaking_news_says_until_when(noon: Any) -> None:
    make.publication()
    client, _ = enter()
    BreakingNews.objects.create(headline="Plant shut", begins_at=NOW, ends_at=NOW + timedelta(hours=2))
    BreakingNews.objects.create(headline="Over", begins_at=NOW - timedelta(hours=2), ends_at=NOW)
    (row,) = blocks_of(client)["breaking"].rows
    assert (row.words, row.about, row.is_loud) == ("Plant shut", "until 2 p.m.", True)


# What a reporter and a new newsroom see


def test_a_reporter_sees_the_own_stories_and_no_business_of_others() -> None:
    make.publication()
    client, user = enter(REPORTER)
    make.author("Kim Roe", user=user)
    make.article("Begun", status="draft", created_by=user)
    make.article("Signed", status="in_review", by=("Kim Roe",))
    make.article("Of others", status="in_review")
    make.partner_story(published_at=NOW)
    Partner.objects.update(failures=3, failing_since=NOW)
    assert {words for words, _, _ in rows_of(client, "own")} == {"Begun", "Signed"}
    assert set(blocks_of(client)) == {"own", "partners"}


@pytest.mark.parametrize(
    ("role", "names"),
    [
        (REPORTER, {"own", "scheduled", "partners", "movers"}),
        (EDITOR, {"review", "scheduled", "partners", "stale", "movers", "breaking", "trouble"}),
        (NEWSLETTER_EDITOR, {"scheduled", "editions"}),
        (ADMINISTRATOR, {"review", "scheduled", "partners", "stale", "movers", "breaking", "trouble", "editions"}),
    ],
)
def test_each_role_sees_its_own_blocks(role: str, names: set[str]) -> None:
    busy_newsroom(1)
    client, _ = enter(role)
    assert set(blocks_of(client)) == names


def test_a_new_newsroom_is_told_its_first_steps() -> None:
    client, _ = enter()
    rows = blocks_of(client)["steps"].rows
    assert [row.words for row in rows] == [
        *("Name the publication", "Make its sections", "Name the newsletter", "Write the first story")
    ]
    assert [client.get(row.url).status_code for row in rows] == [200] * 4
    make.publication()
    make.newsletter()
    assert [row.words for row in blocks_of(client)["steps"].rows] == ["Make its sections", "Write the first story"]
    make.article()
    assert "steps" not in blocks_of(client)


# The whole


def busy_newsroom(rows: int) -> None:
    """So many rows of all that the page shows; two movers more."""
    make.publication()
    daily = make.newsletter(hour=14)
    for number in range(rows):
        old = make.article(f"Stale {number}", status="draft")
        Article.objects.filter(pk=old.pk).update(saved_at=NOW - timedelta(days=8))
        waiting = make.article(
            f"Waiting {number}", status="in_review", created_by=make.user(f"kim{number}@example.com")
        )
        Revision.objects.record(waiting, waiting.created_by, "Handed in.")
        make.article(f"Soon {number}", published_at=NOW + timedelta(minutes=number + 1))
        make.partner_story(f"Theirs {number}", f"Partner {number}", published_at=NOW)
        BreakingNews.objects.create(headline=f"News {number}", begins_at=NOW, ends_at=NOW + timedelta(hours=1))
        SourceHealth.objects.create(source=f"s{number}", failures=1, open_until=NOW + timedelta(hours=1), failed_at=NOW)
        a_mover(f"S{number}", "120", f"Company {number}")
        made = edition(daily, NOW.date() - timedelta(days=number % 2), status="ready") if number < 2 else None
        if made:
            EditionItem.objects.create(edition=made, article=waiting)
    Partner.objects.update(
        failures=2, failing_since=NOW - timedelta(hours=3), error="It answers 500.", feed_url="https://x.com/f"
    )


@pytest.mark.parametrize("rows", [1, 8])
def test_the_page_costs_the_same_for_one_row_of_each_and_for_many(
    rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    busy_newsroom(rows)
    client, _ = enter()
    client.get("/admin/")
    with django_assert_num_queries(20):
        answer = client.get("/admin/")
    blocks = [answer.context["trouble"], *answer.context["main"], *answer.context["side"]]
    assert all(len(block.rows) <= 12 for block in blocks)


def test_a_long_list_is_cut_and_leads_to_the_rest() -> None:
    busy_newsroom(8)
    client, _ = enter()
    for name, block in blocks_of(client).items():
        if name in {"review", "scheduled", "partners", "stale", "movers"}:
            assert (len(block.rows), block.total, block.hidden) == (5, 8, 3), name
            assert block.all is not None
            assert client.get(block.all.url).status_code == 200, name
    page = client.get("/admin/").content.decode()
    assert "All in review (3 more)" in page
    assert "?state=draft" in page


def test_every_row_leads_to_a_page_of_the_admin() -> None:
    busy_newsroom(1)
    client, _ = enter()
    rows = [row for block in blocks_of(client).values() for row in block.rows]
    links = [row.url for row in rows if not row.is_outside] + [row.action.url for row in rows if row.action]
    assert len(links) > 8
    assert [link for link in links if client.get(link).status_code != 200] == []


def test_a_stretch_of_time_is_told_in_one_unit() -> None:
    lengths = [
        timedelta(seconds=59),
        timedelta(minutes=12),
        timedelta(minutes=119),
        timedelta(hours=47),
        timedelta(days=2),
    ]
    assert [span(length) for length in lengths] == ["0 min", "12 min", "1 h", "47 h", "2 days"]


def test_a_moment_is_told_by_the_clock_and_as_much_of_its_day_as_it_needs() -> None:
    days = [timedelta(0), timedelta(days=1), timedelta(days=-1), timedelta(days=2), timedelta(days=9)]
    with timezone.override("America/New_York"):
        found = [clock(NOW + day, NOW) for day in days]
    assert found == ["noon", "tomorrow, noon", "yesterday, noon", "Fri, noon", "Nov 27, noon"]
