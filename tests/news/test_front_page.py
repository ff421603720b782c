"""The front page and the tops of sections: what is pinned, what fills itself, and the desk that pins."""

from datetime import datetime, timedelta
from threading import Thread
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.test import Client

from news.front import PLACES
from news.models import Article, Section, Slot
from news.paging import PAGE_SIZE
from news.roles import RIGHTS, make_roles
from tests import make
from tests.news.desk import an_editor, said, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]
DESK = "/admin/news/front-page/"
NOW = make.NOON + timedelta(hours=1)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_one_in_the_afternoon() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk() -> Client:
    make.publication()
    return an_editor(first_name="Nora", last_name="Ellis")[0]


def stories(count: int, **fields: Any) -> list[Article]:
    """The newest first, an hour apart, so that each has its place in a list."""
    fields.setdefault("lead_picture", make.picture())
    return [make.article(f"Story {n:02}", published_at=make.NOON - n * HOUR, **fields) for n in range(count)]


def pin(article: Article, position: int, section: Section | None = None, until: datetime | None = None) -> Slot:
    return Slot.objects.create(article=article, position=position, section=section, pinned_until=until)


def home(client: Client) -> list[str]:
    front = client.get("/").context["front"]
    return [str(story) for story in (front.lead, *front.secondaries)]


def listed(client: Client, path: str = "/sections/retail/") -> list[str]:
    return [str(story) for story in client.get(path).context["page"].articles]


# The front page


def test_a_pinned_story_stands_in_its_place_and_the_newest_fill_the_others(client: Client) -> None:
    made = stories(8)
    pin(made[6], 0)
    pin(made[7], 3)
    assert home(client) == ["Story 06", "Story 00", "Story 01", "Story 07", "Story 02"]


def test_a_story_never_stands_twice(client: Client) -> None:
    made = stories(12)
    pin(made[0], 4)
    pin(make.article("Brief", kind=Article.Kind.BRIEF), 1)
    front = client.get("/").context["front"]
    places = [front.lead, *front.secondaries, *front.briefs, *(one for _, some in front.sections for one in some)]
    assert len({story.pk for story in places}) == len(places) == PLACES + 4


def test_an_editor_may_pin_a_lead_without_a_picture(client: Client) -> None:
    stories(3)
    pin(make.article("Bare", published_at=make.NOON - 50 * HOUR), 0)
    assert home(client) == ["Bare", "Story 00", "Story 01", "Story 02"]


def test_a_place_is_free_again_at_the_second_at_which_its_pin_ends(client: Client) -> None:
    made = stories(7)
    pin(made[6], 0, until=NOW + HOUR)
    with time_machine.travel(NOW + HOUR - timedelta(seconds=1), tick=False):
        assert home(client)[0] == "Story 06"
    with time_machine.travel(NOW + HOUR, tick=False):
        assert home(client) == ["Story 00", "Story 01", "Story 02", "Story 03", "Story 04"]


def test_a_story_pinned_ahead_takes_its_place_when_it_is_published(client: Client) -> None:
    stories(3)
    pin(make.article("Tonight", published_at=NOW + HOUR), 0)
    assert home(client) == ["Story 00", "Story 01", "Story 02"]
    with time_machine.travel(NOW + HOUR, tick=False):
        assert home(client) == ["Tonight", "Story 00", "Story 01", "Story 02"]


def test_a_withdrawn_and_a_deleted_story_leave_their_places(client: Client) -> None:
    withdrawn, deleted, *_ = stories(4)
    pin(withdrawn, 0)
    pin(deleted, 1)
    withdrawn.withdraw()
    deleted.delete()
    assert home(client) == ["Story 02", "Story 03"]


def test_the_page_closes_up_where_there_are_not_enough_stories(client: Client) -> None:
    pin(make.article("Only one"), 3)
    assert home(client) == ["Only one"]


