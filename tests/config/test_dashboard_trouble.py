"""What the desk's first page says of editions that stand still and of what has stopped working by itself."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import override_settings

from config import heartbeat
from config.celery import QUEUES
from config.dashboard.machines import WORK
from config.tasks import beat
from news.models import Partner
from news.roles import EDITOR, NEWSLETTER_EDITOR
from newsletter.models import Delivery, EditionItem, Subscription
from tests import make
from tests.config.desk import NOW, blocks_of, enter, rows_of
from tests.newsletter.editions import edition, readers
from tickers.models import SourceHealth

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files", "noon")]

TODAY = date(2026, 11, 18)


def tags_of(client: Any, name: str) -> list[tuple[str, str, bool]]:
    return [(row.words, row.tag, row.is_loud) for row in blocks_of(client)[name].rows]


# Editions


def test_tonights_edition_says_its_hour_its_stories_and_its_subject() -> None:
    make.publication()
    client, _ = enter()
    daily = make.newsletter(hour=18)
    tonight = edition(daily, TODAY, status="ready", subject="Lots fill up")
    for number, is_dropped in enumerate([False, False, True]):
        EditionItem.objects.create(edition=tonight, article=make.article(f"S{number}"), is_dropped=is_dropped)
    assert rows_of(client, "editions") == [("Lots fill up", "The Morning Lane · 6 p.m. · 2 stories", "in 6 h")]
    (row,) = blocks_of(client)["editions"].rows
    assert (row.tag, row.is_loud, row.url) == ("Ready", False, f"/admin/newsletter/edition/{tonight.pk}/change/")


def test_an_edition_that_nobody_has_composed_yet_says_what_it_would_have() -> None:
    make.publication()
    client, _ = enter()
    make.newsletter(hour=6, days="5")
    make.article(published_at=NOW - timedelta(hours=1))
    about = "Fri, 6 a.m. · 1 story so far, 3 needed"
    assert rows_of(client, "editions") == [("The Morning Lane", about, "in 42 h")]


@pytest.mark.parametrize(
    ("status", "fields"),
    [
        ("held", {}),
        ("paused", {"started_at": NOW, "reason": "550 policy"}),
        ("skipped", {"finished_at": NOW, "reason": "New stories since the last edition: 1. An edition needs 3."}),
        ("expired", {"finished_at": NOW, "reason": "It could not go out in time."}),
    ],
)
def test_an_edition_that_stands_still_is_loud_and_says_why(status: str, fields: dict[str, Any]) -> None:
    make.publication()
    client, _ = enter()
    edition(make.newsletter(hour=6), TODAY, status=status, **fields)
    standing, *_ = blocks_of(client)["editions"].rows
    assert (standing.tag, standing.is_loud, standing.when) == (status.title(), True, "")
    assert str(fields.get("reason", "")) in standing.about


def test_a_skipped_edition_is_forgotten_once_the_next_one_is_there() -> None:
    make.publication()
    client, _ = enter()
    daily = make.newsletter(hour=18)
    edition(daily, TODAY - timedelta(days=1), status="skipped", finished_at=NOW)
    edition(daily, TODAY, status="ready")
    assert [tag for _, tag, _ in tags_of(client, "editions")] == ["Ready"]


# Mail that did not arrive


def test_mails_that_failed_or_may_have_are_counted_by_edition() -> None:
    make.publication()
    client, _ = enter()
    daily = readers(4)
    late = edition(daily, TODAY, status="draft")
    late.send_now()
    states = ["failed", "failed", "uncertain"]
    for delivery, state in zip(Delivery.objects.order_by("pk"), states, strict=False):
        Delivery.objects.filter(pk=delivery.pk).update(state=state, settled_at=NOW)
    assert tags_of(client, "trouble") == [("The Morning Lane of Wed, Nov 18", "2 failed, 1 uncertain", False)]


def test_letters_that_were_given_up_are_one_row_that_leads_to_them() -> None:
    make.publication()
    client, _ = enter(NEWSLETTER_EDITOR)
    daily = make.newsletter()
    for number, failure in enumerate(["550 No such user", "550 Mailbox full", ""]):
        person = make.subscriber(f"pat{number}@example.com")
        Subscription.objects.create(subscriber=person, newsletter=daily, asked_at=NOW, letter_failure=failure)
    (row,) = blocks_of(client)["trouble"].rows
    assert (row.words, row.about) == ("2 letters were given up", "550 Mailbox full")
    assert row.action is not None
    found = client.get(row.action.url).context["cl"].result_list
    assert sorted(person.email for person in found) == ["pat0@example.com", "pat1@example.com"]
    Subscription.objects.update(asked_at=NOW - timedelta(days=8))
    assert "trouble" not in blocks_of(client)


# What fetches by itself


def test_a_failing_feed_says_what_and_since_when_and_a_paused_one_nothing() -> None:
    make.publication()
    client, _ = enter(EDITOR)
    make.partner_story(partner="Gasket Review")
    make.partner_story(partner="Lane Letter")
    broken: dict[str, Any] = {"failures": 4, "failing_since": NOW - timedelta(hours=5), "error": "It answers 500."}
    broken["feed_url"] = "https://example.com/feed"
    Partner.objects.filter(name="Gasket Review").update(**broken)
    Partner.objects.filter(name="Lane Letter").update(**broken, is_paused=True)
    assert rows_of(client, "trouble") == [("The feed of Gasket Review", "It answers 500.", "for 5 h")]
    Partner.objects.update(is_stopped=True)
    assert [tag for _, tag, _ in tags_of(client, "trouble")] == ["Stopped"]


def test_a_source_of_quotes_with_an_open_breaker_says_until_when() -> None:
    make.publication()
    client, _ = enter()
    health = SourceHealth.objects.create(source="yahoo", answered_at=NOW - timedelta(minutes=40))
    health.fail("It answers 429.")
    about = "It answers 429. Left alone until 12:05 p.m."
    assert rows_of(client, "trouble") == [("Quotes of yahoo have stopped", about, "last answer 40 min ago")]
    health.close()
    assert "trouble" not in blocks_of(client)


# The workers


def test_each_queue_has_its_words() -> None:
    assert set(WORK) == set(QUEUES)


def test_a_queue_that_nobody_works_at_is_told_with_how_long(noon: Any) -> None:
    make.publication()
    client, _ = enter()
    for queue in QUEUES:
        beat(queue)
    noon.shift(timedelta(minutes=12))
    for queue in set(QUEUES) - {"mail"}:
        beat(queue)
    assert tags_of(client, "trouble") == [("The worker for mail has been silent for 12 min", "Silent", True)]
    assert blocks_of(enter(EDITOR)[0]).get("trouble") is None  # Whose business it is not.
    beat("mail")
    assert "trouble" not in blocks_of(client)


def test_lost_heartbeats_are_no_alarm_until_they_stay_away(noon: Any) -> None:
    make.publication()
    client, _ = enter()
    beat("mail")
    cache.clear()
    assert "trouble" not in blocks_of(client)
    noon.shift(heartbeat.SILENT)
    assert tags_of(client, "trouble") == [("No worker has done anything for 5 min", "Silent", True)]


def test_without_redis_the_page_opens_and_says_so(settings: Any) -> None:
    make.publication()
    client, _ = enter()
    nobody = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    with override_settings(CACHES=nobody):
        assert tags_of(client, "trouble") == [("Redis is away", "Silent", True)]
