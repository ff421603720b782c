"""Builders for editions, and for many readers at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from newsletter.message import marker
from newsletter.models import Delivery, Edition, Newsletter, Subscriber, Subscription
from newsletter.tokens import Purpose
from tests import make

LINK = marker(Purpose.UNSUBSCRIBE)


def readers(count: int, domain: str = "example.com") -> Newsletter:
    """So many people who get the newsletter: reader0@…, reader1@…"""
    newsletter = Newsletter.objects.first() or make.newsletter()
    now = timezone.now()
    people = [
        Subscriber(email=f"reader{number}@{domain}", status="active", confirmed_at=now) for number in range(count)
    ]
    Subscriber.objects.bulk_create(people)
    running = [Subscription(subscriber=person, newsletter=newsletter, confirmed_at=now) for person in people]
    Subscription.objects.bulk_create(running)
    return newsletter


def edition(newsletter: Newsletter, day: date = date(2026, 11, 18), **fields: Any) -> Edition:
    content = {
        "subject": "Used-car supply climbs",
        "html": f'<p>The day’s stories.</p>\n<p><a href="{LINK}">Unsubscribe</a></p>',
        "text": f"The day’s stories.\n\nUnsubscribe: {LINK}",
        "composed_at": make.NOON,
    }
    return Edition.objects.create(newsletter=newsletter, date=day, **{**content, **fields})


def pass_time(**time: float) -> None:
    """Let so much time go by for every lease and for all that is put off, but for a row that somebody writes to."""
    rows = Delivery.objects.filter(due_at__gt=timezone.now(), state__in=Delivery.UNSETTLED)
    with transaction.atomic():
        keys = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True))
        Delivery.objects.filter(pk__in=keys).update(due_at=F("due_at") - timedelta(**time))


def elsewhere(do: Callable[[], object]) -> None:
    """Do it in a thread with a connection of its own, as another process would; for the sink's answers."""

    def work() -> None:
        try:
            do()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(work).result()


def states(edition: Edition) -> dict[str, int]:
    """How many mails are in each state that has any."""
    return {state: count for state, count in edition.counts().items() if count}
