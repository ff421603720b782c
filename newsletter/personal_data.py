"""All that we hold on a person: shown to the person (GDPR, Article 15), and forgotten (Article 17)."""

from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction

from newsletter.models import LinkRequest, Subscriber, Suppression
from newsletter.models.suppression import digest_of

SUBSCRIPTION = ("asked_at", "confirmed_at", "ended_at", "created_at", "letter", "letter_due_at", "letter_failure")
MAIL = ("state", "settled_at", "tries", "code", "reason")
REQUEST = ("kind", "asked_at", "next_reply_at", "letter_due_at", "letter_failure")


def held_on(person: Subscriber) -> dict[str, Any]:
    suppression = person.suppression
    return {
        "address": person.email,
        "state": person.status,
        "created_at": person.created_at,
        "confirmed_at": person.confirmed_at,
        "subscriptions": [
            {"newsletter": row.newsletter.name, **{name: getattr(row, name) for name in SUBSCRIPTION}}
            for row in person.subscriptions.select_related("newsletter").order_by("pk")
        ],
        "mails": [
            {
                "newsletter": row.edition.newsletter.name,
                "edition": row.edition.date,
                "subject": row.edition.subject,
                **{name: getattr(row, name) for name in MAIL},
            }
            for row in person.deliveries.select_related("edition__newsletter")
            .defer("edition__html", "edition__text")
            .order_by("edition__date", "pk")
        ],
        "suppression": suppression
        and {"reason": suppression.reason, "detail": suppression.detail, "created_at": suppression.created_at},
        "link_requests": list(LinkRequest.objects.of(person.email).order_by("pk").values(*REQUEST)),
    }


@transaction.atomic
def erase(person: Subscriber) -> None:
    """Forget the person. Editions keep their counts, and what must not be written to is known by its digest."""
    # What a mail server says often names the address, and a domain can be one person's own.
    person.deliveries.update(subscriber=None, domain="", reason="")
    suppressions = Suppression.objects.filter(digest=digest_of(person.email))
    suppressions.update(email="", detail="")
    LinkRequest.objects.of(person.email).delete()
    for row in (person, *suppressions):  # The admin's own record of what was done calls them by their address.
        log = LogEntry.objects.filter(content_type=ContentType.objects.get_for_model(row), object_id=row.pk)
        log.update(object_repr="Somebody who was erased")
    person.delete()
