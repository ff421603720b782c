"""Addresses that no newsletter is sent to, whatever their owners' subscriptions say."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class Suppression(models.Model):
    """Outlives the subscriber: who was erased after a bounce or a complaint must not be written to again either."""

    class Reason(models.TextChoices):
        BOUNCE = "bounce", "The address does not exist"
        COMPLAINT = "complaint", "Its owner complained"
        MANUAL = "manual", "By the desk"

    email = models.EmailField(max_length=254)
    reason = models.CharField(max_length=12, choices=Reason, default=Reason.MANUAL)
    detail = models.CharField(max_length=300, blank=True, help_text="What the mail server said, or who asked.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="suppression_email_unique"),
            models.CheckConstraint(
                name="suppression_reason_known", condition=Q(reason__in=["bounce", "complaint", "manual"])
            ),
        ]

    def __str__(self) -> str:
        return self.email
