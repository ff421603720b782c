"""How a source of quotes is doing, and the breaker that keeps us from asking one that is in trouble."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

# How long the breaker stays open after the first failure in a row, the second and so on; the last goes for the rest.
PAUSES = [timedelta(minutes=minutes) for minutes in (5, 10, 20, 40, 60)]
LONGEST_PAUSE = timedelta(hours=24)  # However long a source wants us to wait.
PROBE_LEASE = timedelta(minutes=5)  # A probe that was killed is made again after this.


class SourceHealth(models.Model):
    """One row for each source that was ever asked. The breaker is open until `open_until`; then one probe decides."""

    source = models.CharField(max_length=20, unique=True)
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    open_until = models.DateTimeField("breaker open until", null=True, blank=True)
    asked_at = models.DateTimeField("last asked", null=True, blank=True)
    answered_at = models.DateTimeField("last good answer", null=True, blank=True)
    error = models.CharField("last error", max_length=300, blank=True)
    failed_at = models.DateTimeField("last failure", null=True, blank=True)

    tried_at = models.DateTimeField("last test", null=True, blank=True)
    tried = models.TextField("what it said", blank=True)

    class Meta:
        verbose_name = "source of quotes"
        verbose_name_plural = "sources of quotes"

    def __str__(self) -> str:
        return self.source

    def claim(self) -> bool:
        """Whether the source may be asked now. Of all who ask for the probe after a pause, one gets it."""
        now = timezone.now()
        may_ask = Q(open_until=None) | Q(open_until__lte=now)
        leased = Case(When(open_until__isnull=False, then=Value(now + PROBE_LEASE)), default=F("open_until"))
        claimed = type(self).objects.filter(may_ask, pk=self.pk).update(asked_at=now, open_until=leased)
        self.refresh_from_db()
        return claimed == 1

    def answer(self) -> None:
        """The source has answered: the breaker closes. The last error stays, with its time, for the desk to read."""
        self.answered_at, self.failures, self.open_until = timezone.now(), 0, None
        self.save(update_fields=["answered_at", "failures", "open_until"])

    def fail(self, error: str, retry_after: timedelta = timedelta()) -> None:
        """The source has failed, told in plain words: the breaker opens, for as long as the source asks if longer."""
        now = timezone.now()
        pause = PAUSES[min(self.failures, len(PAUSES) - 1)]
        self.failures += 1
        self.error, self.failed_at = error[:300], now
        self.open_until = now + min(max(pause, retry_after), LONGEST_PAUSE)
        self.save(update_fields=["failures", "error", "failed_at", "open_until"])

    def close(self) -> None:
        """Close the breaker: the next refresh asks again."""
        self.failures, self.open_until = 0, None
        self.save(update_fields=["failures", "open_until"])

    def keep_trial(self, said: str) -> None:
        """Keep what the source said when the desk tried it, for the desk to read."""
        self.tried_at, self.tried = timezone.now(), said
        self.save(update_fields=["tried_at", "tried"])

    def is_open(self, now: datetime) -> bool:
        return self.open_until is not None and self.open_until > now
