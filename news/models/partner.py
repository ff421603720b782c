"""Publishing partners and the stories of theirs that we point to."""

from typing import Self

from django.db import models
from django.db.models import Q


class Partner(models.Model):
    """A publication whose headlines we show beside our own."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    site_url = models.URLField("site")

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(name="partner_has_name", condition=~Q(name="") & ~Q(slug=""))]

    def __str__(self) -> str:
        return self.name


class PartnerStoryQuerySet(models.QuerySet["PartnerStory"]):
    def newest(self) -> Self:
        return self.select_related("partner").order_by("-published_at", "-pk")


class PartnerStory(models.Model):
    """A headline of a partner. It links to the partner's own page, always."""

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="stories")
    title = models.CharField(max_length=300)
    url = models.URLField(max_length=1000)
    published_at = models.DateTimeField()

    objects = PartnerStoryQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at"]
        verbose_name_plural = "partner stories"
        indexes = [models.Index(fields=["-published_at", "-id"], name="partner_story_newest")]
        constraints = [
            models.UniqueConstraint(fields=["partner", "url"], name="partner_story_once"),
            models.CheckConstraint(name="partner_story_has_title", condition=~Q(title="")),
            models.CheckConstraint(name="partner_story_link_is_http", condition=Q(url__regex=r"^https?://")),
        ]

    def __str__(self) -> str:
        return self.title
