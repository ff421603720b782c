"""The stories on an edition's page: which are offered, which are not in the mail and why, and what a save says."""

import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.db import connection, connections, transaction
from django.test import Client
from django.utils import timezone

from news.models import Article, User
from newsletter import editions
from newsletter.edition_stories import NO_MAIL, NO_MAIL_ANY_MORE, absence
from newsletter.editions import release
from newsletter.models import Edition, EditionItem, Newsletter
from tests import make
from tests.newsletter.test_by_hand import with_story
from tests.newsletter.test_compose import HALF_PAST_FIVE, HOUR, SIX, at, composed, stories
from tests.newsletter.test_edition_admin import LIST, form_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

HANDLE = "drag_indicator"


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("editor"))
    return client


@pytest.fixture
def edition(daily: Newsletter) -> Edition:
    """One that the desk makes by hand, without a story."""
    breaking = make.newsletter("Breaking news", position=1, days="")
    return Edition.objects.create(newsletter=breaking, date=SIX.date())


@pytest.mark.django_db(transaction=True)
def test_the_preview_stands_a_save_of_the_same_story_at_the_same_moment(desk: Client, edition: Edition) -> None:
    article = make.article("Tariff signed")
    added = {"items-TOTAL_FORMS": 1, "items-0-edition": edition.pk, "items-0-article": article.pk}
    typed = form_of(edition, **added, **{"items-0-position": 0, "items-0-headline": "", "items-0-id": ""})
    answers: list[Any] = []

    def preview() -> None:
        answers.append(desk.post(f"{LIST}{edition.pk}/typed/", typed))
        connections.close_all()

    asking = threading.Thread(target=preview)
    with transaction.atomic():  # As a save of the page does it.
        editions.locked(edition.pk, *Edition.UNSENT)
        EditionItem.objects.create(edition=edition, article=article, position=0)
        asking.start()
        wait_until_somebody_waits_for_us()
    asking.join()
    assert (answers[0].status_code, answers[0].json()["is_sound"]) == (200, False)


def wait_until_somebody_waits_for_us() -> None:
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone() != (0,):
                return
        time.sleep(0.02)
    raise AssertionError("Nobody waited.")


def scheduled(headline: str = "Tariff signed", moment: Any = SIX + 24 * HOUR) -> Article:
    return make.article(headline, published_at=moment)


def said(desk: Client, edition: Edition, **fields: Any) -> list[tuple[str, str]]:
    """Save the form; (level, words) of all that is said then."""
    answer = desk.post(f"{LIST}{edition.pk}/change/", {**form_of(edition), **fields})
    edition.refresh_from_db()
    return [(message.level_tag, str(message)) for message in get_messages(answer.wsgi_request)]


def offered(desk: Client, term: str = "") -> list[str]:
    return [found["text"] for found in desk.get(f"{LIST}stories/", {"term": term}).json()["results"]]


# The choice


def test_stories_are_offered_newest_first_with_their_state(desk: Client):
    make.article("Live")
    make.article("Begun", status="draft", published_at=None)
    make.article("Handed in", status="in_review", published_at=None)
    make.article("Gone", status="withdrawn")
    with at(SIX):
        scheduled("Tomorrow")
        assert offered(desk) == [
            "Tomorrow · Scheduled Fri, Nov 20, 6 a.m.",
            "Live",
            "Handed in · In review",
            "Begun · Draft",
        ]
        assert offered(desk, "tomor") == ["Tomorrow · Scheduled Fri, Nov 20, 6 a.m."]


def test_the_choice_is_of_stories_whatever_is_asked_for(desk: Client):
    asked = {"app_label": "newsletter", "model_name": "subscription", "field_name": "subscriber"}
    make.subscriber("pat@example.com")
    assert desk.get(f"{LIST}stories/", {"term": "", **asked}).json()["results"] == []


def test_who_may_not_see_stories_is_offered_none(client: Client):
    client.force_login(make.user(may=("newsletter.change_edition",)))
    assert client.get(f"{LIST}stories/", {"term": ""}).status_code == 403


def test_the_page_asks_there(desk: Client, edition: Edition):
    assert f'data-ajax--url="{LIST}stories/"' in desk.get(f"{LIST}{edition.pk}/change/").content.decode()


