"""The publication that this site is, and how it files its stories."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q


def validate_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(
            "“%(name)s” is not a time zone. Write one such as America/New_York.", params={"name": name}
        )


class Publication(models.Model):
    """The one publication of this site (there is at most one row)."""

    name = models.CharField(max_length=80)
    tagline = models.CharField(max_length=140, blank=True)
    description = models.CharField(max_length=200, blank=True, help_text="One sentence for search engines.")
    owner_line = models.CharField(
        "owner’s line", max_length=200, blank=True, help_text="Such as “… is part of the … family.”"
    )
    facebook_url = models.URLField("Facebook", blank=True)
    x_url = models.URLField("X", blank=True)
    instagram_url = models.URLField("Instagram", blank=True)
    linkedin_url = models.URLField("LinkedIn", blank=True)
    postal_address = models.TextField(blank=True, help_text="Printed in the footer of every mail, as the law asks.")
    time_zone = models.CharField(
        max_length=64,
        default="America/New_York",
        validators=[validate_time_zone],
        help_text="Publish times and dates are in this zone.",
    )
    footer_note = models.TextField(blank=True, help_text="A line at the foot of every page.")
    reporters_publish = models.BooleanField(
        "reporters publish",
        default=False,
        help_text="Reporters publish and correct their own stories without an editor.",
    )
    feeds_full_text = models.BooleanField(
        "full text in feeds", default=False, help_text="Otherwise feeds carry the dek and the lead picture only."
    )

    class Meta:
        verbose_name_plural = "publication"
        constraints = [
            models.CheckConstraint(name="publication_is_one", condition=Q(pk=1)),
            models.CheckConstraint(name="publication_has_name", condition=~Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def load(cls, found: "Iterable[Publication] | None" = None) -> "Publication":
        """The publication, or a nameless one while nobody has set it up; `found` is what was asked for with more."""
        return next(iter(cls.objects.all() if found is None else found), None) or cls(pk=1, name="Forecourt")

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    @property
    def social_links(self) -> list[tuple[str, str]]:
        """(network, address) of each network that the publication is on."""
        links = [
            ("Facebook", self.facebook_url),
            ("X", self.x_url),
            ("Instagram", self.instagram_url),
            ("LinkedIn", self.linkedin_url),
        ]
        return [(network, url) for network, url in links if url]


class Section(models.Model):
    """A part of the newspaper: every article is in exactly one."""

    name = models.CharField(max_length=40, unique=True)
    slug = models.SlugField(max_length=50, unique=True)
    description = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0, help_text="Place in the navigation, from the left.")

    class Meta:
        ordering = ["position", "name"]
        constraints = [models.CheckConstraint(name="section_has_name", condition=~Q(name="") & ~Q(slug=""))]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/sections/{self.slug}/"


class Topic(models.Model):
    """What an article is about, across sections."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    description = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [models.CheckConstraint(name="topic_has_name", condition=~Q(name="") & ~Q(slug=""))]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/topics/{self.slug}/"
