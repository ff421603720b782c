"""Newsletters, the people who get them, and what each person asked for."""

import uuid
from datetime import datetime
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils import timezone

from newsletter.models.letter import Letter, LetterQuerySet
from newsletter.models.suppression import Suppression, digest_in_sql, digest_of


class Newsletter(models.Model):
    """A mail that goes out on a schedule of its own; the daily is one."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    description = models.CharField(max_length=200, help_text="What readers get and when, in one sentence.")
    frequency = models.CharField(
        max_length=40, default="Every weekday morning", help_text="How often it comes, shown beside every form."
    )
    hour = models.PositiveSmallIntegerField(
        default=6,
        validators=[MinValueValidator(0), MaxValueValidator(23)],
        help_text="The hour it is sent, in the publication’s zone.",
    )
    position = models.PositiveSmallIntegerField(default=0, help_text="The first one is offered on every article.")
    days = models.CharField(
        "days of the week",
        max_length=7,
        default="12345",
        blank=True,
        validators=[
            RegexValidator(r"^1?2?3?4?5?6?7?$", "Write the days as numbers in order: 12345 is Monday to Friday.")
        ],
        help_text="12345 is Monday to Friday, 7 is Sunday. Empty: no edition is made by itself.",
    )

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(name="newsletter_hour_of_day", condition=Q(hour__range=(0, 23))),
            models.CheckConstraint(name="newsletter_has_name", condition=~Q(name="") & ~Q(slug="")),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("newsletter")

    @property
    def is_by_hand(self) -> bool:
        """Whether the desk makes its editions, such as those of breaking news."""
        return not self.days

    def sign_up(self, email: str) -> "Subscription":
        """Take the request of whoever owns this (clean) address; the reply goes by mail and to nobody else.

        The same statements run and something is written whoever asks, so that the time taken tells nothing either.
        """
        with transaction.atomic():
            Subscriber.objects.bulk_create([Subscriber(email=email)], ignore_conflicts=True)
            subscriber = Subscriber.objects.with_email(email).get()
            pair = {"subscriber": subscriber, "newsletter": self}
            Subscription.objects.bulk_create([Subscription(**pair)], ignore_conflicts=True)
            subscription = Subscription.objects.get(**pair)
            subscription.ask()
        return subscription


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    def with_email(self, email: str) -> Self:
        """At most one: addresses are unique without case."""
        return self.alias(lower_email=Lower("email")).filter(lower_email=email.lower())

    def receiving(self, newsletter: Newsletter) -> Self:
        """Who gets the newsletter, at this moment. Asked when an edition's ledger is made and again at each claim."""
        running = Subscription.objects.running().filter(subscriber=models.OuterRef("pk"), newsletter=newsletter)
        return self.reachable().filter(models.Exists(running), status=Subscriber.Status.ACTIVE)

    def reachable(self) -> Self:
        """Those whom we may write to at all."""
        suppressed = Suppression.objects.filter(digest=digest_in_sql(models.OuterRef("email")))
        return self.filter(~models.Exists(suppressed), status__in=Subscriber.REACHABLE)

    def suppress(self, email: str, reason: Suppression.Reason, detail: str) -> None:
        """Send no newsletter to this address any more, whether or not we know whose it is. The first reason stays."""
        row = Suppression(email=email, digest=digest_of(email), reason=reason, detail=detail[:300])
        Suppression.objects.bulk_create([row], ignore_conflicts=True)
        if status := Subscriber.STATUS_AFTER.get(reason):
            self.with_email(email).filter(status__in=Subscriber.REACHABLE).update(status=status)

    def let_go(self, suppression: Suppression) -> None:
        """Take back a suppression: who bounced or complained counts as before that."""
        suppression.delete()
        people = self.alias(digest=digest_in_sql("email")).filter(
            digest=suppression.digest, status__in=Subscriber.STATUS_AFTER.values()
        )
        before = models.Case(
            models.When(confirmed_at=None, then=models.Value(Subscriber.Status.PENDING)),
            default=models.Value(Subscriber.Status.ACTIVE),
        )
        people.update(status=before)

    def forgotten(self, since: datetime) -> Self:
        """Never confirmed, and not heard of since then."""
        asked = Subscription.objects.filter(subscriber=models.OuterRef("pk"), asked_at__gt=since)
        return self.filter(~models.Exists(asked), status=Subscriber.Status.PENDING, created_at__lte=since)


