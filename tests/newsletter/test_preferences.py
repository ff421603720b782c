import json
import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from newsletter import personal_data, tasks, tokens
from newsletter.models import Delivery, LinkRequest, Newsletter, Subscriber, Subscription, Suppression
from newsletter.personal_data import erase
from newsletter.tokens import Purpose
from tests import make
from tests.newsletter.conftest import Mailbox
from tests.newsletter.editions import edition
from tests.newsletter.test_letters import link

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

ASK = "/newsletter/preferences/"


@pytest.fixture
def breaking(daily: Newsletter) -> Newsletter:
    return make.newsletter("Breaking news", position=1, days="")


@pytest.fixture
def pat(daily: Newsletter, breaking: Newsletter) -> Subscriber:
    subscription = daily.sign_up("pat@example.com")
    subscription.confirm()
    subscription.mark_letter_sent()
    person = subscription.subscriber
    person.refresh_from_db()
    return person


def page_of(person: Subscriber, purpose: Purpose = Purpose.PREFERENCES) -> str:
    return f"/newsletter/{purpose}/{tokens.make(purpose, person.key)}/"


def chosen(person: Subscriber) -> list[str]:
    return list(person.subscriptions.running().order_by("newsletter").values_list("newsletter__slug", flat=True))


def ticked(answer: HttpResponse) -> list[str]:
    return re.findall(r'value="([\w-]+)" checked', answer.content.decode())


# Choosing


def test_the_page_shows_what_the_person_gets_and_no_whole_address(client: Client, pat: Subscriber):
    answer = client.get(page_of(pat))
    assert ticked(answer) == ["the-morning-lane"]
    assert "p…@example.com" in answer.content.decode()
    assert "pat@example.com" not in answer.content.decode()


def test_a_get_changes_nothing(client: Client, pat: Subscriber):
    before = list(Subscription.objects.values_list())
    for ask in (client.get, client.head):
        ask(page_of(pat), {"do": "leave"})
        ask(page_of(pat, Purpose.DATA), {"do": "erase"})
    assert list(Subscription.objects.values_list()) == before
    assert not LinkRequest.objects.exists()


def test_saving_begins_and_ends_subscriptions(client: Client, pat: Subscriber, mailbox: Mailbox):
    answer = client.post(page_of(pat), {"do": "save", "newsletter": ["breaking-news"]})
    assert (chosen(pat), ticked(answer)) == (["breaking-news"], ["breaking-news"])
    assert "Saved." in answer.content.decode()
    tasks.send_due_letters()
    assert mailbox.subjects == ["You’re on the list for Breaking news"]
    client.post(page_of(pat), {"do": "save", "newsletter": ["breaking-news", "the-morning-lane"]})
    assert chosen(pat) == ["the-morning-lane", "breaking-news"]


def test_saving_twice_is_saving_once(client: Client, pat: Subscriber):
    choice = {"do": "save", "newsletter": ["breaking-news", "the-morning-lane"]}
    client.post(page_of(pat), choice)
    before = list(Subscription.objects.order_by("pk").values_list())
    client.post(page_of(pat), choice)
    assert list(Subscription.objects.order_by("pk").values_list()) == before


def test_saving_nothing_and_the_button_both_unsubscribe_from_all(client: Client, pat: Subscriber):
    client.post(page_of(pat), {"do": "save"})
    assert chosen(pat) == []
    client.post(page_of(pat), {"do": "save", "newsletter": ["breaking-news", "the-morning-lane"]})
    answer = client.post(page_of(pat), {"do": "leave"})
    assert (chosen(pat), ticked(answer)) == ([], [])


@pytest.mark.parametrize("wrong", [{}, {"do": "x"}, {"do": "save", "newsletter": ["no-such"]}])
def test_what_the_form_does_not_have_changes_nothing(client: Client, pat: Subscriber, wrong: dict[str, Any]):
    assert client.post(page_of(pat), wrong).status_code == 200
    assert chosen(pat) == ["the-morning-lane"]


def test_who_never_confirmed_confirms_by_choosing(client: Client, breaking: Newsletter, daily: Newsletter):
    person = daily.sign_up("pat@example.com").subscriber
    client.post(page_of(person), {"do": "save", "newsletter": ["breaking-news"]})
    person.refresh_from_db()
    assert (person.status, chosen(person)) == ("active", ["breaking-news"])


