from datetime import date
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from news.models import User
from newsletter.admin import MOST, TOO_MANY
from newsletter.models import Delivery, Newsletter, Subscriber, Subscription, Suppression
from newsletter.personal_data import erase
from tests import make
from tests.newsletter.editions import edition, readers

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

PEOPLE = "/admin/newsletter/subscriber/"
SUPPRESSED = "/admin/newsletter/suppression/"


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("editor"))
    return client


def test_nobody_is_added_or_made_active_by_hand(desk: Client, daily: Newsletter) -> None:
    person = daily.sign_up("pat@example.com").subscriber
    assert desk.get(f"{PEOPLE}add/").status_code == 403
    inline = {f"subscriptions-{name}_FORMS": number for name, number in {"TOTAL": 1, "INITIAL": 1}.items()}
    desk.post(f"{PEOPLE}{person.pk}/change/", {"email": "sam@example.com", "status": "active", **inline})
    assert Subscriber.objects.values_list("email", "status").get() == ("pat@example.com", "pending")


def test_a_person_is_found_by_address_and_shown_with_the_subscriptions(desk: Client, daily: Newsletter) -> None:
    person = daily.sign_up("pat@example.com").subscriber
    daily.sign_up("sam@example.com")
    found = desk.get(f"{PEOPLE}?q=PAT@example&status__exact=pending").content.decode()
    assert ("pat@example.com" in found, "sam@example.com" in found) == (True, False)
    page = desk.get(f"{PEOPLE}{person.pk}/change/").content.decode()
    assert "The Morning Lane" in page
    assert "Reply to a sign-up" in page


def test_the_desk_can_end_a_persons_subscriptions(desk: Client, daily: Newsletter) -> None:
    subscription = daily.sign_up("pat@example.com")
    subscription.confirm()
    chosen = {"action": "end_subscriptions", "_selected_action": [subscription.subscriber_id]}
    assert "1 subscription ended." in desk.post(PEOPLE, chosen, follow=True).content.decode()
    assert daily.subscriptions.running().count() == 0


@pytest.mark.parametrize("count", [1, 3])
def test_ending_subscriptions_takes_as_many_queries_for_any_number_of_people(
    desk: Client, daily: Newsletter, count: int, django_assert_num_queries: Any
) -> None:
    readers(count)
    chosen = {"action": "end_subscriptions", "_selected_action": list(Subscriber.objects.values_list("pk", flat=True))}
    desk.get(PEOPLE)
    with django_assert_num_queries(7):
        desk.post(PEOPLE, chosen)
    assert f"{count} subscription{'' if count == 1 else 's'} ended." in desk.get(PEOPLE).content.decode()
    assert not Subscription.objects.running().exists()


@pytest.mark.parametrize(("count", "left"), [(MOST, 0), (MOST + 1, MOST + 1)])
def test_so_many_people_are_erased_at_a_time_and_no_more(
    desk: Client, daily: Newsletter, count: int, left: int
) -> None:
    readers(count)
    chosen = {"action": "delete_selected", "_selected_action": [Subscriber.objects.first().pk], "select_across": "1"}
    page = desk.post(PEOPLE, {**chosen, "post": "yes"}, follow=True).content.decode()
    assert (Subscriber.objects.count(), TOO_MANY in page) == (left, left > 0)


def test_a_newsletter_shows_how_many_people_get_it(desk: Client, daily: Newsletter) -> None:
    for name in ("pat", "sam"):
        daily.sign_up(f"{name}@example.com").confirm()
    daily.sign_up("pending@example.com")
    Subscriber.objects.filter(email="sam@example.com").update(status="bounced")
    answer = desk.get("/admin/newsletter/newsletter/")
    assert [newsletter.readers for newsletter in answer.context["cl"].result_list] == [1]


