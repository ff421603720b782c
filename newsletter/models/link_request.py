"""Somebody asked for the link to what an address gets, or to all that we hold on its owner."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from newsletter.models.letter import Letter, LetterQuerySet
from newsletter.models.subscriber import Subscriber


class LinkRequestQuerySet(LetterQuerySet["LinkRequest"]):
    def ask(self, email: str, kind: str) -> "LinkRequest":
        """Owe the owner of this (clean) address the link, if there is one.

        The same statements run whether or not we know the address; the worker looks whom there is to write to.
        """
        self.bulk_create([LinkRequest(email=email, kind=kind)], ignore_conflicts=True)
        request = self.of(email).get(kind=kind)
        request.owe_reply(Q())
        return request

    def of(self, email: str) -> "LinkRequestQuerySet":
        return self.alias(lower_email=Lower("email")).filter(lower_email=email.lower())


class LinkRequest(Letter):
    """The row is made for any address, and deleted a few days after it was last asked for."""

    class Kind(models.TextChoices):
        PREFERENCES = "preferences", "Preferences"
        DATA = "data", "Data"

    email = models.EmailField(max_length=254)
    kind = models.CharField(max_length=12, choices=Kind)

    objects = LinkRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), "kind", name="link_request_once"),
            models.CheckConstraint(name="link_request_kind_known", condition=Q(kind__in=["preferences", "data"])),
        ]
        indexes = [
            models.Index("letter_due_at", name="link_request_due", condition=Q(letter_due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.email} · {self.kind}"

    @property
    def person(self) -> Subscriber | None:
        """Whom the link is for; nobody if we do not know the address or must not write to it."""
        return Subscriber.objects.reachable().with_email(self.email).first()