@pytest.mark.parametrize("how", ["bounced", "suppressed"])
def test_who_must_not_be_written_to_is_told_so_and_stays_so(client: Client, pat: Subscriber, how: str):
    pat.end_all()
    if how == "bounced":
        Subscriber.objects.update(status="bounced")
    else:
        Subscriber.objects.suppress(pat.email, Suppression.Reason.MANUAL, "Asked us by phone.")
    answer = client.post(page_of(pat), {"do": "save", "newsletter": ["the-morning-lane"]})
    assert "we have stopped writing to it" in answer.content.decode()
    assert chosen(pat) == []


# The link


def ask(client: Client, email: str, **more: str) -> tuple[int, str]:
    answer = client.post(ASK, {"email": email, "website": "", **more})
    return answer.status_code, str(answer.headers.get("Location"))


def test_the_link_is_mailed_to_who_is_known_and_to_nobody_else(client: Client, pat: Subscriber, mailbox: Mailbox):
    Subscriber.objects.suppress("gone@example.com", Suppression.Reason.BOUNCE, "550")
    for number, email in enumerate(("PAT@example.com", "nobody@example.com", "gone@example.com")):
        assert ask(client, email) == (303, "/newsletter/preferences/sent/"), number
    tasks.send_due_letters()
    (mail,) = mailbox.mails
    assert (mail["To"], mail["Subject"]) == ("pat@example.com", "Your newsletters at Lot & Lane")
    assert ticked(client.get(link(mail, "preferences"))) == ["the-morning-lane"]
    assert not LinkRequest.objects.owed_letter().exists()
    assert client.get("/newsletter/preferences/sent/").status_code == 200


def test_the_same_statements_run_whether_or_not_the_address_is_known(
    client: Client, pat: Subscriber, django_assert_num_queries: Any
):
    for email in ("pat@example.com", "nobody@example.com", "nobody@example.com"):
        with django_assert_num_queries(6):
            ask(client, email)


def test_scripts_get_the_same_answer_and_floods_another_and_neither_gets_mail(client: Client, pat: Subscriber):
    assert ask(client, "pat@example.com", website="https://spam.example") == (303, "/newsletter/preferences/sent/")
    assert not LinkRequest.objects.exists()
    answers = [ask(client, f"reader{number}@example.com") for number in range(25)]
    assert answers == [(303, "/newsletter/preferences/sent/")] * 20 + [(429, "None")] * 5
    assert LinkRequest.objects.count() == 20


def test_another_sites_form_and_a_wrong_address_are_refused(client: Client, pat: Subscriber):
    assert client.post(ASK, {"email": "pat@example.com"}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    answer = client.post(ASK, {"email": "pat@"})
    assert (answer.status_code, 'aria-invalid="true"' in answer.content.decode()) == (422, True)
    assert not LinkRequest.objects.exists()


def test_asking_again_and_again_brings_mail_ever_more_rarely(client: Client, pat: Subscriber, mailbox: Mailbox):
    start, sent = timezone.now(), []
    for minute in range(0, 75, 5):
        with time_machine.travel(start + timedelta(minutes=minute), tick=False):
            LinkRequest.objects.ask("pat@example.com", "preferences")
            before = len(mailbox.mails)
            tasks.send_due_letters()
            sent += [minute] * (len(mailbox.mails) - before)
    assert sent == [0, 10, 30, 70]


def test_requests_are_forgotten_after_some_days(pat: Subscriber):
    LinkRequest.objects.ask("nobody@example.com", "preferences")
    tasks.forget_requests()
    assert LinkRequest.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(days=4), tick=False):
        tasks.forget_requests()
    assert LinkRequest.objects.count() == 0


def test_the_link_of_an_edition_never_expires_and_a_broken_one_offers_another(client: Client, pat: Subscriber):
    with time_machine.travel(timezone.now() + timedelta(days=3650), tick=False):
        assert client.get(page_of(pat)).status_code == 200
    answer = client.get("/newsletter/preferences/x.y.z/")
    assert (answer.status_code, 'action="/newsletter/preferences/"' in answer.content.decode()) == (404, True)


# The data


def data_link(client: Client, person: Subscriber, mailbox: Mailbox) -> str:
    client.post(page_of(person), {"do": "data"})
    tasks.send_due_letters()
    assert mailbox.subjects[-1] == "Your data at Lot & Lane"
    return link(mailbox.mails[-1], "data")


