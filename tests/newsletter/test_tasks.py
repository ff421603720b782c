from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.db import connection
from django.test import Client
from django.utils import timezone

from config import celery
from newsletter import tasks
from newsletter.models import LETTER_LEASE, LETTER_TRIES, Newsletter, Subscriber, Subscription
from tests import make
from tests.newsletter.conftest import Mailbox

pytestmark = pytest.mark.django_db


def at_once(do: Callable[[], object], times: int = 8) -> None:
    """Run it in so many threads, each with a connection of its own."""

    def work() -> None:
        try:
            do()
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as threads:
        for done in [threads.submit(work) for _ in range(times)]:
            done.result()


@pytest.fixture
def committed_daily(transactional_db: None) -> Newsletter:
    make.publication()
    return make.newsletter()


@pytest.fixture
def deaf_broker(tmp_path: Any) -> Iterator[None]:
    """Celery's settings, with a broker that is not there."""
    before = celery.conf.broker_write_url
    celery.conf.broker_write_url, celery.amqp._producer_pool = f"redis+socket://{tmp_path}/nothing", None
    yield
    celery.conf.broker_write_url, celery.amqp._producer_pool = before, None


def test_two_sign_ups_of_one_moment_make_one_subscriber_and_one_letter(committed_daily: Newsletter) -> None:
    at_once(lambda: committed_daily.sign_up("pat@example.com"))
    assert Subscriber.objects.count() == 1
    assert Subscription.objects.values_list("letter", "replies").get() == ("reply", 1)


def test_two_workers_of_one_moment_send_one_letter(committed_daily: Newsletter, mailbox: Mailbox) -> None:
    subscription = committed_daily.sign_up("pat@example.com")
    at_once(lambda: tasks.send_letter(subscription.pk))
    assert len(mailbox.mails) == 1


def test_running_twice_sends_once(daily: Newsletter, mailbox: Mailbox) -> None:
    subscription = daily.sign_up("pat@example.com")
    for _ in range(2):
        tasks.send_letter(subscription.pk)
        tasks.send_due_letters()
    assert len(mailbox.mails) == 1


@pytest.mark.usefixtures("static_files", "deaf_broker")
def test_a_broker_that_is_down_loses_no_request(
    client: Client, committed_daily: Newsletter, mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    assert client.post("/newsletter/subscribe/", {"email": "pat@example.com"}).status_code == 303
    assert "on_commit" in caplog.text
    tasks.send_due_letters()
    assert len(mailbox.mails) == 1


def test_a_mail_server_that_is_down_delays_a_letter(daily: Newsletter, smtp_port: int) -> None:
    subscription = daily.sign_up("pat@example.com")
    tasks.send_due_letters()
    subscription.refresh_from_db()
    assert (subscription.letter, subscription.letter_tries) == ("reply", 1)
    assert subscription.letter_failure.startswith("ConnectionRefusedError")
    kept = Mailbox()
    server = Controller(kept, hostname="127.0.0.1", port=smtp_port)
    server.start()
    try:
        tasks.send_due_letters()
        assert kept.mails == []  # Not before its time.
        with time_machine.travel(timezone.now() + timedelta(minutes=1, seconds=1)):
            tasks.send_due_letters()
            tasks.send_due_letters()
    finally:
        server.stop()
    subscription.refresh_from_db()
    assert (len(kept.mails), subscription.letter, subscription.letter_failure) == (1, "", "")


def test_a_refusal_for_now_is_tried_again(daily: Newsletter, mailbox: Mailbox) -> None:
    mailbox.replies = ["451 4.7.1 Greylisted"]
    daily.sign_up("pat@example.com")
    tasks.send_due_letters()
    assert Subscription.objects.values_list("letter", "letter_failure").get() == ("reply", "451 4.7.1 Greylisted")
    with time_machine.travel(timezone.now() + timedelta(minutes=2)):
        tasks.send_due_letters()
    assert len(mailbox.mails) == 1


def test_a_refusal_for_good_is_written_on_the_row(daily: Newsletter, mailbox: Mailbox) -> None:
    mailbox.replies = ["550 5.1.1 No such user"]
    daily.sign_up("pat@example.com")
    tasks.send_due_letters()
    assert Subscription.objects.values_list("letter", "letter_failure").get() == ("", "550 5.1.1 No such user")
    with time_machine.travel(timezone.now() + timedelta(hours=1)):
        tasks.send_due_letters()
    assert mailbox.mails == []


def test_trying_has_an_end(daily: Newsletter, smtp_port: int) -> None:
    subscription = daily.sign_up("pat@example.com")
    now = timezone.now()
    for _ in range(LETTER_TRIES + 2):
        now += timedelta(hours=12)
        with time_machine.travel(now, tick=False):
            tasks.send_due_letters()
    subscription.refresh_from_db()
    assert (subscription.letter, subscription.letter_tries) == ("", LETTER_TRIES)
    assert subscription.letter_failure.startswith("Given up after 10 tries: ConnectionRefusedError")


def test_a_letter_of_a_worker_that_died_is_sent_by_the_next(daily: Newsletter, mailbox: Mailbox) -> None:
    assert daily.sign_up("pat@example.com").claim_letter()
    tasks.send_due_letters()
    assert mailbox.mails == []
    with time_machine.travel(timezone.now() + LETTER_LEASE + timedelta(seconds=1)):
        tasks.send_due_letters()
    assert len(mailbox.mails) == 1


def test_a_letter_that_came_to_be_owed_during_sending_is_not_lost(daily: Newsletter, mailbox: Mailbox) -> None:
    subscription = daily.sign_up("pat@example.com")
    assert subscription.claim_letter()
    Subscription.objects.get().confirm()
    subscription.mark_letter_sent()
    tasks.send_due_letters()
    assert mailbox.subjects == ["You’re on the list for The Morning Lane"]


def test_who_complained_meanwhile_gets_no_letter(daily: Newsletter, mailbox: Mailbox) -> None:
    daily.sign_up("pat@example.com")
    Subscriber.objects.update(status="complained")
    tasks.send_due_letters()
    assert mailbox.mails == []
    assert Subscription.objects.owed_letter().count() == 0


def test_who_left_before_the_welcome_gets_none(daily: Newsletter, mailbox: Mailbox) -> None:
    subscription = daily.sign_up("pat@example.com")
    subscription.confirm()
    subscription.end()
    tasks.send_due_letters()
    assert mailbox.mails == []


def test_a_subscriber_who_is_gone_is_no_error(daily: Newsletter) -> None:
    tasks.send_letter(0)


def test_people_who_never_confirm_are_forgotten_after_thirty_days(daily: Newsletter) -> None:
    with time_machine.travel(make.NOON, tick=False):
        daily.sign_up("old@example.com")
        daily.sign_up("confirmed@example.com").confirm()
        daily.sign_up("again@example.com")
        make.subscriber("bounced@example.com", status="bounced")
    with time_machine.travel(make.NOON + timedelta(days=20), tick=False):
        daily.sign_up("again@example.com")
    with time_machine.travel(make.NOON + timedelta(days=30), tick=False):
        tasks.forget_unconfirmed()
    left = Subscriber.objects.order_by("email").values_list("email", flat=True)
    assert list(left) == ["again@example.com", "bounced@example.com", "confirmed@example.com"]
