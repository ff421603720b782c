"""Breaking news: a banner over every page, until its end."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from news.models.article import Article
from news.models.people import User


class BreakingNewsQuerySet(models.QuerySet["BreakingNews"]):
    def current(self, at: datetime | None = None) -> Self:
        """What readers see at `at` (now), the newest first; pages show the first."""
        now = at or timezone.now()
        return self.filter(begins_at__lte=now, ends_at__gt=now).order_by("-begins_at", "-pk")


class BreakingNews(models.Model):
    """One banner. It links to its article once readers may see that, and always ends."""

    headline = models.CharField(max_length=120, help_text="One line, over every page.")
    article = models.ForeignKey(
        Article, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", help_text="Where it leads, if any."
    )
    begins_at = models.DateTimeField("from", default=timezone.now)
    ends_at = models.DateTimeField("until", db_index=True)
    made_by = models.ForeignKey(
        User, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    objects = BreakingNewsQuerySet.as_manager()

    class Meta:
        ordering = ["-begins_at", "-pk"]
        verbose_name = verbose_name_plural = "breaking news"
        constraints = [
            models.CheckConstraint(name="breaking_news_has_headline", condition=~Q(headline="")),
            models.CheckConstraint(
                name="breaking_news_ends",
                condition=Q(ends_at__gt=F("begins_at")),
                violation_error_message="It must end after it begins.",
            ),
        ]

    def __str__(self) -> str:
        return self.headline
