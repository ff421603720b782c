import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import time_machine
from django.test import Client

from newsletter import tasks
from newsletter.models import Newsletter
from tests import make
from tests.newsletter.conftest import Mailbox

pytestmark = pytest.mark.django_db


def part(mail: EmailMessage, kind: str) -> str:
    found = mail.get_body((kind,))
    assert found is not None
    return str(found.get_content()).replace("\r\n", "\n")


def link(mail: EmailMessage, purpose: str) -> str:
    """The link of that purpose, which the text and the HTML must both have."""
    found = re.findall(rf"http://127\.0\.0\.1:8000/newsletter/{purpose}/[\w.-]+/", part(mail, "plain"))
    assert len(found) == 1
    assert found[0] in part(mail, "html")
    return str(found[0])


@pytest.mark.usefixtures("static_files")
def test_from_the_form_to_the_end_by_mail(client: Client, daily: Newsletter, mailbox: Mailbox) -> None:
    client.post("/newsletter/subscribe/", {"email": "pat@example.com"})
    tasks.send_due_letters()
    client.post(link(mailbox.mails[0], "confirm"))
    tasks.send_due_letters()
    assert daily.subscriptions.running().count() == 1
    client.post(link(mailbox.mails[1], "unsubscribe"))
    tasks.send_due_letters()
    assert daily.subscriptions.running().count() == 0
    assert mailbox.subjects == [
        "Confirm your subscription to The Morning Lane",
        "You’re on the list for The Morning Lane",
    ]


def test_the_confirmation_has_all_its_headers(daily: Newsletter, mailbox: Mailbox) -> None:
    daily.sign_up("pat@example.com")
    with time_machine.travel(make.NOON + timedelta(days=30), tick=False):
        tasks.send_due_letters()
    (mail,) = mailbox.mails
    headers = dict(mail.items())
    assert re.fullmatch(r"<[\w.]+@127\.0\.0\.1>", headers.pop("Message-ID"))
    assert headers.pop("Content-Type").startswith("multipart/alternative")
    assert headers == {
        "MIME-Version": "1.0",
        "Subject": "Confirm your subscription to The Morning Lane",
        "From": "Lot & Lane <newsletter@127.0.0.1>",
        "To": "pat@example.com",
        "Date": "Fri, 18 Dec 2026 17:00:00 -0000",
        "Auto-Submitted": "auto-generated",
    }


def test_the_welcome_can_be_unsubscribed_from_by_mail_programs(daily: Newsletter, mailbox: Mailbox) -> None:
    daily.sign_up("pat@example.com").confirm()
    tasks.send_due_letters()
    (mail,) = mailbox.mails
    assert mail["List-Unsubscribe"].strip() == f"<{link(mail, 'unsubscribe')}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["List-Id"] == "<the-morning-lane.127.0.0.1>"
    for kind in ("plain", "html"):
        assert part(mail, kind).count("The day’s stories at six.") == 1
        assert "New York" not in part(mail, kind)


def test_every_letter_says_who_sends_it(daily: Newsletter, mailbox: Mailbox) -> None:
    subscription = daily.sign_up("pat@example.com")
    tasks.send_due_letters()
    subscription.confirm()
    tasks.send_due_letters()
    daily.sign_up("pat@example.com")
    tasks.send_due_letters()
    assert len(mailbox.mails) == 3
    for mail in mailbox.mails:
        assert "Lot & Lane\n12 Foundry Row\nDayton, OH 45402\n" in part(mail, "plain")
        assert "Lot &amp; Lane<br>12 Foundry Row<br>Dayton, OH 45402<br>" in part(mail, "html")
        assert "http://127.0.0.1:8000/privacy/" in part(mail, "plain")


def test_who_is_on_the_list_is_told_so(daily: Newsletter, mailbox: Mailbox) -> None:
    daily.sign_up("pat@example.com").confirm()
    tasks.send_due_letters()
    daily.sign_up("pat@example.com")
    tasks.send_due_letters()
    assert mailbox.subjects[1] == "You already get The Morning Lane"
    assert link(mailbox.mails[1], "unsubscribe")


def test_who_left_may_ask_again(daily: Newsletter, mailbox: Mailbox) -> None:
    subscription = daily.sign_up("pat@example.com")
    subscription.confirm()
    subscription.end()
    daily.sign_up("pat@example.com")
    tasks.send_due_letters()
    assert mailbox.subjects == ["Confirm your subscription to The Morning Lane"]


def test_asking_again_and_again_brings_mail_ever_more_rarely(daily: Newsletter, mailbox: Mailbox) -> None:
    start = make.NOON + timedelta(days=30)
    sent = []
    for minute in range(100):
        with time_machine.travel(start + timedelta(minutes=minute), tick=False):
            daily.sign_up("pat@example.com")
            before = len(mailbox.mails)
            tasks.send_due_letters()
            if len(mailbox.mails) > before:
                sent.append(minute)
    assert sent == [0, 10, 30, 70]


def test_the_html_needs_nothing_from_anywhere(daily: Newsletter, mailbox: Mailbox) -> None:
    daily.sign_up("pat@example.com").confirm()
    tasks.send_due_letters()
    html = part(mailbox.mails[0], "html")
    assert re.findall(r"<(?:img|script|link)\b|url\(|@import", html) == []
    assert len(html) < 10_000


@pytest.mark.parametrize("field", ["publication", "newsletter"])
def test_no_name_can_add_a_header(daily: Newsletter, mailbox: Mailbox, field: str) -> None:
    evil = "Lane\r\nBcc: all@example.com"
    if field == "publication":
        type(make.Publication.load()).objects.update(name=evil)
    else:
        Newsletter.objects.update(name=evil)
    daily.sign_up("pat@example.com").confirm()
    tasks.send_due_letters()
    (mail,) = mailbox.mails
    assert (mail["Bcc"], mail["To"]) == (None, "pat@example.com")


def test_names_are_no_markup_in_the_html(daily: Newsletter, mailbox: Mailbox) -> None:
    Newsletter.objects.update(name="<b>Lane</b>")
    daily.sign_up("pat@example.com")
    tasks.send_due_letters()
    assert "<b>Lane" not in part(mailbox.mails[0], "html")
    assert "<b>Lane</b>" in part(mailbox.mails[0], "plain")


def test_the_senders_name_may_have_any_letters(daily: Newsletter, mailbox: Mailbox, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Old name <post@lane.example>"
    type(make.Publication.load()).objects.update(name="Straße, “Lot” & Lane")
    daily.sign_up("pat@example.com")
    tasks.send_due_letters()
    (sender,) = mailbox.mails[0]["From"].addresses
    assert (sender.display_name, sender.addr_spec) == ("Straße, “Lot” & Lane", "post@lane.example")