def test_a_sponsored_story_keeps_its_label_wherever_it_stands(client: Client) -> None:
    made = stories(PLACES + 4, sponsor="Gasket Bank")
    pin(made[0], 0)
    assert client.get("/").content.decode().count("Sponsored by Gasket Bank") == PLACES + 4
    pin(made[1], 0, made[1].section)
    assert client.get("/sections/retail/").content.decode().count("Sponsored by Gasket Bank") == PLACES + 4


def test_a_section_s_list_is_newest_first_behind_the_one_with_a_picture_that_opens_it(client: Client) -> None:
    stories(PLACES)  # They fill the page's top.
    shown = {2: make.picture(), 4: make.picture()}
    for hours in range(1, 5):
        made = make.NOON - (10 + hours) * HOUR
        make.article(f"Fleet {hours}", section=make.section("Fleet"), published_at=made, lead_picture=shown.get(hours))
    sections = {section.name: found for section, found in client.get("/").context["front"].sections}
    assert [str(story) for story in sections["Fleet"]] == ["Fleet 2", "Fleet 1", "Fleet 3", "Fleet 4"]


@pytest.mark.parametrize("count", [1, 3])
def test_pins_cost_no_query_on_the_front_page(client: Client, django_assert_num_queries: Any, count: int) -> None:
    for number, story in enumerate(stories(8)[-count:]):
        pin(story, number)
    with django_assert_num_queries(8):
        client.get("/")


# The page of a section


def test_a_section_opens_with_what_is_pinned_to_it(client: Client) -> None:
    made = stories(6)
    pin(made[4], 0, made[4].section)
    pin(made[5], 2, made[5].section)
    pin(made[3], 0)  # On the front page, which is another.
    assert listed(client) == ["Story 04", "Story 00", "Story 05", "Story 01", "Story 02", "Story 03"]
    assert '<article class="lead">' in client.get("/sections/retail/").content.decode()
    assert '<article class="lead">' not in client.get("/latest/").content.decode()


def test_the_pages_of_a_section_show_each_story_once_whatever_is_pinned(client: Client) -> None:
    made = stories(PAGE_SIZE * 2 + 5)
    pin(made[PAGE_SIZE + 3], 0, made[0].section)
    pin(made[2], 3, made[0].section)
    path, seen = "/sections/retail/", []
    while path:
        page = client.get(path).context["page"]
        seen += [str(story) for story in page.articles]
        path = f"/sections/retail/?before={page.older}" if page.older else ""
    assert sorted(seen) == sorted(str(story) for story in made)
    assert seen[:5] == ["Story 23", "Story 00", "Story 01", "Story 02", "Story 03"]


def test_a_story_that_moves_to_another_section_leaves_its_place(client: Client) -> None:
    made = stories(2)
    pin(made[1], 0, made[1].section)
    Article.objects.filter(pk=made[1].pk).update(section=make.section("Electric"))
    assert listed(client) == ["Story 00"]
    assert listed(client, "/sections/electric/") == ["Story 01"]


@pytest.mark.parametrize("count", [1, 3])
def test_the_top_of_a_section_costs_one_query(client: Client, django_assert_num_queries: Any, count: int) -> None:
    for number, story in enumerate(stories(8)[-count:]):
        pin(story, number, story.section)
    with django_assert_num_queries(5):
        client.get("/sections/retail/")


# The desk


def sent(desk: Client, path: str = DESK, **typed: Any) -> dict[str, Any]:
    """What the form sends as it was when it was opened; `article_0`, `until_0` … are what the test is about."""
    context = desk.get(path).context
    fields = {"seen": context["desk"].seen}
    for place in context["places"]:
        until = place.form["until"].value()
        fields[f"place-{place.number}-article"] = place.form["article"].value() or ""
        fields[f"place-{place.number}-until"] = until.strftime("%Y-%m-%dT%H:%M") if until else ""
    return fields | {f"place-{name[-1]}-{name[:-2]}": value for name, value in typed.items()}


