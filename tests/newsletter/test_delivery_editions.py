"""The ledger and the verbs of an edition, before and while it goes out."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from newsletter import tasks
from newsletter.models import LEASE, Delivery, Edition, Subscriber, Subscription, Suppression
from tests import make
from tests.newsletter.editions import edition, elsewhere, pass_time, readers, states
from tests.newsletter.sink import Sink

pytestmark = pytest.mark.django_db
committed = pytest.mark.django_db(transaction=True)  # Where another connection looks on.


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    make.publication()
    with Sink() as sink:
        sink.serve(settings)
        yield sink


def at_mail(number: int, do: Callable[[], object]) -> Callable[[str], None]:
    """Do it when the sink is asked for the `number`th time."""
    asked = iter(range(1, 1_000_000))

    def answer(address: str) -> None:
        if next(asked) == number:
            elsewhere(do)

    return answer


def test_the_ledger_has_each_reader_and_nobody_else() -> None:
    daily = readers(5)
    now = timezone.now()
    for email, status in [("left@x.example", "active"), ("bounced@x.example", "bounced"), ("new@x.example", "pending")]:
        person = make.subscriber(email, status=status, confirmed_at=now)
        confirmed = None if status == "pending" else now
        ended = now if email.startswith("left") else None
        Subscription.objects.create(subscriber=person, newsletter=daily, confirmed_at=confirmed, ended_at=ended)
    make.subscriber("none@x.example", status="active", confirmed_at=now)
    Subscriber.objects.suppress("READER2@example.com", Suppression.Reason.MANUAL, "")
    sent = edition(daily)
    assert sent.send_now()
    got = sent.deliveries.values_list("subscriber__email", "domain", "state").order_by("subscriber__email")
    assert list(got) == [(f"reader{number}@example.com", "example.com", "waiting") for number in (0, 1, 3, 4)]
    assert sent.started_at is not None


def test_the_ledger_is_made_once() -> None:
    sent = edition(readers(3))
    twin = Edition.objects.get()
    assert (sent.send_now(), twin.send_now(), sent.release()) == (True, False, False)
    assert states(sent) == {"waiting": 3}


def test_an_edition_without_readers_is_complete_at_once(sink: Sink) -> None:
    sent = edition(make.newsletter())
    assert sent.send_now()
    tasks.deliver_editions()
    sent.refresh_from_db()
    assert sent.status == "complete"


def test_the_clock_releases_only_what_is_ready_and_not_held() -> None:
    sent = edition(readers(1))
    assert not sent.release()
    assert sent.make_ready()
    assert sent.hold()
    assert not sent.release()
    assert sent.make_ready()
    assert sent.release()
    assert not sent.hold()


def test_an_edition_without_its_text_is_never_ready() -> None:
    sent = edition(readers(1), text="")
    with pytest.raises(IntegrityError, match="edition_goes_out_whole"), transaction.atomic():
        sent.make_ready()


def test_a_day_has_one_edition() -> None:
    daily = readers(0)
    edition(daily)
    with pytest.raises(IntegrityError, match="edition_once_a_day"):
        edition(daily)


def test_who_leaves_or_is_suppressed_after_the_ledger_gets_nothing(sink: Sink) -> None:
    sent = edition(readers(5))
    sent.send_now()
    Subscription.objects.get(subscriber__email="reader0@example.com").end()
    Subscriber.objects.suppress("Reader1@example.com", Suppression.Reason.COMPLAINT, "")
    Subscriber.objects.suppress("reader2@example.com", Suppression.Reason.MANUAL, "")
    Subscriber.objects.get(email="reader3@example.com").delete()
    tasks.deliver_editions()
    assert sink.taken == ["reader4@example.com"]
    assert states(sent) == {"sent": 1, "suppressed": 4}


@committed
def test_who_leaves_while_the_edition_goes_out_gets_nothing(sink: Sink) -> None:
    sent = edition(readers(100))
    sent.send_now()
    last = sent.deliveries.order_by("due_at")[99].subscriber
    assert last
    sink.answers["DOT"] = at_mail(3, lambda: make.subscription_of(last.email).end())
    tasks.deliver_editions()
    assert last.email not in sink.whole
    assert states(sent) == {"sent": 99, "suppressed": 1}


@committed
def test_a_pause_stops_an_edition_within_a_batch_and_resume_goes_on(sink: Sink) -> None:
    sent = edition(readers(100))
    sent.send_now()
    sink.answers["DOT"] = at_mail(20, lambda: Edition.objects.get().pause("By hand"))
    tasks.deliver_editions()
    assert states(sent) == {"sent": 24, "waiting": 76}
    tasks.deliver_editions()
    sent.refresh_from_db()
    assert (len(sink.taken), sent.status, sent.reason) == (24, "paused", "By hand")
    assert sent.resume()
    tasks.deliver_editions()
    assert (states(sent), len(set(sink.taken)), len(sink.taken)) == ({"sent": 100}, 100, 100)


@committed
def test_a_pause_just_before_the_dot_holds_those_mails_back(sink: Sink) -> None:
    sent = edition(readers(10))
    sent.send_now()
    sink.answers["DATA"] = at_mail(8, lambda: Edition.objects.get().pause())
    tasks.deliver_editions()
    assert (sink.whole, states(sent)) == ([], {"waiting": 10})
    sent.refresh_from_db()
    assert sent.resume()
    tasks.deliver_editions()
    assert states(sent) == {"sent": 10}


@committed
def test_a_cancelled_edition_sends_nothing_more(sink: Sink) -> None:
    sent = edition(readers(100))
    sent.send_now()
    sink.answers["DOT"] = at_mail(8, lambda: Edition.objects.get().cancel())
    tasks.deliver_editions()
    assert states(sent) == {"sent": 8, "waiting": 92}
    assert not sent.resume()
    assert sent.send_uncertain_again() == 0
    tasks.deliver_editions()
    assert len(sink.taken) == 8


def test_two_editions_go_out_side_by_side(sink: Sink) -> None:
    daily = readers(30)
    editions = [edition(daily, date(2026, 11, day)) for day in (17, 18)]
    for sent in editions:
        sent.send_now()
    tasks.deliver_editions()
    assert [states(sent) for sent in editions] == [{"sent": 30}, {"sent": 30}]


@committed
def test_workers_of_one_moment_share_the_mails(sink: Sink) -> None:
    sent = edition(readers(400))
    sent.send_now()

    def work() -> None:
        try:
            tasks.deliver_editions()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        for done in [threads.submit(work) for _ in range(4)]:
            done.result()
    assert states(sent) == {"sent": 400}
    assert len(sink.taken) == len(set(sink.taken)) == 400


def test_mails_of_a_worker_that_died_are_claimed_when_its_lease_is_over(sink: Sink) -> None:
    sent = edition(readers(10))
    sent.send_now()
    claims, _ = sent.claim(uuid4(), 4, None)
    assert len(claims) == 4
    tasks.deliver_editions()
    assert states(sent) == {"sent": 6, "waiting": 4}
    pass_time(seconds=LEASE.total_seconds())
    tasks.deliver_editions()
    assert states(sent) == {"sent": 10}


def test_a_worker_whose_lease_went_to_another_may_not_send(sink: Sink) -> None:
    sent = edition(readers(1))
    sent.send_now()
    late, next_one = uuid4(), uuid4()
    ((claim,), _) = sent.claim(late, 1, None)
    pass_time(hours=1)
    sent.claim(next_one, 1, None)
    assert sent.mark_sending([claim.pk], late) == set()
    assert sent.mark_sending([claim.pk], next_one) == {claim.pk}


def test_a_mail_of_a_worker_that_died_after_the_commit_is_uncertain(sink: Sink) -> None:
    sent = edition(readers(1))
    sent.send_now()
    worker = uuid4()
    ((claim,), _) = sent.claim(worker, 1, None)
    sent.mark_sending([claim.pk], worker)
    tasks.deliver_editions()
    assert states(sent) == {"sending": 1}
    pass_time(hours=1)
    tasks.deliver_editions()
    assert (states(sent), sink.whole) == ({"uncertain": 1}, [])
    Delivery.objects.mark_sent([claim.pk], worker)  # It lived after all, and knows better.
    assert states(sent) == {"sent": 1}


def test_a_claim_takes_the_same_queries_however_many_it_takes(django_assert_num_queries: Any) -> None:
    sent = edition(readers(3))
    sent.send_now()
    for count in (1, 2):
        with django_assert_num_queries(5):  # The rows, their update in a savepoint of the test's, and who still reads.
            assert len(sent.claim(uuid4(), count, None)[0]) == count
