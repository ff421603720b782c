from datetime import timedelta
from itertools import permutations

import pytest
import time_machine
from django.core.signing import BadSignature, SignatureExpired
from django.test import Client

from newsletter import tokens
from newsletter.models import Newsletter, Subscription
from newsletter.tokens import Purpose
from tests import make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

ONE_CLICK = "List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def asked(daily: Newsletter) -> Subscription:
    return daily.sign_up("pat@example.com")


@pytest.fixture
def running(asked: Subscription) -> Subscription:
    asked.confirm()
    return asked


def token_of(purpose: Purpose, subscription: Subscription) -> str:
    is_personal = purpose in {Purpose.PREFERENCES, Purpose.DATA}
    return tokens.make(purpose, subscription.subscriber.key, tokens.ANY if is_personal else subscription.newsletter_id)


def path(purpose: Purpose, subscription: Subscription) -> str:
    return f"/newsletter/{purpose}/{token_of(purpose, subscription)}/"


def facts(subscription: Subscription) -> list[tuple[object, ...]]:
    return list(Subscription.objects.filter(pk=subscription.pk).values_list()) + list(
        type(subscription.subscriber).objects.values_list()
    )


def test_opening_the_confirm_page_changes_nothing(client: Client, asked: Subscription) -> None:
    before = facts(asked)
    for ask in (client.get, client.head):
        assert ask(path(Purpose.CONFIRM, asked)).status_code == 200
    assert facts(asked) == before


def test_pressing_the_button_confirms(client: Client, asked: Subscription) -> None:
    answer = client.post(path(Purpose.CONFIRM, asked))
    assert (answer.status_code, "You’re in" in answer.content.decode()) == (200, True)
    asked.refresh_from_db()
    assert (asked.is_running, asked.subscriber.status, asked.letter) == (True, "active", "welcome")


def test_confirming_twice_is_confirming_once(client: Client, asked: Subscription) -> None:
    client.post(path(Purpose.CONFIRM, asked))
    once = facts(asked)
    answer = client.post(path(Purpose.CONFIRM, asked))
    assert "You’re in" in answer.content.decode()
    assert facts(asked) == once


def test_a_link_to_confirm_expires_after_seven_days(client: Client, asked: Subscription) -> None:
    link = path(Purpose.CONFIRM, asked)
    with time_machine.travel(asked.created_at + timedelta(days=8), tick=False):
        for ask in (client.get, client.post):
            answer = ask(link)
            assert (answer.status_code, answer["Referrer-Policy"]) == (410, "same-origin")
            assert 'name="email"' in answer.content.decode()
    assert not Subscription.objects.running().exists()


def test_a_link_to_unsubscribe_never_expires(client: Client, running: Subscription) -> None:
    link = path(Purpose.UNSUBSCRIBE, running)
    with time_machine.travel(running.created_at + timedelta(days=3650), tick=False):
        assert client.post(link).status_code == 200
    assert not Subscription.objects.running().exists()


def test_a_token_is_of_no_use_for_another_purpose(client: Client, running: Subscription) -> None:
    for made, used in permutations(Purpose, 2):
        token = token_of(made, running)
        with pytest.raises(BadSignature):
            tokens.read(used, token)
        assert client.post(f"/newsletter/{used}/{token}/").status_code == 404
    assert Subscription.objects.running().exists()


def test_an_old_token_is_told_from_a_forged_one(asked: Subscription) -> None:
    token = token_of(Purpose.CONFIRM, asked)
    with time_machine.travel(asked.created_at + timedelta(days=8)), pytest.raises(SignatureExpired):
        tokens.read(Purpose.CONFIRM, token)
    with pytest.raises(BadSignature) as forged:
        tokens.read(Purpose.CONFIRM, token[:-1])
    assert not isinstance(forged.value, SignatureExpired)