def save(desk: Client, path: str = DESK, **typed: Any) -> Any:
    return desk.post(path, sent(desk, path, **typed), follow=True)


def pinned(section: Section | None = None) -> list[tuple[int, str, datetime | None]]:
    rows = Slot.objects.filter(section=section).order_by("position")
    return [(slot.position, str(slot.article), slot.pinned_until) for slot in rows]


def errors(answer: Any) -> dict[int, dict[str, list[str]]]:
    return {place.number: place.form.errors for place in answer.context["places"] if place.form.errors}


def test_the_desk_shows_what_readers_see_and_who_has_put_it_there(desk: Client) -> None:
    made = stories(7)
    pin(made[6], 1)
    places = desk.get(DESK).context["places"]
    assert [(str(place.story), place.pinned is not None) for place in places] == [
        ("Story 00", False),
        ("Story 06", True),
        ("Story 01", False),
        ("Story 02", False),
        ("Story 03", False),
    ]


def test_a_save_pins_the_places_and_readers_see_them(desk: Client, client: Client) -> None:
    made = stories(8)
    pin(made[5], 0)
    answer = save(desk, article_0=made[7].pk, until_0="2026-11-18T18:30", article_2=made[5].pk)
    assert said(answer) == ["Saved. Readers see it now."]
    assert pinned() == [(0, "Story 07", NOW + 5.5 * HOUR), (2, "Story 05", None)]
    assert home(client) == ["Story 07", "Story 00", "Story 05", "Story 01", "Story 02"]
    assert str(LogEntry.objects.get()) == "Changed “Front page” — 1: Story 07; 3: Story 05"
    assert "Last changed by Nora Ellis, Nov 18, 1 p.m.</p>" in text_of(answer)


def test_a_place_that_is_emptied_fills_itself(desk: Client, client: Client) -> None:
    made = stories(6)
    pin(made[5], 0)
    save(desk, article_0="")
    assert pinned() == []
    assert home(client)[0] == "Story 00"


def test_the_desk_of_a_section_pins_its_own_stories_only(desk: Client, client: Client) -> None:
    made = stories(3)
    elsewhere = make.article("Elsewhere", section=make.section("Electric"))
    path = f"{DESK}retail/"
    assert [str(story) for story in desk.get(path).context["desk"].stories] == ["Story 00", "Story 01", "Story 02"]
    save(desk, path, article_0=made[2].pk)
    assert (pinned(made[2].section), pinned()) == ([(0, "Story 02", None)], [])
    answer = save(desk, path, article_1=elsewhere.pk)
    assert errors(answer) == {
        1: {"article": ["It cannot stand here: it is no longer published, or in another section."]}
    }
    assert desk.get(f"{DESK}no/").status_code == 404


def test_what_cannot_stand_is_refused_in_its_place_and_nothing_typed_is_lost(desk: Client) -> None:
    made = stories(3)
    draft = make.article("Draft", status="draft")
    tonight = make.article("Tonight", published_at=NOW + 6 * HOUR)
    answer = save(
        desk,
        article_0=made[0].pk,
        until_0="2026-11-18T12:59",
        article_1=draft.pk,
        article_2=made[0].pk,
        article_3=tonight.pk,
        until_3="2026-11-18T18:00",
        article_4="x",
    )
    assert errors(answer) == {4: {"article": ["Enter a whole number."]}}
    answer = desk.post(DESK, {**answer.wsgi_request.POST.dict(), "place-4-article": ""})
    assert errors(answer) == {
        0: {"until": ["That is past."]},
        1: {"article": ["It cannot stand here: it is no longer published, or in another section."]},
        2: {"article": ["This story has another place already."]},
        3: {"until": ["The story is not out by then."]},
    }
    assert answer.context["places"][0].form["until"].value() == "2026-11-18T12:59"
    assert pinned() == []


