"""What becomes of each mail, by what the mail server answers."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from newsletter import tasks
from newsletter.delivery import BACKOFF, Kind
from newsletter.models import Delivery, Edition, Subscriber, Suppression
from newsletter.smtp import judge
from tests import make
from tests.newsletter.editions import edition, pass_time, readers, states
from tests.newsletter.sink import DROP, Answer, Sink

pytestmark = pytest.mark.django_db
GONE = "reader3@example.com"


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    make.publication()
    with Sink() as sink:
        sink.serve(settings)
        yield sink


def to(address: str, answer: str) -> Answer:
    return lambda asked: answer if asked == address else None


def once(answer: str) -> Answer:
    """The first time only."""
    left = [answer]
    return lambda asked: left.pop() if left else None


def sending(count: int = 10) -> Edition:
    begun = edition(readers(count))
    assert begun.send_now()
    return begun


def delivery_to(address: str) -> Delivery:
    return Delivery.objects.get(subscriber__email=address)


def test_an_edition_reaches_each_reader_once(sink: Sink) -> None:
    sent = sending(20)
    tasks.deliver_editions()
    tasks.deliver_editions()
    assert sorted(sink.taken) == sorted(f"reader{number}@example.com" for number in range(20))
    assert states(sent) == {"sent": 20}
    sent.refresh_from_db()
    assert (sent.status, sent.reason) == ("complete", "")
    assert sink.connections == 8


def test_a_server_without_pipelining_gets_one_command_at_a_time(sink: Sink) -> None:
    sink.pipelines = False
    sent = sending()
    sink.answers["RCPT"] = to(GONE, "550 5.1.1 No such user")
    tasks.deliver_editions()
    assert states(sent) == {"sent": 9, "failed": 1}


def test_a_mail_that_is_put_off_goes_half_an_hour_later(sink: Sink) -> None:
    sink.answers["RCPT"] = to(GONE, "450 4.2.1 Try later")
    sent = sending()
    tasks.deliver_editions()
    row = delivery_to(GONE)
    assert (row.state, row.tries, row.code, row.reason) == ("deferred", 1, 450, "450 4.2.1 Try later")
    sink.answers.clear()
    pass_time(minutes=29)
    tasks.deliver_editions()
    assert states(sent) == {"sent": 9, "deferred": 1}
    pass_time(minutes=1)
    tasks.deliver_editions()
    assert states(sent) == {"sent": 10}
    assert sink.taken.count(GONE) == 1


def test_putting_off_has_an_end_after_eight_hours(sink: Sink) -> None:
    sink.answers["DOT"] = to(GONE, "452 4.3.1 Out of space")
    sent = sending()
    for wait in BACKOFF:
        tasks.deliver_editions()
        due_in = delivery_to(GONE).due_at - timezone.now()
        assert wait - timedelta(seconds=30) < due_in <= wait
        pass_time(seconds=wait.total_seconds())
    tasks.deliver_editions()
    assert delivery_to(GONE).reason == "Given up after 5 tries: 452 4.3.1 Out of space"
    assert states(sent) == {"sent": 9, "failed": 1}
    assert sum(BACKOFF, timedelta()) == timedelta(hours=7.5)


@pytest.mark.parametrize("said", ["550 5.1.1 No such user", "550 No such user here"])
def test_an_address_that_does_not_exist_is_never_written_to_again(sink: Sink, said: str) -> None:
    sink.answers["RCPT"] = to(GONE, said)
    sent = sending()
    tasks.deliver_editions()
    assert states(sent) == {"sent": 9, "failed": 1}
    assert Suppression.objects.values_list("email", "reason", "detail").get() == (GONE, "bounce", said)
    assert Subscriber.objects.get(email=GONE).status == "bounced"


def test_a_full_mailbox_fails_this_mail_only(sink: Sink) -> None:
    sink.answers["RCPT"] = to(GONE, "552 5.2.2 Mailbox full")
    sent = sending()
    tasks.deliver_editions()
    assert states(sent) == {"sent": 9, "failed": 1}
    assert not Suppression.objects.exists()


def test_a_server_that_waits_for_the_content_of_a_refused_mail_gets_none(sink: Sink) -> None:
    sink.answers |= {"RCPT": to(GONE, "550 5.1.1 No such user"), "DATA": lambda address: "354 Go ahead"}
    sent = sending(20)
    tasks.deliver_editions()
    assert states(sent) == {"sent": 19, "failed": 1}
    assert (len(sink.whole), "" in sink.whole) == (19, False)


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "DOT"])
def test_a_policy_refusal_pauses_the_edition_and_tells_the_desk(sink: Sink, stage: str) -> None:
    sink.answers[stage] = lambda address: "550 5.7.1 Blocked for spam"
    sent = sending(50)
    tasks.deliver_editions()
    sent.refresh_from_db()
    assert (sent.status, sent.reason) == ("paused", "The mail server refuses our mail: 550 5.7.1 Blocked for spam")
    assert (sink.taken, states(sent)) == ([], {"waiting": 42, "deferred": 8})
    sink.answers.clear()
    tasks.deliver_editions()
    assert sink.taken == []
    assert sent.resume()
    tasks.deliver_editions()
    assert states(sent) == {"sent": 50}


def test_one_reader_with_a_policy_pauses_an_edition_once(sink: Sink) -> None:
    sink.answers["RCPT"] = to(GONE, "550 5.7.1 Not from you")
    sent = sending(50)
    tasks.deliver_editions()
    assert sent.resume()
    tasks.deliver_editions()
    assert states(sent) == {"sent": 49, "failed": 1}
    sent.refresh_from_db()
    assert sent.status == "complete"


@pytest.mark.parametrize("greeting", ["554 5.7.1 Blocked", "554 Go away", "421 Too many connections from you"])
def test_a_server_that_shuts_us_out_pauses_the_edition(sink: Sink, greeting: str) -> None:
    sink.answers["CONNECT"] = lambda address: greeting
    sent = sending()
    tasks.deliver_editions()
    sent.refresh_from_db()
    assert (sent.status, sent.reason) == ("paused", f"The mail server refuses our mail: {greeting}")
    assert set(sent.deliveries.values_list("state", "tries", "worker")) == {("waiting", 0, None)}


def test_a_server_that_is_busy_is_waited_for(sink: Sink) -> None:
    sink.answers["CONNECT"] = once("421 4.3.2 Shutting down")
    sent = sending()
    tasks.deliver_editions()
    sent.refresh_from_db()
    assert (sent.status, sent.reason) == ("sending", "421 4.3.2 Shutting down")
    tasks.deliver_editions()
    sent.refresh_from_db()
    assert (sent.status, sent.reason, states(sent)) == ("complete", "", {"sent": 10})


def test_a_server_that_is_down_is_waited_for(sink: Sink, settings: Any) -> None:
    settings.EMAIL_PORT = 1
    sent = sending()
    tasks.deliver_editions()
    sent.refresh_from_db()
    assert sent.reason.startswith("No connection to the mail server: ConnectionRefusedError")
    assert states(sent) == {"waiting": 10}
    settings.EMAIL_PORT = sink.port
    tasks.deliver_editions()
    assert states(sent) == {"sent": 10}


def test_fewer_connections_than_we_like_will_do(sink: Sink) -> None:
    sink.answers["CONNECT"] = lambda address: "421 4.7.0 Too many" if sink.connections > 3 else None
    sent = sending(50)
    tasks.deliver_editions()
    assert (states(sent), sink.connections) == ({"sent": 50}, 4)


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
def test_a_connection_lost_before_the_dot_is_tried_again(sink: Sink, stage: str) -> None:
    sink.answers[stage] = once(DROP)
    sent = sending()
    tasks.deliver_editions()
    assert states(sent) == {"sent": 9, "deferred": 1}
    pass_time(minutes=1)
    tasks.deliver_editions()
    assert states(sent) == {"sent": 10}
    assert len(sink.whole) == len(set(sink.whole)) == 10


def test_a_connection_of_which_we_hear_before_the_dot_that_it_is_lost_is_tried_again(sink: Sink) -> None:
    """On a busy machine we hear of it after the dot, and the mail is uncertain; then with the next edition."""
    daily = readers(10)
    for day in range(1, 21):
        sink.whole.clear()
        sink.answers["CONTENT"] = once(DROP)
        sent = edition(daily, date(2026, 11, day))
        assert sent.send_now()
        tasks.deliver_editions()
        if "deferred" in states(sent):
            break
    assert states(sent) == {"sent": 9, "deferred": 1}
    pass_time(minutes=1)
    tasks.deliver_editions()
    assert states(sent) == {"sent": 10}
    assert len(sink.whole) == len(set(sink.whole)) == 10


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA", "DOT"])
def test_a_421_ends_the_connection_and_the_mail_goes_on_another(sink: Sink, stage: str) -> None:
    sink.answers[stage] = once("421 4.7.0 Enough for one connection")
    sent = sending()
    tasks.deliver_editions()
    pass_time(minutes=1)
    tasks.deliver_editions()
    assert states(sent) == {"sent": 10}
    assert len(sink.taken) == len(set(sink.taken)) == 10


def test_a_connection_lost_after_the_dot_leaves_it_uncertain_for_good(sink: Sink) -> None:
    sink.answers["DOT"] = to(GONE, DROP)
    sent = sending()
    for _ in range(2):
        tasks.deliver_editions()
        pass_time(days=1)
    assert states(sent) == {"sent": 9, "uncertain": 1}
    sent.refresh_from_db()
    assert sent.status == "complete"
    assert sink.whole.count(GONE) == 1


def test_only_an_editor_has_the_uncertain_sent_again(sink: Sink) -> None:
    sink.answers["DOT"] = to(GONE, DROP)
    sent = sending()
    tasks.deliver_editions()
    sink.answers.clear()
    assert sent.send_uncertain_again() == 1
    tasks.deliver_editions()
    assert states(sent) == {"sent": 10}
    assert sink.whole.count(GONE) == 2


def test_an_address_that_could_carry_a_command_is_not_sent_to(sink: Sink) -> None:
    sent = edition(readers(3))
    Subscriber.objects.filter(email="reader1@example.com").update(email="a@b.example>\r\nRCPT TO:<c@d.example")
    sent.send_now()
    tasks.deliver_editions()
    assert states(sent) == {"sent": 2, "failed": 1}
    assert len(sink.taken) == 2


@pytest.mark.parametrize(
    ("code", "words", "stage", "kind"),
    [
        (250, "2.0.0 Ok", "DOT", Kind.SENT),
        (451, "4.7.1 Greylisted", "RCPT", Kind.LATER),
        (421, "4.4.2 Timeout", "DATA", Kind.LOST),
        (550, "5.1.1 User unknown", "RCPT", Kind.BOUNCED),
        (550, "5.1.1 User unknown", "DOT", Kind.BOUNCED),
        (553, "5.1.8 Bad sender", "RCPT", Kind.POLICY),
        (550, "5.1.0 Sender rejected", "MAIL", Kind.POLICY),
        (550, "5.4.1 Recipient address rejected: Access denied", "RCPT", Kind.REFUSED),
        (552, "5.3.4 Message too big", "DOT", Kind.POLICY),
        (500, "5.3.0 Error: command failed", "RCPT", Kind.POLICY),
        (550, "unknown user", "RCPT", Kind.BOUNCED),
        (550, "Your network is on our block list", "RCPT", Kind.POLICY),
        (550, "Relaying denied", "RCPT", Kind.POLICY),
        (550, "Content rejected", "DOT", Kind.REFUSED),
        (554, "Transaction failed", "DOT", Kind.POLICY),
        (354, "what?", "DOT", Kind.UNCERTAIN),
        (-1, "", "RCPT", Kind.LOST),
    ],
)
def test_what_a_reply_means(code: int, words: str, stage: str, kind: Kind) -> None:
    assert judge(code, words, stage).kind is kind
