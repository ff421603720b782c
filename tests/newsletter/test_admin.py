import pytest
from django.test import Client

from news.models import User
from newsletter.models import Newsletter, Subscriber

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

PEOPLE = "/admin/newsletter/subscriber/"


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


def test_a_newsletter_shows_how_many_people_get_it(desk: Client, daily: Newsletter) -> None:
    for name in ("pat", "sam"):
        daily.sign_up(f"{name}@example.com").confirm()
    daily.sign_up("pending@example.com")
    Subscriber.objects.filter(email="sam@example.com").update(status="bounced")
    answer = desk.get("/admin/newsletter/newsletter/")
    assert [newsletter.readers for newsletter in answer.context["cl"].result_list] == [1]
