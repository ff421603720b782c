"""An edition: one newsletter of one day, from its draft to the last mail."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Self
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from newsletter.models.delivery import LEASE, Claim, Delivery, commits
from newsletter.models.subscriber import Newsletter, Subscriber

LEDGER = "INSERT INTO newsletter_delivery (edition_id, subscriber_id, domain, due_at) "


class EditionQuerySet(models.QuerySet["Edition"]):
    def sending(self) -> Self:
        """Those that go out at this moment, the one that began first in front."""
        return self.filter(status=Edition.Status.SENDING).order_by("started_at", "pk")

    def complete(self) -> int:
        """Finish those that have no mail left to send, and say how many. One whose rows are all settled balances."""
        left = Delivery.objects.filter(edition=OuterRef("pk"), state__in=Delivery.UNSETTLED)
        done = self.sending().filter(~Exists(left)).order_by()
        return done.update(status=Edition.Status.COMPLETE, finished_at=timezone.now(), reason="")

    def with_old_ledger(self, before: datetime) -> Self:
        """Those that were over before then and whose ledger is still there."""
        return self.filter(finished_at__lt=before, started_at__isnull=False, final_counts__isnull=True)

    def archived(self) -> Self:
        """What readers may see on the site: all that went out or goes out now, the newest first."""
        seen = (Edition.Status.SENDING, Edition.Status.PAUSED, Edition.Status.COMPLETE)
        return self.filter(status__in=seen).order_by("-date", "-pk")

    def before(self, day: date, pk: int) -> Self:
        """What stands behind the edition of this day and number in `archived`."""
        return self.filter(Q(date__lt=day) | Q(date=day, pk__lt=pk))


class Edition(models.Model):
    """What readers get and how far that is. Each verb is one conditional update and says whether it was ours to do."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        HELD = "held", "Held"
        READY = "ready", "Ready"
        SENDING = "sending", "Sending"
        PAUSED = "paused", "Paused"
        COMPLETE = "complete", "Complete"
        CANCELLED = "cancelled", "Cancelled"
        SKIPPED = "skipped", "Skipped"
        EXPIRED = "expired", "Expired"

    UNSENT = (Status.DRAFT, Status.HELD, Status.READY)
    FINAL = (Status.COMPLETE, Status.CANCELLED, Status.SKIPPED, Status.EXPIRED)

    newsletter = models.ForeignKey(Newsletter, on_delete=models.CASCADE, related_name="editions")
    date = models.DateField(help_text="The day it is for, in the publication’s zone.")
    status = models.CharField(max_length=12, choices=Status, default=Status.DRAFT)
    reason = models.CharField(max_length=300, blank=True, help_text="Why it is paused, skipped or slow.")
    subject = models.CharField(max_length=200, blank=True)
    preheader = models.CharField(max_length=200, blank=True, help_text="What mail programs show beside the subject.")
    html = models.TextField(blank=True)
    text = models.TextField(blank=True)
    composed_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField("editor’s note", blank=True, help_text="Plain text above the stories.")
    sponsor = models.CharField(max_length=120, blank=True, help_text="Who pays for the line. Readers see it.")
    sponsor_line = models.CharField(
        max_length=300, blank=True, help_text="What the sponsor says, in a sentence or two."
    )
    sponsor_url = models.URLField("sponsor’s link", max_length=500, blank=True)
    final_counts = models.JSONField(
        null=True, editable=False, help_text="Of mails by state, once the ledger itself is deleted."
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        ordering = ["-date", "newsletter"]
        constraints = [
            models.UniqueConstraint(fields=["newsletter", "date"], name="edition_once_a_day"),
            models.CheckConstraint(
                name="edition_status_known",
                condition=Q(
                    status__in=[
                        "draft",
                        "held",
                        "ready",
                        "sending",
                        "paused",
                        "complete",
                        "cancelled",
                        "skipped",
                        "expired",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="edition_goes_out_whole",
                condition=~Q(status__in=["ready", "sending", "paused", "complete"])
                | ~Q(subject="") & ~Q(html="") & ~Q(text="") & Q(composed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="edition_sending_has_started",
                condition=~Q(status__in=["sending", "paused", "complete"]) | Q(started_at__isnull=False),
            ),
            models.CheckConstraint(
                name="edition_unsent_has_not_started",
                condition=~Q(status__in=["draft", "held", "ready", "skipped"]) | Q(started_at=None),
            ),
            models.CheckConstraint(
                name="edition_sponsor_is_named",
                condition=Q(sponsor_line="") | ~Q(sponsor=""),
                violation_error_message="Say who the sponsor is: readers must see who paid for the line.",
            ),
            models.CheckConstraint(
                name="edition_final_has_finished",
                condition=Q(finished_at__isnull=False, status__in=["complete", "cancelled", "skipped", "expired"])
                | Q(finished_at=None) & ~Q(status__in=["complete", "cancelled", "skipped", "expired"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.newsletter} · {self.date:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("newsletter_edition", args=[self.newsletter.slug, self.date.isoformat()])

    def make_ready(self) -> bool:
        """Hand it to the clock: it has its subject, HTML and text (the database refuses it otherwise)."""
        return self._move((self.Status.DRAFT, self.Status.HELD), status=self.Status.READY, reason="")

    def hold(self) -> bool:
        return self._move((self.Status.DRAFT, self.Status.READY), status=self.Status.HELD)

    def release(self) -> bool:
        """Begin to send: the clock's verb, for an edition that nobody holds."""
        return self._start((self.Status.READY,))

    def send_now(self) -> bool:
        """Begin to send: the editor's verb."""
        return self._start(self.UNSENT)

    def pause(self, reason: str = "") -> bool:
        """Send nothing more for now. Mails whose last dot is on its way are still settled."""
        return self._move((self.Status.SENDING,), status=self.Status.PAUSED, reason=reason[:300])

    def resume(self) -> bool:
        return self._move((self.Status.PAUSED,), status=self.Status.SENDING, reason="")

    def cancel(self) -> bool:
        """Send nothing more for good. What was not sent stays in the ledger as it is."""
        sources = (*self.UNSENT, self.Status.SENDING, self.Status.PAUSED)
        return self._move(sources, status=self.Status.CANCELLED, finished_at=timezone.now())

    def skip(self, reason: str) -> bool:
        """Send nothing on this day: there is too little to say."""
        return self._end_unsent(self.Status.SKIPPED, reason)

    def expire(self, reason: str) -> bool:
        """Send nothing any more: it is too late for it."""
        return self._end_unsent(self.Status.EXPIRED, reason)

    def claim(self, worker: UUID, most: int, since: datetime | None) -> tuple[list[Claim], datetime | None]:
        """Take up to `most` mails that are due at `since` or later; also returns the `since` of the next claim.

        A claimed row is due again when its lease is over, so that the mails of a worker that died are claimed again.
        """
        now = timezone.now()
        due = self.deliveries.filter(state__in=Delivery.CLAIMABLE, due_at__lte=now).order_by("due_at")
        if since:
            due = due.filter(due_at__gte=since)
        rows = due.values_list("pk", "subscriber", "domain", "tries", "due_at")
        with transaction.atomic():
            found = list(rows.select_for_update(skip_locked=True)[:most])
            Delivery.objects.filter(pk__in=[row[0] for row in found]).update(due_at=now + LEASE, worker=worker)
        # A question of its own: asked within the one above, Postgres may answer it for all readers at each claim.
        readers = Subscriber.objects.receiving(self.newsletter).filter(pk__in=[row[1] for row in found])
        people = {pk: (email, key) for pk, email, key in readers.values_list("pk", "email", "key")}
        claims = []
        for pk, person, domain, tries, _ in found:
            email, key = people.get(person, ("", None))
            claims.append(Claim(pk, email, key, domain, tries, is_wanted=key is not None))
        return claims, found[-1][-1] if found else None

    def mark_sending(self, keys: Collection[int], worker: UUID) -> set[int]:
        """Commit that these mails are about to go; returns those that may. Whoever is not in it must not be sent.

        This commit must be on disk before the dot goes out: were it lost, the row would be claimed and sent again.
        """
        sending = Edition.objects.filter(pk=OuterRef("edition"), status=self.Status.SENDING)
        ours = Delivery.objects.filter(Exists(sending), pk__in=keys, worker=worker, state__in=Delivery.CLAIMABLE)
        with commits("on"):
            marked = ours.update(state=Delivery.State.SENDING, due_at=timezone.now() + LEASE)
        if marked == len(keys):
            return set(keys)
        going = Delivery.objects.filter(pk__in=keys, worker=worker, state=Delivery.State.SENDING)
        return set(going.values_list("pk", flat=True))

    def send_uncertain_again(self) -> int:
        """Send what may or may not have arrived once more, as only an editor can decide; how many those are."""
        with transaction.atomic():
            self._move((self.Status.COMPLETE,), status=self.Status.SENDING, finished_at=None)
            uncertain = self.deliveries.filter(
                state=Delivery.State.UNCERTAIN, edition__status__in=("sending", "paused")
            )
            return uncertain.update(state=Delivery.State.WAITING, due_at=timezone.now(), worker=None, settled_at=None)

    def explain(self, reason: str) -> None:
        """Tell the desk why nothing moves, or that it does again."""
        self.reason = reason[:300]
        Edition.objects.filter(pk=self.pk, status=self.Status.SENDING).update(reason=self.reason)

    def counts(self) -> dict[str, int]:
        """How many mails are in each state; every state is there."""
        found = self.final_counts
        if found is None:
            found = dict(self.deliveries.order_by().values_list("state").annotate(Count("pk")))
        return {state: found.get(state, 0) for state in Delivery.State.values}

    @transaction.atomic
    def close_ledger(self) -> None:
        """Delete what was sent to whom, and keep how many mails there were."""
        Edition.objects.filter(pk=self.pk, status__in=self.FINAL).update(final_counts=self.counts())
        self.deliveries.filter(edition__final_counts__isnull=False).delete()

    def _start(self, sources: tuple[str, ...]) -> bool:
        """Make the ledger and open it to the workers in one transaction."""
        with transaction.atomic():
            now = timezone.now()
            started = self._move(sources, status=self.Status.SENDING, started_at=now, reason="")
            if started:
                self._make_ledger()
        return started

    def _make_ledger(self) -> None:
        """One row for each person who gets it now, by one statement.

        Each is due at a microsecond of its own: workers claim in the order of `due_at` and go on where they last
        stopped, so that a claim never wades through the rows that were claimed before it.
        """
        readers = Subscriber.objects.receiving(self.newsletter).order_by()
        due = models.expressions.RawSQL("%s - row_number() OVER () * interval '1 microsecond'", [self.started_at])
        domain = models.Func(F("email"), template="lower(split_part(%(expressions)s, '@', 2))")
        chosen = readers.annotate(
            edition_id=models.Value(self.pk),
            domain=models.ExpressionWrapper(domain, output_field=models.CharField()),
            due_at=models.ExpressionWrapper(due, output_field=models.DateTimeField()),
        ).values_list("edition_id", "pk", "domain", "due_at")
        sql, parameters = chosen.query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(LEDGER + sql, parameters)
            # Autovacuum comes a minute late; until then Postgres takes the ledger for small and reads it whole.
            cursor.execute("ANALYZE newsletter_delivery")

    def _end_unsent(self, status: str, reason: str) -> bool:
        return self._move(self.UNSENT, status=status, reason=reason[:300], finished_at=timezone.now())

    def _move(self, sources: tuple[str, ...], **fields: object) -> bool:
        moved = Edition.objects.filter(pk=self.pk, status__in=sources).update(**fields)
        self.refresh_from_db()
        return moved == 1
