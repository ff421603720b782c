"""How long the clock's task for letters takes, whatever the mail server does."""

import signal
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db.models import F
from django.utils import timezone

from newsletter import tasks
from newsletter.models import LinkRequest, Newsletter, Subscription
from tests.newsletter.sink import HANG, Sink

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    with Sink() as sink:
        sink.serve(settings)
        yield sink


@pytest.fixture
def soft_limit() -> Iterator[None]:
    """Interrupt the work after half a second, as Celery does at the soft limit of a task."""

    def interrupt(*_: object) -> None:
        raise SoftTimeLimitExceeded

    before = signal.signal(signal.SIGALRM, interrupt)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    yield
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGALRM, before)


def slowly(address: str) -> None:
    time.sleep(0.3)


def test_no_letter_begins_when_the_time_is_over_and_the_rest_is_sent_later(daily: Newsletter, sink: Sink) -> None:
    sink.answers["DOT"] = slowly
    for number in range(3):
        daily.sign_up(f"reader{number}@example.com")
    tasks.send_due_letters(seconds=0.2)
    assert sink.taken == ["reader0@example.com"]
    waiting = Subscription.objects.owed_letter()
    assert set(waiting.values_list("letter_tries", "letter_failure")) == {(0, "")}
    sink.answers.clear()
    tasks.send_due_letters()
    assert sink.taken == [f"reader{number}@example.com" for number in range(3)]


def test_links_do_not_wait_behind_letters_that_are_due_later(daily: Newsletter, sink: Sink) -> None:
    daily.sign_up("pat@example.com").confirm()
    daily.sign_up("sam@example.com")
    LinkRequest.objects.ask("pat@example.com", LinkRequest.Kind.PREFERENCES)
    LinkRequest.objects.update(letter_due_at=F("letter_due_at") - timedelta(hours=1))
    sink.answers["DOT"] = slowly
    tasks.send_due_letters(seconds=0.2)
    assert not LinkRequest.objects.owed_letter().exists()
    assert (len(sink.taken), Subscription.objects.owed_letter().count()) == (1, 2)


def test_a_letter_that_is_cut_off_is_tried_again(
    daily: Newsletter, sink: Sink, settings: Any, soft_limit: None
) -> None:
    settings.EMAIL_TIMEOUT = 1
    sink.answers["RCPT"] = lambda address: HANG
    subscription = daily.sign_up("pat@example.com")
    with pytest.raises(SoftTimeLimitExceeded):
        tasks.send_due_letters()
    subscription.refresh_from_db()
    assert (subscription.letter, subscription.letter_failure) == ("reply", "The mail server took too long.")
    assert timezone.now() < subscription.letter_due_at < timezone.now() + timedelta(minutes=1)  # type: ignore[operator]


def test_the_turn_leaves_the_last_letter_its_time(settings: Any) -> None:
    assert settings.CELERY_TASK_SOFT_TIME_LIMIT - tasks.LETTERS_TURN > 3 * settings.EMAIL_TIMEOUT
