"""A story's place in an edition."""

from django.db import models

from news.models import Article
from newsletter.models.edition import Edition


class EditionItem(models.Model):
    """One story of one edition: the first leads, the next few come with picture and dek, the others by section.

    A story that is left out stays here, so that the desk can take it back and the next edition does not bring it.
    """

    edition = models.ForeignKey(Edition, on_delete=models.CASCADE, related_name="items", db_index=False)
    article = models.ForeignKey(Article, on_delete=models.CASCADE, related_name="edition_items")
    position = models.PositiveSmallIntegerField(default=0)
    headline = models.CharField(max_length=200, blank=True, help_text="For this mail, if it is to be another.")
    is_dropped = models.BooleanField("left out", default=False)

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "story"
        verbose_name_plural = "stories"
        # Its index begins with the edition, so that column needs none of its own.
        constraints = [models.UniqueConstraint(fields=["edition", "article"], name="edition_item_once")]

    def __str__(self) -> str:
        return self.headline or str(self.article)
