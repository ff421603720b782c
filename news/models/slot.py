"""The places of the front page and of section pages that an editor has filled by hand."""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from news.models.article import Article
from news.models.publication import Section


class SlotQuerySet(models.QuerySet["Slot"]):
    def filled(self, at: datetime | None = None) -> Self:
        """Slots that hold at `at` (now): not past their time, with an article that readers may see."""
        now = at or timezone.now()
        holds = Q(pinned_until=None) | Q(pinned_until__gt=now)
        return self.filter(holds, article__in=Article.objects.published(now)).order_by("position")


class Slot(models.Model):
    """An article in a place of a page: 0 is the lead, then come the secondary stories. Free places fill themselves.

    Without a section it is a slot of the home page.
    """

    section = models.ForeignKey(Section, null=True, blank=True, on_delete=models.CASCADE, related_name="slots")
    position = models.PositiveSmallIntegerField()
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="slots")
    pinned_until = models.DateTimeField(
        "until", null=True, blank=True, db_index=True, help_text="Empty: until an editor changes it."
    )

    objects = SlotQuerySet.as_manager()

    class Meta:
        ordering = ["section", "position"]
        constraints = [
            models.UniqueConstraint(fields=["section", "position"], nulls_distinct=False, name="slot_once_a_place"),
            models.UniqueConstraint(fields=["section", "article"], nulls_distinct=False, name="slot_once_an_article"),
        ]

    def __str__(self) -> str:
        return str(self.article)
