"""How fast mail leaves."""

import math
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from newsletter import tasks
from newsletter.delivery import deliver
from newsletter.message import Mail
from newsletter.models import Delivery, Receiver
from newsletter.pace import Limit, Pace
from newsletter.smtp import SmtpSender
from tests import make
from tests.newsletter.editions import edition, readers, states
from tests.newsletter.sink import Sink

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    make.publication()
    with Sink() as sink:
        sink.serve(settings)
        yield sink


@pytest.fixture
def noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(make.NOON, tick=False) as clock:
        yield clock


def mails(count: int) -> list[Mail]:
    return [Mail(number, "", "", b"") for number in range(count)]


def test_a_limit_is_one_number_and_others_for_domains() -> None:
    assert Limit.read(["100", "Gmail.com=20"]) == Limit(100, {"gmail.com": 20})
    assert Limit.read([]) == Limit(0, {})
    with pytest.raises(ValueError, match="many"):
        Limit.read(["many"])


def test_a_daily_cap_puts_the_rest_off_to_the_next_day(sink: Sink, settings: Any, noon: time_machine.Traveller) -> None:
    settings.MAIL_DAILY = ["0", "example.com=30"]
    daily = readers(50)
    readers(20, "other.example")
    sent = edition(daily)
    sent.send_now()
    tasks.deliver_editions()
    assert states(sent) == {"sent": 50, "waiting": 20}
    assert len([address for address in sink.taken if address.endswith("@example.com")]) == 30
    assert set(Delivery.objects.filter(state="waiting").values_list("due_at", "reason", "tries")) == {
        (datetime(2026, 11, 19, tzinfo=UTC), "The daily cap of example.com, 30, is reached.", 0)
    }
    noon.shift(timedelta(hours=12))
    tasks.deliver_editions()
    assert states(sent) == {"sent": 70}


def test_a_cap_holds_over_editions_and_workers(settings: Any, noon: time_machine.Traveller) -> None:
    settings.MAIL_DAILY = ["10"]
    domains = dict.fromkeys(range(8), "example.com")
    assert [len(Pace().share(mails(8), domains)[0]) for _ in range(3)] == [8, 2, 0]


def test_a_worker_whose_clock_is_behind_waits(settings: Any, noon: time_machine.Traveller) -> None:
    settings.MAIL_RATE = ["0", "example.com=10"]
    domains = dict.fromkeys(range(8), "example.com")
    allowed = [len(Pace().share(mails(8), domains)[0]) for _ in range(2)]
    noon.shift(timedelta(seconds=-1))
    assert [*allowed, len(Pace().share(mails(8), domains)[0])] == [8, 2, 0]


def test_a_new_sender_warms_up_for_each_domain(settings: Any, noon: time_machine.Traveller) -> None:
    settings.MAIL_WARM_UP = ["2", "5"]
    settings.MAIL_DAILY = ["7"]
    domains = dict.fromkeys(range(20), "example.com")
    allowed = []
    for _ in range(4):
        allowed.append(len(Pace().share(mails(20), domains)[0]))
        noon.shift(timedelta(days=1))
    assert allowed == [2, 5, 7, 7]
    assert Receiver.objects.get().days == 3


def test_a_rate_lets_a_second_of_mail_go_at_once_and_then_keeps_time(
    settings: Any, noon: time_machine.Traveller
) -> None:
    settings.MAIL_RATE = ["10"]
    assert (Pace().room(64, math.inf), Receiver.objects.get().free_at) == (10, make.NOON + timedelta(seconds=1))
    noon.shift(timedelta(seconds=0.5))
    assert Pace().room(64, math.inf) == 5
    noon.shift(timedelta(seconds=60))
    assert Pace().room(4, math.inf) == 4
    assert Pace().room(64, math.inf) == 6


def test_a_slow_domain_does_not_hold_up_the_others(sink: Sink, settings: Any) -> None:
    settings.MAIL_RATE = ["0", "example.com=10"]
    daily = readers(50)
    readers(80, "other.example")
    sent = edition(daily)
    sent.send_now()
    deliver(SmtpSender(), seconds=2)
    slow = sent.deliveries.filter(domain="example.com", state="sent").count()
    assert states(sent) == {"sent": 80 + slow, "waiting": 50 - slow}
    assert 15 <= slow <= 40


def test_the_rate_of_all_is_kept(sink: Sink, settings: Any) -> None:
    settings.MAIL_RATE = ["8"]
    sent = edition(readers(12))
    sent.send_now()
    began = timezone.now()
    tasks.deliver_editions()
    assert states(sent) == {"sent": 12}
    assert 0.4 < (timezone.now() - began).total_seconds() < 1.5


def test_no_more_mails_are_under_way_to_a_domain_than_it_allows(settings: Any) -> None:
    settings.MAIL_CONNECTIONS = ["4", "slow.example=1", "example.com=0"]
    domains = {number: "slow.example" if number < 3 else "example.com" for number in range(9)}
    batches = [[mail.pk for mail in batch] for batch in Pace().batches(mails(9), domains, 4)]
    assert batches == [[0, 3, 4, 5], [1, 6, 7, 8], [2]]
