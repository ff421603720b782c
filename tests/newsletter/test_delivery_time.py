"""How long a turn of delivery takes, whatever the mail server does."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from newsletter import tasks
from newsletter.delivery import DATABASE_WAITS, LONGEST, TURN, deliver
from newsletter.models import LEASE
from newsletter.smtp import DOT_PATIENCE, SmtpSender
from tests import make
from tests.newsletter.editions import edition, readers, states
from tests.newsletter.sink import HANG, Sink

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    make.publication()
    with Sink() as sink:
        sink.serve(settings)
        yield sink


def slowly(address: str) -> None:
    time.sleep(0.1)


def test_no_batch_begins_when_the_turn_is_over(sink: Sink) -> None:
    sink.answers["DOT"] = slowly  # A batch of 8 takes 0.8 s.
    sent = edition(readers(64))
    sent.send_now()
    deliver(SmtpSender(), seconds=0.5)
    assert states(sent) == {"sent": 8, "waiting": 56}
    waiting = sent.deliveries.filter(state="waiting")
    assert set(waiting.values_list("tries", "worker", "reason")) == {(0, None, "")}
    sink.answers.clear()
    tasks.deliver_editions()
    assert states(sent) == {"sent": 64}
    assert len(sink.taken) == len(set(sink.taken)) == 64


def test_a_turn_that_is_over_claims_for_no_further_edition(sink: Sink) -> None:
    sink.answers["DOT"] = slowly
    first, second = edition(readers(16)), edition(readers(0), make.NOON.date().replace(day=19))
    for sent in (first, second):
        sent.send_now()
    deliver(SmtpSender(), seconds=0.5)
    assert (states(first), states(second)) == ({"sent": 8, "waiting": 8}, {"waiting": 16})
    assert not second.deliveries.filter(due_at__gt=second.started_at).exists()


def test_a_rate_that_has_no_room_in_time_ends_the_turn(sink: Sink, settings: Any) -> None:
    settings.MAIL_RATE = ["0.1"]
    sent = edition(readers(3))
    sent.send_now()
    began = time.monotonic()
    deliver(SmtpSender(), seconds=0.5)
    assert states(sent) == {"sent": 1, "waiting": 2}
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(("stage", "state"), [("CONNECT", "waiting"), ("RCPT", "deferred")])
def test_connections_that_hang_are_waited_for_together(sink: Sink, settings: Any, stage: str, state: str) -> None:
    settings.EMAIL_TIMEOUT = 0.4
    sink.answers[stage] = lambda address: HANG
    sent = edition(readers(8))
    sent.send_now()
    began = time.monotonic()
    deliver(SmtpSender(), seconds=0.1)
    assert time.monotonic() - began < 1.5
    assert states(sent) == {state: 8}
    sent.refresh_from_db()
    assert sent.reason.endswith("no answer in time")


def test_connections_that_open_slowly_do_not_add_up(sink: Sink, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 0.5
    sink.answers["CONNECT"] = slowly_greeted
    sent = edition(readers(8))
    sent.send_now()
    began = time.monotonic()
    deliver(SmtpSender(), seconds=0.1)
    assert time.monotonic() - began < 1.5
    assert set(states(sent)) == {"sent", "waiting"}


def slowly_greeted(address: str) -> None:
    time.sleep(0.2)


def test_a_turn_and_its_last_batch_fit_into_the_time_of_the_task(settings: Any) -> None:
    batch = 4 * settings.EMAIL_TIMEOUT + DOT_PATIENCE + sum(DATABASE_WAITS)
    assert batch < LONGEST
    assert TURN + LONGEST < tasks.deliver_editions.soft_time_limit < LEASE.total_seconds()
    assert tasks.deliver_editions.time_limit < settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
