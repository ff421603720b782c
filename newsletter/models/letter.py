"""A letter that we owe somebody: when it is due, how often it was tried and why it could not be sent.

What is due is asked of the tables that have these columns, so a queue that loses its messages delays a letter by a
minute and loses none.
"""

from datetime import timedelta
from typing import Any, Self, TypeVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

Owing = TypeVar("Owing", bound="Letter")

# How long a reply must be old before another goes to the same address; it doubles with each, so that nobody can fill a
# stranger's mailbox by asking in their name.
REPLY_WAIT = timedelta(minutes=10)
MOST_DOUBLINGS = 7  # 10 minutes, 20, 40, … 21 hours.
# A letter that was claimed and neither sent nor put off belongs to a worker that died. Longer than a task may run.
LETTER_LEASE = timedelta(minutes=5)
LETTER_TRIES = 10  # 1 minute after the first, then 2, 4, … : about 8 hours in all.


class LetterQuerySet(models.QuerySet[Owing]):
    def owed_letter(self) -> Self:
        """Those whose letter is due now, the longest waiting first."""
        return self.filter(letter_due_at__lte=timezone.now()).order_by("letter_due_at")


class Letter(models.Model):
    """A row that owes one letter at most, in reply to whoever typed an address."""

    asked_at = models.DateTimeField(null=True, blank=True, help_text="When somebody last typed in the address.")
    replies = models.PositiveSmallIntegerField(default=0, help_text="Replies since the person last confirmed.")
    next_reply_at = models.DateTimeField(null=True, blank=True, help_text="Until then, asking again brings no mail.")
    letter_due_at = models.DateTimeField(null=True, blank=True)
    letter_tries = models.PositiveSmallIntegerField(default=0)
    letter_failure = models.CharField(max_length=300, blank=True, help_text="Why the last letter could not be sent.")

    SETTLED: dict[str, Any] = {"letter_due_at": None}  # What a row that owes nothing has.

    class Meta:
        abstract = True

    def owe_reply(self, may: Q, **fields: Any) -> None:
        """Owe the person a reply, unless one went out just now or the address must not be written to (`may`)."""
        now = timezone.now()
        row = type(self)._default_manager.filter(pk=self.pk)
        row.update(asked_at=now)  # Always writes, and so queues two requests of one moment behind each other.
        wait = REPLY_WAIT * 2 ** min(self.replies, MOST_DOUBLINGS)
        row.filter(may, Q(next_reply_at=None) | Q(next_reply_at__lte=now)).update(
            letter_due_at=now,
            letter_tries=0,
            letter_failure="",
            next_reply_at=now + wait,
            replies=F("replies") + 1,
            **fields,
        )

    def claim_letter(self) -> bool:
        """Whether the letter is due and ours to send until the lease is over; one caller at most is told so.

        The condition reads this row alone: Postgres asks it again of a row that another worker has just claimed.
        """
        lease = timezone.now() + LETTER_LEASE
        due = type(self)._default_manager.filter(pk=self.pk, letter_due_at__lte=timezone.now())
        claimed = due.update(letter_due_at=lease, letter_tries=F("letter_tries") + 1)
        self.refresh_from_db()
        return claimed == 1 and self.letter_due_at == lease

    def mark_letter_sent(self) -> None:
        self._settle_letter(letter_failure="", **self.SETTLED)

    def mark_letter_failed(self, why: str) -> None:
        self._settle_letter(letter_failure=why[:300], **self.SETTLED)

    def put_letter_off(self, why: str) -> None:
        """Try again later, twice as long after each try, until there were enough."""
        if self.letter_tries >= LETTER_TRIES:
            self.mark_letter_failed(f"Given up after {self.letter_tries} tries: {why}")
            return
        later = timezone.now() + timedelta(minutes=2 ** (self.letter_tries - 1))
        self._settle_letter(letter_due_at=later, letter_failure=why[:300])

    def _settle_letter(self, **fields: Any) -> None:
        """Write how sending ended, unless the row has come to owe another letter since it was claimed."""
        type(self)._default_manager.filter(pk=self.pk, letter_due_at=self.letter_due_at).update(**fields)
        self.refresh_from_db()