def test_a_persons_page_tells_what_was_mailed_when_and_what_came_back(desk: Client, daily: Newsletter) -> None:
    subscription = daily.sign_up("pat@example.com")
    subscription.confirm()
    edition(daily).send_now()
    Delivery.objects.update(state="failed", settled_at=make.NOON, code=550, reason="5.1.1 No such user")
    Subscriber.objects.suppress("pat@example.com", Suppression.Reason.BOUNCE, "550 5.1.1 No such user")
    page = desk.get(f"{PEOPLE}{subscription.subscriber_id}/change/").content.decode()
    for words in ("The Morning Lane · 2026-11-18", "Failed", "5.1.1 No such user", "The address does not exist · 550"):
        assert words in page


@pytest.mark.parametrize("count", [1, 3])
def test_a_persons_page_takes_as_many_queries_for_any_number_of_mails(
    desk: Client, daily: Newsletter, count: int, django_assert_num_queries: object
) -> None:
    subscription = daily.sign_up("pat@example.com")
    subscription.confirm()
    for number in range(count):
        edition(daily, date(2026, 11, 10 + number)).send_now()
    desk.get(PEOPLE)
    with django_assert_num_queries(14):  # type: ignore[operator]
        desk.get(f"{PEOPLE}{subscription.subscriber_id}/change/")


def test_deleting_a_person_erases_what_the_mail_server_said_of_them(desk: Client, daily: Newsletter) -> None:
    subscription = daily.sign_up("pat@example.com")
    subscription.confirm()
    edition(daily).send_now()
    Delivery.objects.update(reason="pat@example.com: later")
    desk.post(f"{PEOPLE}{subscription.subscriber_id}/delete/", {"post": "yes"})
    assert Delivery.objects.values_list("subscriber", "reason").get() == (None, "")


def test_the_admins_own_record_forgets_the_address_too(desk: Client, daily: Newsletter) -> None:
    desk.post(f"{SUPPRESSED}add/", {"email": "pat@example.com", "detail": "Phoned us"})
    person = make.subscriber("pat@example.com")
    desk.post(f"{PEOPLE}{person.pk}/delete/", {"post": "yes"})
    assert LogEntry.objects.count() == 2
    assert not LogEntry.objects.filter(object_repr__contains="pat@").exists()


# Suppressed addresses


def test_the_desk_suppresses_an_address_and_takes_that_back(desk: Client, daily: Newsletter) -> None:
    daily.sign_up("pat@example.com").confirm()
    for _ in range(2):
        desk.post(f"{SUPPRESSED}add/", {"email": "Pat@example.com", "detail": "Phoned us"})
    assert Suppression.objects.values_list("email", "reason", "detail").get() == (
        "Pat@example.com",
        "manual",
        "Phoned us",
    )
    assert not Subscriber.objects.receiving(daily).exists()
    desk.post(f"{SUPPRESSED}{Suppression.objects.get().pk}/delete/", {"post": "yes"})
    assert Subscriber.objects.receiving(daily).count() == 1


@pytest.mark.parametrize(("is_confirmed", "status"), [(True, "active"), (False, "pending")])
def test_who_bounced_gets_mail_again_when_the_desk_lets_them(
    desk: Client, daily: Newsletter, is_confirmed: bool, status: str
) -> None:
    subscription = daily.sign_up("pat@example.com")
    if is_confirmed:
        subscription.confirm()
    Subscriber.objects.suppress("pat@example.com", Suppression.Reason.BOUNCE, "550")
    chosen = {"action": "delete_selected", "_selected_action": [Suppression.objects.get().pk], "post": "yes"}
    desk.post(SUPPRESSED, chosen)
    assert Subscriber.objects.get().status == status


def test_an_erased_address_is_found_by_who_types_it(desk: Client, daily: Newsletter) -> None:
    person = daily.sign_up("pat@example.com").subscriber
    Subscriber.objects.suppress(person.email, Suppression.Reason.COMPLAINT, "")
    erase(person)
    for typed, count in (("pat@example.com", 1), ("sam@example.com", 0)):
        assert desk.get(f"{SUPPRESSED}?q={typed}").context["cl"].result_count == count
    assert "pat@example.com" not in desk.get(SUPPRESSED).content.decode()
