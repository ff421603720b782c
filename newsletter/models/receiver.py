"""What each receiving domain has had from us, which is what the pace is measured by."""

from django.db import models


class Receiver(models.Model):
    """A receiving domain, or all of them together (an empty domain). Only domains with a limit have a row."""

    domain = models.CharField(max_length=255, primary_key=True)
    free_at = models.DateTimeField(help_text="Until then its rate is used up.")
    day = models.DateField(help_text="The day, in UTC, that `mails` counts.")
    mails = models.PositiveIntegerField(default=0)
    days = models.PositiveIntegerField(default=0, help_text="Days before that one on which it had mail.")

    def __str__(self) -> str:
        return self.domain or "all domains"
