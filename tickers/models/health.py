"""How a source of quotes is doing, and the breaker that keeps us from asking one that is in trouble."""

from django.db import models


class SourceHealth(models.Model):
    """One row for each source that was ever asked. The breaker is open until `open_until`; then one probe decides."""

    source = models.CharField(max_length=20, unique=True)
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    open_until = models.DateTimeField("breaker open until", null=True, blank=True)
    asked_at = models.DateTimeField("last asked", null=True, blank=True)
    answered_at = models.DateTimeField("last good answer", null=True, blank=True)
    error = models.CharField("last error", max_length=300, blank=True)
    failed_at = models.DateTimeField("last failure", null=True, blank=True)

    class Meta:
        verbose_name_plural = "source health"

    def __str__(self) -> str:
        return self.source
