"""What we got wrong, and said so."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from news.models.article import Article
from news.models.people import User


class Correction(models.Model):
    """A correction of an article, in plain text, shown to readers with its date."""

    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="corrections")
    text = models.TextField(
        max_length=1000, help_text="What was wrong and what is right, such as “An earlier version said …”."
    )
    made_at = models.DateTimeField("date", default=timezone.now, db_index=True)
    made_by = models.ForeignKey(
        User, null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [models.CheckConstraint(name="correction_has_text", condition=~Q(text=""))]

    def __str__(self) -> str:
        return self.text
