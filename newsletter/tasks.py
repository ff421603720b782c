"""Work of the newsletter that runs by itself. What is due is asked of Postgres: a message only says “look now”."""

import time
from collections.abc import Callable
from datetime import timedelta
from operator import itemgetter

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from newsletter import editions, letters, post
from newsletter.delivery import deliver
from newsletter.models import Edition, Letter, LinkRequest, Subscriber, Subscription
from newsletter.smtp import SmtpSender

FORGET_AFTER = timedelta(days=30)
FORGET_REQUESTS_AFTER = timedelta(days=3)  # Longer than the longest wait between two letters to one address.
KEEP_LEDGERS_FOR = timedelta(days=400)
# Seconds after which the clock's task begins no further letter: the rest is for the next minute. The last one then has
# more than another such time until the limit of a task, as a server may take 20 s for each of its answers.
LETTERS_TURN = 45.0


@shared_task(expires=600)
def send_letter(subscription_id: int) -> None:
    """Send the letter that this subscription owes, if it is due and nobody else is at it."""
    subscription = Subscription.objects.filter(pk=subscription_id).first()
    if subscription is None or not subscription.claim_letter():
        return
    if not subscription.subscriber.is_reachable:
        subscription.mark_letter_failed("Mail to this address bounced, or its owner complained.")
        return
    send(subscription, lambda: letters.compose(subscription))


@shared_task(expires=600)
def send_link(request_id: int) -> None:
    """Send the link that was asked for, if we know the address."""
    request = LinkRequest.objects.filter(pk=request_id).first()
    if request is None or not request.claim_letter():
        return
    if person := request.person:
        send(request, lambda: letters.with_link(request.kind, person))
    else:
        request.mark_letter_sent()  # Nobody is owed one.


def send(row: Letter, compose: Callable[[], EmailMessage]) -> None:
    """Send the letter of this row, which is claimed, and write down how that went."""
    try:
        outcome = post.hand_over(compose())
    except SoftTimeLimitExceeded:
        row.put_letter_off("The mail server took too long.")
        raise
    except Exception as error:
        row.mark_letter_failed(f"{type(error).__name__}: {error}")
        raise
    if outcome.is_sent:
        row.mark_letter_sent()
    elif outcome.is_transient:
        row.put_letter_off(outcome.why)
    else:
        row.mark_letter_failed(outcome.why)


@shared_task
def send_due_letters(seconds: float = LETTERS_TURN) -> None:
    """Send what no message of the queue has brought about, the longest due first, until the time is over."""
    until = time.monotonic() + seconds
    letters = Subscription.objects.owed_letter().values_list("letter_due_at", "pk")[:100]
    links = LinkRequest.objects.owed_letter().values_list("letter_due_at", "pk")[:100]
    due = [(due_at, pk, send_letter) for due_at, pk in letters] + [(due_at, pk, send_link) for due_at, pk in links]
    for _, pk, send_it in sorted(due, key=itemgetter(0)):
        if time.monotonic() >= until:
            break
        send_it(pk)


@shared_task(soft_time_limit=360, time_limit=390)  # Longer than a turn and its last batch: see `LONGEST`.
def deliver_editions() -> None:
    """Send for most of a minute. One such task for all editions leaves the worker's other processes to other work."""
    deliver(SmtpSender())


@shared_task
def make_editions() -> None:
    """Compose the editions whose hour comes, and release those whose hour has come."""
    editions.tick(timezone.now())


@shared_task
def forget_unconfirmed() -> None:
    """Delete the addresses of people who never confirmed. The lock keeps out who is confirming at this moment."""
    with transaction.atomic():
        forgotten = Subscriber.objects.forgotten(timezone.now() - FORGET_AFTER)
        keys = list(forgotten.select_for_update().values_list("pk", flat=True)[:10_000])
        Subscriber.objects.filter(pk__in=keys).delete()


@shared_task
def forget_requests() -> None:
    """Delete the addresses that somebody asked a link for: most are of people whom we do not know."""
    LinkRequest.objects.filter(asked_at__lt=timezone.now() - FORGET_REQUESTS_AFTER).delete()


@shared_task
def prune_ledgers() -> None:
    """Delete what was sent to whom more than a year ago; each edition keeps its counts."""
    for edition in Edition.objects.with_old_ledger(timezone.now() - KEEP_LEDGERS_FOR).defer("html", "text"):
        edition.close_ledger()
