"""Publishing partners and the stories of theirs that we point to."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Self
from urllib.parse import urlsplit

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models, transaction
from django.db.models import Count, Func, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from news.models.picture import Picture

EVERY = timedelta(minutes=15)  # between two looks at a feed
LEASE = timedelta(minutes=3)  # longer than any look can take
LONGEST_WAIT = timedelta(hours=24)
GIVE_UP_AFTER = timedelta(days=14)
SIGHTINGS = 3  # of the same permanent redirect, until we believe it
MIXED = 2  # stories of one partner in the short list beside our own


class PartnerQuerySet(models.QuerySet["Partner"]):
    def due(self, now: datetime) -> Self:
        """Partners whose feed is to be looked at and that nobody is at."""
        active = self.filter(is_paused=False, is_stopped=False, next_check_at__lte=now).exclude(feed_url="")
        return active.filter(Q(leased_until=None) | Q(leased_until__lte=now)).order_by("next_check_at", "pk")

    @transaction.atomic
    def claim_due(self, limit: int, now: datetime) -> list["Partner"]:
        """Take up to `limit` due feeds for ourselves, longest overdue first and one of each host at a time."""
        leased = self.filter(leased_until__gt=now).values_list("feed_url", flat=True)
        busy = {host_of(url) for url in leased}
        claimed: list[int] = []
        for pk, url in self.due(now).select_for_update(skip_locked=True).values_list("pk", "feed_url"):
            if len(claimed) < limit and host_of(url) not in busy:
                busy.add(host_of(url))
                claimed.append(pk)
        self.filter(pk__in=claimed).update(leased_until=now + LEASE)
        return list(self.filter(pk__in=claimed)) if claimed else []

    def with_pace(self, now: datetime) -> Self:
        """Adds `items_a_week`: how many stories came in within the last seven days."""
        recent = Q(stories__seen_at__gt=now - timedelta(days=7))
        return self.annotate(items_a_week=Count("stories", filter=recent))


class Partner(models.Model):
    """A publication whose headlines we show beside our own."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    site_url = models.URLField("site")
    logo = models.ForeignKey(Picture, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    feed_url = models.URLField("feed", max_length=1000, blank=True, help_text="RSS, Atom or JSON Feed.")
    is_paused = models.BooleanField("paused", default=False, help_text="Its feed is not looked at meanwhile.")
    is_paying = models.BooleanField(
        "pays us", default=False, help_text="Its rows are labelled and their links marked as sponsored."
    )

    # The feed's health, kept by us.
    next_check_at = models.DateTimeField(default=timezone.now, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    last_success_at = models.DateTimeField(null=True, editable=False)
    failing_since = models.DateTimeField(null=True, editable=False)
    failures = models.PositiveSmallIntegerField(default=0, editable=False)
    error = models.CharField(max_length=300, blank=True, editable=False)
    is_stopped = models.BooleanField(default=False, editable=False)
    etag = models.CharField(max_length=300, blank=True, editable=False)
    last_modified = models.CharField(max_length=300, blank=True, editable=False)
    moved_to = models.URLField(max_length=1000, blank=True, editable=False)
    moved_sightings = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = PartnerQuerySet.as_manager()

    HEALTH = (
        *("next_check_at", "leased_until", "last_success_at", "failing_since", "failures", "error", "is_stopped"),
        *("feed_url", "etag", "last_modified", "moved_to", "moved_sightings"),
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="partner_has_name", condition=~Q(name="") & ~Q(slug="")),
            models.CheckConstraint(
                name="partner_feed_is_http",
                condition=Q(feed_url="") | Q(feed_url__regex=r"^https?://"),
                violation_error_message="The address of a feed begins with http:// or https://.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("partner", args=[self.slug])

    @property
    def state(self) -> str:
        """The feed's health in the desk's words."""
        if not self.feed_url:
            return "No feed"
        if self.is_stopped:
            return "Stopped"
        if self.is_paused:
            return "Paused"
        if self.failures:
            return "Failing"
        return "Healthy" if self.last_success_at else "Waiting"

    def restart(self) -> None:
        """Look at the feed afresh and at once, as if it were new. The row still has to be saved."""
        self.next_check_at = timezone.now()
        self.leased_until = self.failing_since = None
        self.failures = self.moved_sightings = 0
        self.error = self.etag = self.last_modified = self.moved_to = ""
        self.is_stopped = False

    def keep_health(self) -> None:
        """Write the feed's health. No signal goes out: readers see nothing of it, so no kept page is outdated."""
        Partner.objects.filter(pk=self.pk).update(**{name: getattr(self, name) for name in self.HEALTH})

    def note_success(self, now: datetime, moved_to: str = "") -> None:
        """Keep that the feed was read; a permanent redirect seen often enough becomes its address."""
        self.last_success_at, self.next_check_at, self.leased_until = now, now + EVERY, None
        self.failures, self.failing_since, self.error = 0, None, ""
        self.moved_sightings = (self.moved_sightings + 1 if moved_to == self.moved_to else 1) if moved_to else 0
        self.moved_to = moved_to[:1000]
        if self.moved_sightings >= SIGHTINGS and len(moved_to) <= 1000:
            self.feed_url, self.moved_to, self.moved_sightings = moved_to, "", 0

    def note_failure(
        self, now: datetime, words: str, *, is_gone: bool = False, retry_after: float | None = None
    ) -> None:
        """Put the feed off, ever longer; stop it when it is gone or has failed for a fortnight.

        A server that names a time (`retry_after`, in seconds) is left alone until then, and is not given up on.
        """
        self.failures = min(self.failures + 1, 1000)
        self.failing_since = self.failing_since or now
        self.leased_until, self.error = None, words[:300]
        wait = min(LONGEST_WAIT, EVERY * 2 ** min(self.failures - 1, 10))
        if retry_after is not None:
            wait = max(EVERY, timedelta(seconds=min(retry_after, GIVE_UP_AFTER.total_seconds())))
        elif is_gone or now - self.failing_since > GIVE_UP_AFTER:
            self.is_stopped = True
        self.next_check_at = now + wait


def host_of(url: str) -> str:
    return (urlsplit(url).hostname or "").rstrip(".")


class Unnest(Func):
    function = "unnest"
    set_returning = True


class PartnerStoryQuerySet(models.QuerySet["PartnerStory"]):
    def visible(self) -> Self:
        return self.filter(is_hidden=False)

    def newest(self) -> Self:
        return self.visible().select_related("partner").newest_first()

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")

    def mixed(self) -> Self:
        """The newest for a short list: at most MIXED of each partner, so that a busy one does not fill it.

        A few looks into the index of one partner's newest for each partner, however many stories there are.
        """
        own = PartnerStory.objects.visible().filter(partner=OuterRef("pk")).newest_first().values("pk")[:MIXED]
        newest = Partner.objects.order_by().values_list(Unnest(ArraySubquery(own)))
        return self.newest().filter(pk__in=newest)

    def before(self, published_at: datetime, pk: int) -> Self:
        """What stands behind the story of this time and number in `newest_first`, at a cost that no page adds to."""
        behind = Q(published_at__lt=published_at) | Q(published_at=published_at, pk__lt=pk)
        return self.filter(behind, published_at__lte=published_at)  # The index is entered by the time alone.

    def known_by(self, keys: Sequence[str]) -> Self:
        return self.filter(keys__overlap=keys)


class PartnerStory(models.Model):
    """A headline of a partner. It links to the partner's own page, always.

    `keys` are what it is known again by when the feed changes (`news.partners.decide`). A story that the desk does not
    want is hidden, as a deleted one would come back with the next look at the feed.
    """

    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="stories")
    title = models.CharField(max_length=300)
    url = models.URLField(max_length=1000)
    summary = models.CharField(max_length=400, blank=True)
    author = models.CharField(max_length=120, blank=True)
    published_at = models.DateTimeField()
    seen_at = models.DateTimeField(default=timezone.now, editable=False)
    # When its feed last had it, exact to a day: long after that it may go (`news.partners.prune`).
    carried_at = models.DateTimeField(default=timezone.now, editable=False)
    is_hidden = models.BooleanField("hidden", default=False)
    keys = ArrayField(models.CharField(max_length=40), default=list, editable=False)
    picture = models.ForeignKey(
        Picture, null=True, blank=True, on_delete=models.SET_NULL, related_name="partner_stories", editable=False
    )
    picture_url = models.URLField(max_length=1000, blank=True, editable=False)
    picture_is_due = models.BooleanField(default=False, editable=False)

    objects = PartnerStoryQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at"]
        verbose_name_plural = "partner stories"
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="partner_story_newest", condition=Q(is_hidden=False)),
            models.Index(
                fields=["partner", "-published_at", "-id"],
                name="partner_story_newest_of_one",
                condition=Q(is_hidden=False),
            ),
            models.Index(fields=["partner", "seen_at"], name="partner_story_pace"),
            models.Index(fields=["-id"], name="partner_story_picture_due", condition=Q(picture_is_due=True)),
            GinIndex(fields=["keys"], name="partner_story_keys"),
        ]
        constraints = [
            models.CheckConstraint(name="partner_story_has_title", condition=~Q(title="")),
            models.CheckConstraint(name="partner_story_link_is_http", condition=Q(url__regex=r"^https?://")),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def rel(self) -> str:
        """What the link tells search engines: it is the partner's, and whether the partner pays."""
        return f"{'sponsored ' if self.partner.is_paying else ''}nofollow noopener"
