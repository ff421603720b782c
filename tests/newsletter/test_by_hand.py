"""Editions that the desk makes by hand, such as those of breaking news."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from news.models import User
from newsletter import tasks
from newsletter.editions import tick
from newsletter.models import Edition, Newsletter
from tests import make
from tests.newsletter.conftest import Mailbox
from tests.newsletter.test_edition_admin import LIST, form_of, press, save

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]


@pytest.fixture
def breaking(daily: Newsletter) -> Newsletter:
    return make.newsletter("Breaking news", position=1, days="", frequency="When it happens")


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("editor"))
    return client


def begin(desk: Client, newsletter: Newsletter) -> str:
    """Press the list's button; where it leads."""
    fields = {"_form_submitted": "1", "newsletter": newsletter.pk}
    answer = desk.post(reverse("admin:newsletter_edition_begin"), fields, headers={"HX-Request": "true"})
    return answer.headers.get("HX-Redirect", "")


def with_story(edition: Edition, story: Any) -> dict[str, Any]:
    new = {"items-TOTAL_FORMS": 1, "items-0-article": story.pk, "items-0-position": 0, "items-0-edition": edition.pk}
    return {**form_of(edition), **new}


@pytest.mark.django_db(transaction=True)
def test_from_the_button_to_the_reader(desk: Client, breaking: Newsletter, daily: Newsletter, mailbox: Mailbox):
    breaking.sign_up("pat@example.com").confirm()
    daily.sign_up("sam@example.com").confirm()
    story = make.article("Tariff signed", published_at=timezone.now() - timedelta(minutes=2))
    edition_page = begin(desk, breaking)
    edition = Edition.objects.get()
    assert edition_page == f"{LIST}{edition.pk}/change/"
    assert (edition.newsletter, edition.status) == (breaking, "draft")
    save(desk, edition, **with_story(edition, story))
    assert edition.subject == "Tariff signed"
    assert "Send now" in desk.get(edition_page).content.decode()
    press(desk, edition, "send_now")
    tasks.deliver_editions()
    assert [(mail["To"], mail["Subject"]) for mail in mailbox.mails] == [("pat@example.com", "Tariff signed")]


def test_it_is_its_stories_alone(desk: Client, breaking: Newsletter):
    make.partner_story("Theirs")
    begin(desk, breaking)
    edition = Edition.objects.get()
    save(desk, edition, **with_story(edition, make.article("Tariff signed")))
    assert ("The market" in edition.html, "PARTNERS" in edition.text) == (False, False)


def test_the_day_has_one_and_the_button_leads_to_it(desk: Client, breaking: Newsletter):
    assert begin(desk, breaking) == begin(desk, breaking) != ""
    assert Edition.objects.count() == 1


def test_its_words_are_kept_before_it_has_a_story(desk: Client, breaking: Newsletter):
    begin(desk, breaking)
    edition = Edition.objects.get()
    save(desk, edition, note="Soon.")
    assert (edition.note, edition.html, edition.composed_at) == ("Soon.", "", None)


def test_only_newsletters_without_days_are_begun_by_hand(desk: Client, breaking: Newsletter, daily: Newsletter):
    assert begin(desk, daily) == ""
    assert "New edition" in desk.get(LIST).content.decode()
    breaking.delete()
    assert "New edition" not in desk.get(LIST).content.decode()


def test_who_may_not_change_editions_begins_none(client: Client, breaking: Newsletter):
    client.force_login(make.user(may=("newsletter.view_edition",)))
    assert (
        client.post(
            reverse("admin:newsletter_edition_begin"), {"newsletter": breaking.pk, "_form_submitted": "1"}
        ).status_code
        == 403
    )


@pytest.mark.parametrize(("hours", "status"), [(17, "draft"), (28, "draft"), (29, "expired")])
def test_it_is_good_until_the_night_after_its_day(breaking: Newsletter, hours: int, status: str):
    Edition.objects.create(newsletter=breaking, date=date(2026, 11, 19))
    midnight = datetime(2026, 11, 19, 5, tzinfo=UTC)  # In New York.
    now = midnight + timedelta(hours=hours)
    with time_machine.travel(now, tick=False):
        tick(now)
    assert Edition.objects.get(newsletter=breaking).status == status


def test_the_sign_up_page_offers_only_what_comes_by_itself(client: Client, breaking: Newsletter):
    page = client.get("/newsletter/").content.decode()
    assert "Breaking news" not in page
    assert "Which newsletter?" not in page
