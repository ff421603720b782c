"""Newsletters, the people who get them, and what each person asked for."""

import uuid
from datetime import datetime, timedelta
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils import timezone

from newsletter.models.suppression import Suppression

# How long a reply must be old before another goes to the same address; it doubles with each, so that nobody can fill a
# stranger's mailbox by asking in their name.
REPLY_WAIT = timedelta(minutes=10)
MOST_DOUBLINGS = 7  # 10 minutes, 20, 40, … 21 hours.
# A letter that was claimed and neither sent nor put off belongs to a worker that died. Longer than a task may run.
LETTER_LEASE = timedelta(minutes=5)
LETTER_TRIES = 10  # 1 minute after the first, then 2, 4, … : about 8 hours in all.


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
        suppressed = Suppression.objects.alias(lower_email=Lower("email")).filter(
            lower_email=Lower(models.OuterRef("email"))
        )
        return self.filter(models.Exists(running), ~models.Exists(suppressed), status=Subscriber.Status.ACTIVE)

    def suppress(self, email: str, reason: Suppression.Reason, detail: str) -> None:
        """Send no newsletter to this address any more, whether or not we know whose it is. The first reason stays."""
        row = Suppression(email=email, reason=reason, detail=detail[:300])
        Suppression.objects.bulk_create([row], ignore_conflicts=True)
        if status := Subscriber.STATUS_AFTER.get(reason):
            self.with_email(email).filter(status__in=Subscriber.REACHABLE).update(status=status)

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
        return self.status in self.REACHABLE


class SubscriptionQuerySet(models.QuerySet["Subscription"]):
    def running(self) -> Self:
        """Confirmed and not ended. Whether the address can be reached is the subscriber's status."""
        return self.filter(confirmed_at__isnull=False, ended_at__isnull=True)

    def owed_letter(self) -> Self:
        """Those whose letter is due now, the longest waiting first."""
        return self.filter(letter_due_at__lte=timezone.now()).order_by("letter_due_at")


class Subscription(models.Model):
    """One person's wish to get one newsletter. It begins when the person confirms and ends with `ended_at`.

    The row also holds the one letter that we owe the person about it. What is due is asked of this table, so a queue
    that loses its messages delays a letter by a minute and loses none.
    """

    class Letter(models.TextChoices):
        REPLY = "reply", "Reply to a sign-up"  # A link to confirm, or “you are already on the list”.
        WELCOME = "welcome", "Welcome"

    subscriber = models.ForeignKey(Subscriber, on_delete=models.CASCADE, related_name="subscriptions")
    newsletter = models.ForeignKey(Newsletter, on_delete=models.CASCADE, related_name="subscriptions")
    created_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    asked_at = models.DateTimeField(null=True, blank=True, help_text="When somebody last typed in the address.")
    replies = models.PositiveSmallIntegerField(default=0, help_text="Replies since the person last confirmed.")
    next_reply_at = models.DateTimeField(null=True, blank=True, help_text="Until then, asking again brings no mail.")

    letter = models.CharField(max_length=8, choices=Letter, blank=True, help_text="The letter that we owe the person.")
    letter_due_at = models.DateTimeField(null=True, blank=True)
    letter_tries = models.PositiveSmallIntegerField(default=0)
    letter_failure = models.CharField(max_length=300, blank=True, help_text="Why the last letter could not be sent.")

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
        """Owe the person a reply, unless one went out just now or the address must not be written to."""
        now = timezone.now()
        row = Subscription.objects.filter(pk=self.pk)
        row.update(asked_at=now)  # Always writes, and so queues two requests of one moment behind each other.
        wait = REPLY_WAIT * 2 ** min(self.replies, MOST_DOUBLINGS)
        row.filter(
            Q(next_reply_at=None) | Q(next_reply_at__lte=now), subscriber__status__in=Subscriber.REACHABLE
        ).update(
            letter=self.Letter.REPLY,
            letter_due_at=now,
            letter_tries=0,
            letter_failure="",
            next_reply_at=now + wait,
            replies=F("replies") + 1,
        )

    def confirm(self) -> bool:
        """Begin the subscription and owe a welcome; twice is once. False if the address must not be written to."""
        now = timezone.now()
        with transaction.atomic():
            reachable = Subscriber.objects.filter(pk=self.subscriber_id, status__in=Subscriber.REACHABLE).update(
                status=Subscriber.Status.ACTIVE, confirmed_at=Coalesce("confirmed_at", now)
            )
            if not reachable:
                return False
            not_running = Q(confirmed_at=None) | Q(ended_at__isnull=False)
            Subscription.objects.filter(not_running, pk=self.pk).update(
                confirmed_at=now,
                ended_at=None,
                replies=0,
                next_reply_at=None,
                letter=self.Letter.WELCOME,
                letter_due_at=now,
                letter_tries=0,
                letter_failure="",
            )
        self.refresh_from_db()
        return True

    def end(self) -> bool:
        """End the subscription now, with any letter still owed; False if it was not running."""
        ended = Subscription.objects.running().filter(pk=self.pk)
        count = ended.update(ended_at=timezone.now(), letter="", letter_due_at=None, replies=0, next_reply_at=None)
        self.refresh_from_db()
        return count == 1

    def claim_letter(self) -> bool:
        """Whether the letter is due and ours to send until the lease is over; one caller at most is told so.

        The condition reads this row alone: Postgres asks it again of a row that another worker has just claimed.
        """
        lease = timezone.now() + LETTER_LEASE
        due = Subscription.objects.filter(pk=self.pk, letter_due_at__lte=timezone.now())
        claimed = due.update(letter_due_at=lease, letter_tries=F("letter_tries") + 1)
        self.refresh_from_db()
        return claimed == 1 and self.letter_due_at == lease

    def mark_letter_sent(self) -> None:
        self._settle_letter(letter="", letter_due_at=None, letter_failure="")

    def mark_letter_failed(self, why: str) -> None:
        self._settle_letter(letter="", letter_due_at=None, letter_failure=why[:300])

    def put_letter_off(self, why: str) -> None:
        """Try again later, twice as long after each try, until there were enough."""
        if self.letter_tries >= LETTER_TRIES:
            self.mark_letter_failed(f"Given up after {self.letter_tries} tries: {why}")
            return
        later = timezone.now() + timedelta(minutes=2 ** (self.letter_tries - 1))
        self._settle_letter(letter_due_at=later, letter_failure=why[:300])

    def _settle_letter(self, **fields: object) -> None:
        """Write how sending ended, unless the row has come to owe another letter since it was claimed."""
        Subscription.objects.filter(pk=self.pk, letter_due_at=self.letter_due_at).update(**fields)
        self.refresh_from_db()