def test_the_link_to_the_data_is_mailed_and_works_for_an_hour(client: Client, pat: Subscriber, mailbox: Mailbox):
    url = data_link(client, pat, mailbox)
    assert "Download my data" in client.get(url).content.decode()
    with time_machine.travel(timezone.now() + timedelta(minutes=61), tick=False):
        for go in (client.get, client.post):
            answer = go(url, {"do": "erase"})
            assert (answer.status_code, "This link is too old" in answer.content.decode()) == (410, True)
    assert Subscriber.objects.exists()


def test_the_export_has_all_that_we_hold(client: Client, pat: Subscriber, daily: Newsletter, mailbox: Mailbox):
    sent = edition(daily)
    sent.send_now()
    Delivery.objects.update(state="failed", settled_at=make.NOON, code=550, reason="No such user")
    Subscriber.objects.suppress(pat.email, Suppression.Reason.MANUAL, "Asked us by phone.")
    Suppression.objects.update(created_at=make.NOON)
    answer = client.post(page_of(pat, Purpose.DATA), {"do": "export"})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="newsletter-data.json"'
    assert answer.headers["Cache-Control"] == "no-store"
    held = json.loads(answer.content)
    (subscription,) = held["subscriptions"]
    assert (held["address"], held["state"], subscription["newsletter"]) == (pat.email, "active", "The Morning Lane")
    assert subscription["confirmed_at"] is not None
    assert held["mails"] == [
        {
            "newsletter": "The Morning Lane",
            "edition": "2026-11-18",
            "subject": "Used-car supply climbs",
            "state": "failed",
            "settled_at": "2026-11-18T17:00:00Z",
            "tries": 0,
            "code": 550,
            "reason": "No such user",
        }
    ]
    assert held["suppression"] == {
        "reason": "manual",
        "detail": "Asked us by phone.",
        "created_at": "2026-11-18T17:00:00Z",
    }


def test_the_export_names_every_column_that_tells_of_the_person(client: Client, pat: Subscriber):
    """A column that is added must be exported, or be told here to be none of the person's."""
    ours = {"id", "subscriber", "newsletter", "replies", "next_reply_at", "letter_tries"}
    assert {field.name for field in Subscription._meta.concrete_fields} - set(personal_data.SUBSCRIPTION) == ours
    ledger = {"id", "subscriber", "edition", "domain", "due_at", "worker"}
    assert {field.name for field in Delivery._meta.concrete_fields} - set(personal_data.MAIL) == ledger


def test_erasing_leaves_the_counts_and_nothing_of_the_person(
    client: Client, pat: Subscriber, daily: Newsletter, mailbox: Mailbox
):
    url = data_link(client, pat, mailbox)
    daily.sign_up("sam@example.com").confirm()
    sent = edition(daily)
    sent.send_now()
    Delivery.objects.update(state="failed", settled_at=make.NOON, reason="<pat@example.com>: no such user")
    Subscriber.objects.suppress(pat.email, Suppression.Reason.COMPLAINT, "pat@example.com complained")
    before = sent.counts()
    answer = client.post(url, {"do": "erase"})
    assert "It is erased" in answer.content.decode()
    assert sent.counts() == before
    assert list(Delivery.objects.filter(subscriber=None).values_list("domain", "reason")) == [("", "")]
    for model in (Subscriber, Subscription, Delivery, Suppression, LinkRequest):
        rows = model.objects.exclude(subscriber__email="sam@example.com") if model is Delivery else model.objects.all()
        assert not any("pat@" in str(value) for row in rows.values() for value in row.values()), model
    assert "You are not on our list" in client.get(page_of(pat)).content.decode()
    assert "You are not on our list" in client.post(url, {"do": "erase"}).content.decode()


def test_who_was_erased_after_a_complaint_is_never_written_to_again(
    client: Client, pat: Subscriber, daily: Newsletter, mailbox: Mailbox
):
    Subscriber.objects.suppress(pat.email, Suppression.Reason.COMPLAINT, "")
    erase(pat)
    again = daily.sign_up("Pat@Example.com")
    tasks.send_due_letters()
    assert mailbox.mails == []
    assert not again.confirm()
    assert not Subscriber.objects.receiving(daily).exists()


def test_erasing_while_an_edition_goes_out_sends_nothing_more(pat: Subscriber, daily: Newsletter, mailbox: Mailbox):
    sent = edition(daily)
    sent.send_now()
    erase(pat)
    tasks.deliver_editions()
    sent.refresh_from_db()
    assert (mailbox.mails, sent.status, sent.counts()["suppressed"]) == ([], "complete", 1)
