"""Addresses that no newsletter is sent to, whatever their owners' subscriptions say."""

import hashlib
from typing import Any

from django.db import models
from django.db.models import Q


def digest_of(email: str) -> str:
    """What we know a suppressed address by: it outlives the address itself, which the owner may have erased."""
    return hashlib.sha256(email.lower().encode()).hexdigest()


def digest_in_sql(email: Any) -> models.Func:
    """The same, of a column with addresses."""
    template = "encode(sha256(convert_to(lower(%(expressions)s), 'UTF8')), 'hex')"
    return models.Func(email, template=template, output_field=models.CharField())


class Suppression(models.Model):
    """Outlives the subscriber: who was erased after a bounce or a complaint must not be written to again either."""

    class Reason(models.TextChoices):
        BOUNCE = "bounce", "The address does not exist"
        COMPLAINT = "complaint", "Its owner complained"
        MANUAL = "manual", "By the desk"

    email = models.EmailField(max_length=254, blank=True, help_text="Empty when its owner had it erased.")
    digest = models.CharField(max_length=64, unique=True, editable=False, help_text="SHA-256 of the address.")
    reason = models.CharField(max_length=12, choices=Reason, default=Reason.MANUAL)
    detail = models.CharField(max_length=300, blank=True, help_text="What the mail server said, or who asked.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = "suppressed address"
        verbose_name_plural = "suppressed addresses"
        constraints = [
            models.CheckConstraint(
                name="suppression_reason_known", condition=Q(reason__in=["bounce", "complaint", "manual"])
            ),
        ]

    def __str__(self) -> str:
        return self.email or f"erased ({self.digest[:8]})"
