"""All that we hold on a person, for the person: the answer to a request for access (GDPR, Article 15)."""

from typing import Any

from newsletter.models import LinkRequest, Subscriber

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