class Subscriber(models.Model):
    """A person by address. Only an active one is ever sent a newsletter."""

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        ACTIVE = "active", "Active"
        BOUNCED = "bounced", "Bounced"
        COMPLAINED = "complained", "Complained"

    REACHABLE = (Status.PENDING, Status.ACTIVE)
    STATUS_AFTER = {Suppression.Reason.BOUNCE: Status.BOUNCED, Suppression.Reason.COMPLAINT: Status.COMPLAINED}

    email = models.EmailField(max_length=254)
    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False, help_text="Names the person in links.")
    status = models.CharField(max_length=12, choices=Status, default=Status.PENDING)
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="subscriber_email_unique"),
            models.CheckConstraint(
                name="subscriber_status_known",
                condition=Q(status__in=["pending", "active", "bounced", "complained"]),
            ),
            models.CheckConstraint(
                name="subscriber_active_is_confirmed", condition=~Q(status="active") | Q(confirmed_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.email

    @property
    def is_reachable(self) -> bool:
        return Subscriber.objects.reachable().filter(pk=self.pk).exists()

    @property
    def suppression(self) -> Suppression | None:
        return Suppression.objects.filter(digest=digest_of(self.email)).first()

    def end_all(self) -> int:
        """End every subscription; how many there were."""
        return self.subscriptions.end()


class SubscriptionQuerySet(LetterQuerySet["Subscription"]):
    def running(self) -> Self:
        """Confirmed and not ended. Whether the address can be reached is the subscriber's status."""
        return self.filter(confirmed_at__isnull=False, ended_at__isnull=True)

    def end(self) -> int:
        """End those that run, with any letter still owed; how many there were."""
        settled = Subscription.SETTLED
        return self.running().update(ended_at=timezone.now(), replies=0, next_reply_at=None, **settled)


class Subscription(Letter):
    """One person's wish to get one newsletter. It begins when the person confirms and ends with `ended_at`.

    The row also holds the one letter that we owe the person about it.
    """

    class Kind(models.TextChoices):
        REPLY = "reply", "Reply to a sign-up"  # A link to confirm, or “you are already on the list”.
        WELCOME = "welcome", "Welcome"

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="subscriptions")
    newsletter = models.ForeignKey(Newsletter, on_delete=models.CASCADE, related_name="subscriptions")
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    letter = models.CharField(max_length=8, choices=Kind, blank=True, help_text="The letter that we owe the person.")

    SETTLED = {"letter": "", "letter_due_at": None}

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subscriber", "newsletter"], name="subscription_once"),
            models.CheckConstraint(
                name="subscription_ends_after_it_began", condition=Q(ended_at=None) | Q(confirmed_at__isnull=False)
            ),
            models.CheckConstraint(
                name="subscription_letter_has_time",
                condition=Q(letter="", letter_due_at=None)
                | Q(letter__in=["reply", "welcome"], letter_due_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index("letter_due_at", name="subscription_letter_due", condition=Q(letter_due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} · {self.newsletter}"

    @property
    def is_running(self) -> bool:
        return self.confirmed_at is not None and self.ended_at is None

    def ask(self) -> None:
        """Owe the person a reply to the sign-up."""
        reachable = Subscriber.objects.reachable().filter(pk=self.subscriber_id)
        self.owe_reply(Q(subscriber__in=reachable), letter=self.Kind.REPLY)

    def confirm(self) -> bool:
        """Begin the subscription and owe a welcome; twice is once. False if the address must not be written to."""
        now = timezone.now()
        with transaction.atomic():
            reachable = (
                Subscriber.objects.reachable()
                .filter(pk=self.subscriber_id)
                .update(status=Subscriber.Status.ACTIVE, confirmed_at=Coalesce("confirmed_at", now))
            )
            if not reachable:
                return False
            not_running = Q(confirmed_at=None) | Q(ended_at__isnull=False)
            Subscription.objects.filter(not_running, pk=self.pk).update(
                confirmed_at=now,
                ended_at=None,
                replies=0,
                next_reply_at=None,
                letter=self.Kind.WELCOME,
                letter_due_at=now,
                letter_tries=0,
                letter_failure="",
            )
        self.refresh_from_db()
        return True

    def end(self) -> bool:
        """End the subscription now, with any letter still owed; False if it was not running."""
        count = Subscription.objects.filter(pk=self.pk).end()
        self.refresh_from_db()
        return count == 1
