"""Breaking news: the line over every page, who may put it there, and how it ends."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from news.due import next_due
from news.models import BreakingNews, Slot
from news.roles import RIGHTS, make_roles
from tests import make
from tests.config.test_pagecache import Site
from tests.news.desk import an_editor, at, said, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]
ADD = "/admin/news/breakingnews/add/"
LIST = "/admin/news/breakingnews/"
END = "admin:news_breakingnews_end_now"
NOW = make.NOON + timedelta(hours=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def at_one_in_the_afternoon() -> Any:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture
def desk(at_one_in_the_afternoon: Any) -> Client:
    make.publication()
    return an_editor(first_name="Nora", last_name="Ellis")[0]


def breaking(headline: str = "Averill Pike buys Lane & Sons", **fields: Any) -> BreakingNews:
    hours = {"begins_at": NOW - HOUR, "ends_at": NOW + HOUR}
    return BreakingNews.objects.create(headline=headline, **{**hours, **fields})


def banner(client: Client, path: str = "/") -> str:
    """The markup of the banner, in one line; nothing where there is none."""
    page = text_of(client.get(path))
    _, _, rest = page.partition('<aside class="breaking" aria-label="Breaking news">')
    return rest.partition("</aside>")[0]


# What readers see


def test_breaking_news_is_over_every_page(client: Client, at_one_in_the_afternoon: Any) -> None:
    article = make.newsroom()
    breaking(article=article)
    link = f'<a href="{article.get_absolute_url()}">Averill Pike buys Lane &amp; Sons</a>'
    paths = ("/", article.get_absolute_url(), "/latest/", "/sections/retail/", "/markets/", "/companies/tesla/")
    for path in (*paths, "/partners/", "/newsletter/", "/privacy/", "/no-such-page/"):
        assert link in banner(client, path), path


def test_it_is_no_link_until_readers_may_see_its_article(client: Client, at_one_in_the_afternoon: Any) -> None:
    make.publication()
    article = make.article(published_at=NOW + timedelta(minutes=30))
    breaking(article=article)
    assert "<b>Breaking</b> Averill Pike buys" in banner(client)
    assert "<a" not in banner(client)
    at_one_in_the_afternoon.move_to(NOW + timedelta(minutes=30))
    assert "<a" in banner(client)
    article.withdraw()
    assert "<a" not in banner(client)


def test_it_begins_and_ends_to_the_second(client: Client, at_one_in_the_afternoon: Any) -> None:
    make.publication()
    breaking(begins_at=NOW + HOUR, ends_at=NOW + 2 * HOUR)
    for moment, is_there in ((HOUR - timedelta(seconds=1), False), (HOUR, True), (2 * HOUR, False)):
        at_one_in_the_afternoon.move_to(NOW + moment)
        assert bool(banner(client)) is is_there
    assert banner(client) == ""


def test_of_two_the_newest_is_shown(client: Client, at_one_in_the_afternoon: Any) -> None:
    make.publication()
    breaking("Newer", begins_at=NOW - timedelta(minutes=1))
    breaking("Older")
    assert "Newer" in banner(client)
    assert "Older" not in banner(client)


def test_what_is_sponsored_says_so_there_too_and_words_are_escaped(
    client: Client, at_one_in_the_afternoon: Any
) -> None:
    make.publication()
    breaking("<b>Bold</b>", article=make.article(sponsor="Gasket Bank"))
    assert "Sponsored by Gasket Bank" in banner(client)
    assert "&lt;b&gt;Bold&lt;/b&gt;" in banner(client)


def test_it_costs_no_query(client: Client, at_one_in_the_afternoon: Any, django_assert_num_queries: Any) -> None:
    article = make.newsroom()
    breaking(article=article)
    with django_assert_num_queries(8):
        client.get(article.get_absolute_url())


# Kept pages


@pytest.fixture
def site(clean_cache: None) -> Site:
    return Site()


@pytest.mark.django_db(transaction=True)
def test_it_is_on_kept_pages_at_once_and_ends_there_without_any_job(site: Site) -> None:
    make.publication()
    path = make.article().get_absolute_url()
    assert b"breaking" not in site.get(path).body
    ends = timezone.now().replace(microsecond=0) + timedelta(seconds=20)
    breaking(begins_at=timezone.now(), ends_at=ends)
    site.forget()
    assert b"Averill Pike buys" in site.get(path).body
    for moment, is_there in ((ends - timedelta(seconds=1), True), (ends, False)):
        with time_machine.travel(moment, tick=False):
            site.forget()
            assert (b"Averill Pike buys" in site.get(path).body) is is_there
    assert site.rendered == [path] * 3


@pytest.mark.django_db(transaction=True)
def test_a_kept_front_page_gives_a_place_back_when_its_pin_ends(site: Site) -> None:
    picture = make.picture()
    make.article("Newest", lead_picture=picture)
    ends = timezone.now().replace(microsecond=0) + timedelta(seconds=20)
    older = make.article("Older", published_at=make.NOON - HOUR, lead_picture=picture)
    Slot.objects.create(article=older, position=0, pinned_until=ends)

    def lead() -> str:
        site.forget()
        page = site.get("/").body.decode()
        return page.split('<article class="lead">')[1].split("</a></h2>")[0].split(">")[-1]

    with time_machine.travel(ends - timedelta(seconds=1), tick=False):
        assert lead() == "Older"
    with time_machine.travel(ends, tick=False):
        assert lead() == "Newest"


def test_the_next_change_by_the_clock_is_found_in_one_query(django_assert_num_queries: Any) -> None:
    story = make.article()
    due = [
        make.article("Scheduled", published_at=NOW + HOUR).published_at,
        Slot.objects.create(article=story, position=0, pinned_until=NOW + 2 * HOUR).pinned_until,
        breaking(begins_at=NOW + 3 * HOUR, ends_at=NOW + 4 * HOUR).begins_at,
        NOW + 4 * HOUR,
    ]
    make.article("Draft", status="draft", published_at=NOW + HOUR / 2)
    moment, seen = NOW, []
    for _ in due:
        with django_assert_num_queries(1):
            found = next_due(moment)
        assert found
        seen.append(found)
        moment = found
    assert (seen, next_due(moment)) == (due, None)


# The desk


def typed(**fields: Any) -> dict[str, Any]:
    return {
        "headline": "Averill Pike buys Lane & Sons",
        "article": "",
        "begins_at_0": "2026-11-18",
        "begins_at_1": "13:00",
        "ends_at_0": "2026-11-18",
        "ends_at_1": "15:00",
        **fields,
    }


def test_an_editor_breaks_a_story_from_its_own_page(desk: Client) -> None:
    article = make.article("Averill Pike buys")
    step = desk.get(at("break_story", article))
    form = desk.get(step.headers["Location"]).context["adminform"].form
    assert (form["headline"].value(), form["article"].value()) == ("Averill Pike buys", article.pk)
    assert form["ends_at"].value() == NOW + 2 * HOUR
    assert desk.post(ADD, typed(article=article.pk)).headers["Location"] == LIST
    news = BreakingNews.objects.get()
    assert (news.article, news.begins_at, news.ends_at, str(news.made_by)) == (
        article,
        NOW,
        NOW + 2 * HOUR,
        "Nora Ellis",
    )
    assert "Averill Pike buys Lane &amp; Sons" in banner(Client())


def test_only_a_live_article_offers_to_be_broken(desk: Client) -> None:
    live, draft = make.article("Live"), make.article("Draft", status="draft")
    assert "Break this story" in text_of(desk.get(at("change", live)))
    assert "Break this story" not in text_of(desk.get(at("change", draft)))


def test_a_long_headline_is_cut_at_a_word(desk: Client) -> None:
    article = make.article("word " * 39, slug="long")
    headline = desk.get(ADD, {"article": article.pk}).context["adminform"].form["headline"].value()
    assert (headline.endswith("word …"), len(headline) <= 120) == (True, True)


@pytest.mark.parametrize("article", ["x", "0", "9" * 30, ""])
def test_an_article_that_is_not_there_begins_with_an_empty_form(desk: Client, article: str) -> None:
    assert desk.get(ADD, {"article": article}).context["adminform"].form["headline"].value() is None


def test_it_cannot_end_before_it_begins(desk: Client) -> None:
    answer = desk.post(ADD, typed(ends_at_1="12:00"))
    assert answer.context["adminform"].form.non_field_errors() == ["It must end after it begins."]
    assert not BreakingNews.objects.exists()


def test_an_editor_ends_it_now(desk: Client) -> None:
    news = breaking()
    end = reverse(END, args=[news.pk])
    assert "End this breaking news now?" in text_of(desk.get(end))
    assert banner(Client()) != ""
    assert desk.post(end, {"_form_submitted": "on"}).headers["HX-Redirect"] == LIST
    assert said(desk.get(LIST)) == ["It has ended: readers no longer see it."]
    assert banner(Client()) == ""
    desk.post(end, {"_form_submitted": "on"})
    assert said(desk.get(LIST)) == ["Readers do not see it now, so there is nothing to end."]
    assert desk.post(reverse(END, args=[0]), {"_form_submitted": "on"}).status_code == 404


def test_the_list_says_which_one_readers_see(desk: Client) -> None:
    breaking("Shown", begins_at=NOW - timedelta(minutes=1))
    breaking("Covered")
    breaking("Tonight", begins_at=NOW + HOUR, ends_at=NOW + 2 * HOUR)
    breaking("Yesterday", begins_at=NOW - 3 * HOUR, ends_at=NOW - HOUR)
    page = desk.get(LIST)
    shown = page.context["cl"]
    assert {str(row): shown.model_admin.state(row) for row in shown.result_list} == {
        "Shown": "On every page",
        "Covered": "Under a newer one",
        "Tonight": "To come",
        "Yesterday": "Over",
    }


@pytest.mark.parametrize("role", RIGHTS)
def test_only_editors_break_news_and_end_it(client: Client, role: str, at_one_in_the_afternoon: Any) -> None:
    make.publication()
    make_roles(Group.objects, Permission.objects)
    user = make.user()
    user.groups.set(Group.objects.filter(name=role))
    client.force_login(user)
    may = role in {"Editor", "Administrator"}
    answers = [
        client.get(ADD).status_code,
        client.post(ADD, typed()).status_code,
        client.post(reverse(END, args=[breaking().pk]), {"_form_submitted": "on"}).status_code,
    ]
    assert answers == ([200, 302, 200] if may else [403, 403, 403])
    assert BreakingNews.objects.count() == (2 if may else 1)


def test_it_cannot_end_in_a_year_that_cannot_be_read_back(desk: Client) -> None:
    answer = desk.post(ADD, typed(ends_at_0="9999-12-31", ends_at_1="23:59"))
    assert answer.context["adminform"].form.errors == {"ends_at": ["Write a year from 1900 to 2199."]}
    assert not BreakingNews.objects.exists()


@pytest.mark.parametrize("garbage", ["abc", "\0", "9" * 5000])
def test_what_can_be_no_article_is_refused(desk: Client, garbage: str) -> None:
    answer = desk.post(ADD, typed(article=garbage))
    assert list(answer.context["adminform"].form.errors) == ["article"]