def test_a_save_over_a_newer_save_is_refused_and_shows_both(desk: Client) -> None:
    made = stories(4)
    mine = sent(desk, article_0=made[1].pk, until_0="2026-11-19T06:00")
    save(an_editor("lee@example.com", first_name="Lee", last_name="Marsh")[0], article_0=made[2].pk)
    answer = desk.post(DESK, mine)
    assert said(answer)[0].startswith("It was not saved, for somebody else has changed this page meanwhile.")
    assert "Lee Marsh</strong> has pinned meanwhile:" in text_of(answer)
    assert [str(slot.article) for slot in answer.context["desk"].theirs] == ["Story 02"]
    lead = answer.context["places"][0]
    assert (str(lead.pinned), lead.form["until"].value()) == ("Story 01", "2026-11-19T06:00")
    assert pinned() == [(0, "Story 02", None)]
    desk.post(DESK, {**mine, "seen": answer.context["desk"].seen})
    assert [title for _, title, _ in pinned()] == ["Story 01"]


def test_a_pin_that_has_ended_or_lost_its_story_is_gone_from_the_desk(desk: Client) -> None:
    made = stories(3)
    pin(made[0], 0, until=NOW - HOUR)
    pin(made[1], 1)
    made[1].withdraw()
    assert [place.pinned for place in desk.get(DESK).context["places"]] == [None] * PLACES
    save(desk)
    assert pinned() == []


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_once_one_is_refused(desk: Client) -> None:
    made = stories(4)
    mine, theirs = sent(desk, article_0=made[1].pk), sent(desk, article_0=made[2].pk)
    other = an_editor("lee@example.com")[0]
    answers = []

    def press(client: Client, fields: dict[str, Any]) -> None:
        answers.append(client.post(DESK, fields).status_code)
        connection.close()

    threads = [Thread(target=press, args=args) for args in ((desk, mine), (other, theirs))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 302]
    assert len(pinned()) == 1


def test_stories_are_found_by_the_words_of_their_headlines(desk: Client) -> None:
    stories(2)
    make.article("Auction lanes fill up", published_at=NOW + HOUR)
    make.article("Auction draft", status="draft")
    answer = desk.get(DESK, {"search": "lanes auction"})
    assert [str(story) for story in answer.context["desk"].stories] == ["Auction lanes fill up"]
    assert "Scheduled for Nov 18, 2 p.m." in text_of(answer)


@pytest.mark.parametrize("count", [1, 3])
def test_the_desk_takes_as_many_queries_for_one_story_as_for_three(
    desk: Client, django_assert_num_queries: Any, count: int
) -> None:
    for number, story in enumerate(stories(count)):
        pin(story, number)
    desk.get(DESK)
    with django_assert_num_queries(13):
        desk.get(DESK)


@pytest.mark.parametrize("role", RIGHTS)
@pytest.mark.parametrize("path", [DESK, f"{DESK}retail/"])
def test_only_who_may_change_slots_may_curate(client: Client, role: str, path: str) -> None:
    make_roles(Group.objects, Permission.objects)
    user = make.user()
    user.groups.set(Group.objects.filter(name=role))
    story = make.article()
    client.force_login(user)
    expected = (200, 302, 1) if role in {"Editor", "Administrator"} else (403, 403, 0)
    fields = {"seen": "", "place-0-article": story.pk}
    assert (client.get(path).status_code, client.post(path, fields).status_code, Slot.objects.count()) == expected
    assert Client().get(path).headers["Location"].startswith("/admin/login/")


def test_a_pin_does_not_last_until_a_year_that_cannot_be_read_back(desk: Client) -> None:
    made = stories(1)
    answer = save(desk, article_0=made[0].pk, until_0="9999-12-31T23:59")
    assert "Write a year from 1900 to 2199." in text_of(answer)
    assert not Slot.objects.exists()