@pytest.mark.parametrize("token", ["x", "a.b.c", "0-1:2:3", "%00", "%E2%80%A6"])
@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_forged_link_gets_a_page_and_changes_nothing(
    client: Client, running: Subscription, purpose: Purpose, token: str
) -> None:
    for ask in (client.get, client.post):
        assert ask(f"/newsletter/{purpose}/{token}/").status_code == 404
    assert Subscription.objects.running().count() == 1


def test_opening_the_unsubscribe_page_changes_nothing(client: Client, running: Subscription) -> None:
    before = facts(running)
    for ask in (client.get, client.head):
        assert ask(path(Purpose.UNSUBSCRIBE, running)).status_code == 200
    assert facts(running) == before


def test_the_unsubscribe_page_names_the_newsletter(client: Client, running: Subscription) -> None:
    page = client.get(path(Purpose.UNSUBSCRIBE, running)).content.decode()
    assert "Stop getting The Morning Lane?" in page


def test_unsubscribing_ends_this_newsletter_only_and_works_twice(client: Client, running: Subscription) -> None:
    friday = make.newsletter("Friday Lane", position=1).sign_up("pat@example.com")
    friday.confirm()
    answers = [client.post(path(Purpose.UNSUBSCRIBE, running)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert list(Subscription.objects.running()) == [friday]


def test_one_click_works_twice_from_anywhere(running: Subscription) -> None:
    """RFC 8058: no cookie, no redirect, no look at where it comes from."""
    strict = Client(enforce_csrf_checks=True)
    headers = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}
    for _ in range(2):
        answer = strict.post(path(Purpose.UNSUBSCRIBE, running), ONE_CLICK, content_type=FORM, headers=headers)
        assert (answer.status_code, dict(answer.cookies)) == (200, {})
    assert not Subscription.objects.running().exists()


def test_unsubscribing_by_mistake_is_undone_by_another_button(client: Client, running: Subscription) -> None:
    page = client.post(path(Purpose.UNSUBSCRIBE, running)).content.decode()
    undo = page.split('<form method="post" action="')[1].split('"')[0]
    client.get(undo)
    assert not Subscription.objects.running().exists()
    client.post(undo)
    assert Subscription.objects.running().get() == running


def test_who_was_erased_is_not_on_the_list(client: Client, running: Subscription) -> None:
    link = path(Purpose.UNSUBSCRIBE, running)
    running.subscriber.delete()
    answer = client.post(link, ONE_CLICK, content_type=FORM)
    assert (answer.status_code, "You are not on our list" in answer.content.decode()) == (200, True)
    assert client.post(path(Purpose.CONFIRM, running)).status_code == 404


def test_who_complained_is_not_taken_back_by_an_old_link(client: Client, asked: Subscription) -> None:
    type(asked.subscriber).objects.update(status="complained")
    assert client.post(path(Purpose.CONFIRM, asked)).status_code == 410
    assert not Subscription.objects.running().exists()


@pytest.mark.parametrize("purpose", list(Purpose))
def test_pages_of_links_are_kept_and_told_by_nobody(client: Client, running: Subscription, purpose: Purpose) -> None:
    for ask in (client.get, client.post):
        answer = ask(path(purpose, running))
        assert {name: answer[name] for name in ("Cache-Control", "Referrer-Policy", "X-Robots-Tag")} == {
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
            "X-Robots-Tag": "noindex",
        }
        assert 'rel="canonical"' not in answer.content.decode()


def test_who_leaves_one_newsletter_is_told_of_the_others(client: Client, running: Subscription) -> None:
    for name, is_confirmed in (("The Friday <Digest>", True), ("Breaking news", False)):
        other = make.newsletter(name).sign_up("pat@example.com")
        if is_confirmed:
            other.confirm()
    page = client.post(path(Purpose.UNSUBSCRIBE, running)).content.decode()
    assert "You still get The Friday &lt;Digest&gt;. <a" in page
    assert path(Purpose.PREFERENCES, running) in page
    running.subscriber.subscriptions.exclude(pk=running.pk).delete()
    assert "You still get" not in client.get(path(Purpose.UNSUBSCRIBE, running)).content.decode()
