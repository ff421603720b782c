"""The ledger: one row for each mail of each edition. Everything that is known about a mail is on its row."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone

from newsletter.models.subscriber import Subscriber

# Longer than the mails of one claim can take: no batch of it begins when the turn is over, and the last one takes
# `LONGEST` of delivery.py at most.
LEASE = timedelta(minutes=10)


@dataclass(frozen=True)
class Claim:
    """A mail that is ours to send until its lease is over."""

    pk: int
    email: str
    key: UUID | None
    domain: str
    tries: int
    is_wanted: bool  # Its reader still was one at the moment of the claim; if not, it has no email and no key.


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def mark_sent(self, keys: Collection[int], worker: UUID) -> None:
        """These were taken by the server. The answer is true also when it comes after the sweeper.

        This commit may be lost with the machine: a row that stays `sending` becomes `uncertain` and is not sent again.
        """
        with commits("off"):
            self._of(worker, keys).update(state=Delivery.State.SENT, settled_at=timezone.now(), code=250, reason="")

    def settle(self, key: int, worker: UUID, state: str, code: int | None = None, reason: str = "") -> None:
        """This one will not be sent (again)."""
        fields = {"state": state, "settled_at": timezone.now(), "code": code, "reason": reason[:300]}
        self._of(worker, [key]).update(**fields)

    def put_off(self, key: int, worker: UUID, until: datetime, code: int | None, reason: str) -> None:
        """Try this one again later; it counts as a try."""
        fields = {"state": Delivery.State.DEFERRED, "due_at": until, "code": code, "reason": reason[:300]}
        self._of(worker, [key]).update(tries=models.F("tries") + 1, worker=None, **fields)

    def hand_back(self, keys: Collection[int], worker: UUID, due_at: datetime, reason: str = "") -> None:
        """Let anybody claim these again from then on: they were not tried."""
        fields = {"due_at": due_at, "worker": None, "reason": reason[:300]}
        self.filter(pk__in=keys, worker=worker, state__in=Delivery.CLAIMABLE).update(**fields)

    def sweep(self) -> int:
        """Mails whose worker died between the commit and the answer: nobody knows whether they arrived."""
        fields = {"state": Delivery.State.UNCERTAIN, "settled_at": timezone.now()}
        lost = self.filter(state=Delivery.State.SENDING, due_at__lt=timezone.now())
        return lost.update(reason="The worker ended before the mail server answered.", **fields)

    def _of(self, worker: UUID, keys: Collection[int]) -> "DeliveryQuerySet":
        open_states = (*Delivery.UNSETTLED, Delivery.State.UNCERTAIN)
        return self.filter(pk__in=keys, worker=worker, state__in=open_states)


class Delivery(models.Model):
    """One mail: waiting → sending → sent, deferred, failed, uncertain or suppressed."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        DEFERRED = "deferred", "Deferred"
        FAILED = "failed", "Failed"
        UNCERTAIN = "uncertain", "Uncertain"
        SUPPRESSED = "suppressed", "Suppressed"

    CLAIMABLE = (State.WAITING, State.DEFERRED)
    UNSETTLED = (State.WAITING, State.DEFERRED, State.SENDING)

    # Constraints and indexes below begin with the edition.
    edition = models.ForeignKey("Edition", on_delete=models.CASCADE, related_name="deliveries", db_index=False)
    # Who is erased leaves the row behind: what was sent to how many stays true.
    subscriber = models.ForeignKey(Subscriber, on_delete=models.SET_NULL, null=True, related_name="deliveries")
    domain = models.CharField(max_length=255, help_text="The receiving domain.")
    state = models.CharField(max_length=12, choices=State, default=State.WAITING, db_default=State.WAITING)
    due_at = models.DateTimeField(help_text="When it may be claimed; for one that is claimed, the end of the lease.")
    worker = models.UUIDField(null=True, editable=False, help_text="Who holds the lease.")
    tries = models.PositiveSmallIntegerField(default=0, db_default=0, help_text="Times that a server put it off.")
    code = models.PositiveSmallIntegerField(null=True, help_text="The server’s last reply.")
    reason = models.CharField(max_length=300, default="", db_default="", blank=True)
    settled_at = models.DateTimeField(null=True, help_text="When it reached its last state.")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(fields=["edition", "subscriber"], name="delivery_once"),
            models.CheckConstraint(
                name="delivery_state_known",
                condition=Q(
                    state__in=["waiting", "sending", "sent", "deferred", "failed", "uncertain", "suppressed"],
                ),
            ),
            models.CheckConstraint(
                name="delivery_sending_has_worker", condition=~Q(state="sending") | Q(worker__isnull=False)
            ),
            models.CheckConstraint(
                name="delivery_settled_has_time",
                condition=Q(state__in=["waiting", "deferred", "sending"], settled_at=None)
                | Q(state__in=["sent", "failed", "uncertain", "suppressed"], settled_at__isnull=False),
            ),
        ]
        indexes = [
            models.Index("edition", "due_at", name="delivery_due", condition=Q(state__in=["waiting", "deferred"])),
            models.Index("due_at", name="delivery_sending", condition=Q(state="sending")),
        ]

    def __str__(self) -> str:
        return f"{self.edition} · {self.subscriber or 'erased'}"


@contextmanager
def commits(synchronous: str) -> Iterator[None]:
    """A transaction whose commit waits for the disk (`on`) or not (`off`), whatever the server's own setting is."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('synchronous_commit', %s, true)", [synchronous])
        yield