# The notes


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({}, ""),
        ({"status": "draft", "published_at": None}, "Draft: not in this mail"),
        ({"status": "withdrawn"}, "Withdrawn: not in this mail"),
        ({"published_at": SIX}, "Scheduled Thu, Nov 19, 6 a.m.: in time for this mail"),
        ({"published_at": SIX + HOUR}, "Scheduled Thu, Nov 19, 7 a.m.: not in this mail"),
    ],
)
def test_a_story_that_is_not_in_the_mail_says_why(
    desk: Client,
    daily: Newsletter,
    fields: dict[str, Any],
    words: str,
):
    stories(3)
    made = composed(daily)
    item = EditionItem.objects.create(edition=made, article=make.article("Another", **fields), position=9)
    with at(HALF_PAST_FIVE):
        assert absence(item) == words
        assert words in desk.get(f"{LIST}{made.pk}/change/").content.decode()


def test_a_story_of_a_held_edition_is_not_promised(daily: Newsletter):
    stories(3)
    made = composed(daily)
    made.hold()
    item = EditionItem.objects.create(edition=made, article=scheduled(moment=SIX))
    with at(HALF_PAST_FIVE):
        assert absence(item) == "Scheduled Thu, Nov 19, 6 a.m.: not in this mail"


# The save


def test_an_edition_of_scheduled_stories_alone_says_once_that_there_is_no_mail(
    desk: Client,
    edition: Edition,
):
    story = scheduled(moment=timezone.now() + timedelta(days=1))
    assert said(desk, edition, **with_story(edition, story)) == [("warning", f"Saved. {NO_MAIL}")]
    assert (edition.html, edition.composed_at) == ("", None)


def test_a_save_counts_what_is_not_published(desk: Client, edition: Edition):
    for number, moment in enumerate((make.NOON, make.NOON, timezone.now() + timedelta(days=1))):
        EditionItem.objects.create(edition=edition, article=scheduled(f"Story {number}", moment))
    words = "Saved. Not published yet: 1 of its 3 stories. See the notes."
    assert said(desk, edition) == [("warning", words)]
    assert ("Story 1" in edition.html, "Story 2" in edition.html) == (True, False)
    Article.objects.update(published_at=make.NOON)
    assert said(desk, edition)[1:] == [("success", "The edition is saved.")]  # The first is still to be shown.


def test_words_are_kept_when_no_story_is_left(desk: Client, daily: Newsletter):
    stories(3)
    made = composed(daily)
    Article.objects.update(status="withdrawn")
    typed = {"subject": "", "note": "Kept."}
    assert said(desk, made, **typed) == [("warning", f"Saved. {NO_MAIL_ANY_MORE}")]
    assert (made.status, made.subject, made.note) == ("ready", "Story 2", "Kept.")


# What went out


def test_a_sent_edition_has_each_headline_once_and_says_what_was_left_out(desk: Client, daily: Newsletter):
    stories(4)
    made = composed(daily)
    made.items.filter(article__headline="Story 0").update(is_dropped=True)
    made.items.filter(article__headline="Story 1").update(headline="Retitled")
    assert HANDLE in desk.get(f"{LIST}{made.pk}/change/").content.decode()
    assert release(made.pk)
    page = desk.get(f"{LIST}{made.pk}/change/").content.decode()
    rows = page[page.index('id="items-group"') : page.index("edition-preview")]
    counts = {words: rows.count(words) for words in ("Story 0", "Story 1", "Retitled", "Story 2", "Left out", HANDLE)}
    assert counts == {"Story 0": 1, "Story 1": 0, "Retitled": 1, "Story 2": 1, "Left out": 1, HANDLE: 0}


def test_what_was_not_mailed_leaves_the_edition_and_the_next_brings_it(daily: Newsletter):
    stories(3)
    made = composed(daily)
    late = scheduled("Late", SIX + HOUR)
    EditionItem.objects.create(edition=made, article=late, position=9)
    with at(SIX):
        assert release(made.pk)
    assert "Late" not in made.items.values_list("article__headline", flat=True)
    stories(2, since=SIX + 2 * HOUR)
    friday = composed(daily, HALF_PAST_FIVE + 24 * HOUR)
    assert "Late" in friday.items.values_list("article__headline", flat=True)
