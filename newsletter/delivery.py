"""Sends the editions that are under way: claims mails, hands them to a sender and writes down what became of them.

The promise is that nobody gets a mail twice. A mail's row is committed as `sending` at the last moment at which it is
certain not to have been sent, and is never sent again unless an editor asks. If this process dies before, the mail is
claimed by the next; if it dies after, the row becomes `uncertain`.
"""

import logging
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from functools import partial
from typing import Protocol
from uuid import uuid4

from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from newsletter.message import Mail, Message
from newsletter.models import Claim, Delivery, Edition, Subscriber, Suppression
from newsletter.pace import Pace

TURN = 55.0  # Seconds of sending before the clock starts the next turn, with one to spare of its minute.
SALVOS = 8  # To a claim: few, so that who unsubscribes while an edition goes out gets no mail a moment later.
BACKOFF = [timedelta(minutes=minutes) for minutes in (30, 60, 120, 240)]  # After each try; 7.5 hours in all.
LOST_WAIT = timedelta(minutes=1)
IDLE = 0.1  # Seconds between two looks while all that is left waits for the rate of its domain.
DATABASE_WAITS = (0.5, 1, 2, 4, 8, 16)  # Seconds; a Postgres that restarts is back in this time.
# Seconds that a batch which begins at the last moment of a turn may take: what a sender may at most, and the waits for
# Postgres. A turn and this must stay under the time limit of its task (tasks.py), or accepted mails become uncertain.
LONGEST = 260.0

logger = logging.getLogger(__name__)


class Kind(Enum):
    """What became of a mail that was given to a sender."""

    SENT = auto()
    LATER = auto()  # The server put it off.
    LOST = auto()  # The connection went, surely before the mail was sent.
    REFUSED = auto()  # By the receiver, for good.
    BOUNCED = auto()  # There is no such address.
    POLICY = auto()  # The server does not want our mail, whoever it is for.
    UNCERTAIN = auto()  # The connection went while the mail was sent.
    UNTRIED = auto()  # The server was not there, or the edition was stopped.
    SHUT_OUT = auto()  # Untried, as the server does not let us in.


@dataclass(frozen=True)
class Outcome:
    kind: Kind
    code: int | None = None
    words: str = ""


class Sender(Protocol):
    """A way for mails to leave: our own SMTP client, or a provider's interface."""

    at_once: int  # How many mails it takes in a batch, for which it may take `LONGEST` less the waits for Postgres.

    def send(
        self, batch: Sequence[Mail], mark_sending: Callable[[Sequence[Mail]], Collection[int]]
    ) -> dict[Mail, Outcome]:
        """Send the batch; an outcome for each mail.

        It calls `mark_sending` at the last moment at which no mail can have been sent, for those that are about to be,
        and sends only those whose keys come back. What `mark_sending` raises ends the batch with nothing sent.
        """

    def close(self) -> None: ...


def deliver(sender: Sender, seconds: float = TURN) -> None:
    """Send what is due, the editions under way by turns, until nothing is left to do now or the time is over."""
    Delivery.objects.sweep()
    until = time.monotonic() + seconds
    with closing(sender):
        runs = [Run(edition, sender) for edition in Edition.objects.sending().select_related("newsletter")]
        while runs and time.monotonic() < until:
            if not sum(run.send_some(until) for run in runs if time.monotonic() < until):
                time.sleep(IDLE)
            runs = [run for run in runs if run.goes_on]
    Edition.objects.sending().complete()


class Run:
    """One worker's share of one edition. Each run has a name of its own, so a row tells whose lease it is under."""

    def __init__(self, edition: Edition, sender: Sender) -> None:
        self._edition = edition
        self._sender = sender
        self._worker = uuid4()
        self._message = Message(edition)
        self._pace = Pace()
        self._since: datetime | None = None
        self._waits_until: datetime | None = None
        self.goes_on = True

    def send_some(self, until: float) -> int:
        """Claim some mails and send them; how many were claimed. `goes_on` tells whether it pays to look again.

        No batch begins after `until` (of the monotonic clock): what is left of the claim is for the next turn.
        """
        claims = self._claim(self._pace.room(self._sender.at_once * SALVOS, until))
        mails = [mail for claim in claims if (mail := self._mail(claim))]
        tries = {claim.pk: claim.tries for claim in claims}
        domains = {claim.pk: claim.domain for claim in claims}
        now, later = self._pace.share(mails, domains)
        for due_at, put_back, reason in later:
            Delivery.objects.hand_back([mail.pk for mail in put_back], self._worker, due_at, reason)
            if not reason:
                self._waits_until = due_at + timedelta(seconds=IDLE * 2)
        self.goes_on = bool(claims) or (self._waits_until is not None and timezone.now() < self._waits_until)
        for batch in self._pace.batches(now, domains, self._sender.at_once):
            if time.monotonic() >= until or not self._send(batch, tries):
                Delivery.objects.hand_back(tries.keys(), self._worker, timezone.now())
                self.goes_on = False
                break
        return len(claims)

    def _claim(self, most: int) -> list[Claim]:
        claims, self._since = self._edition.claim(self._worker, most, self._since)
        if not claims:  # Another worker may have let go of one that is due earlier.
            claims, self._since = self._edition.claim(self._worker, most, None)
        return claims

    def _mail(self, claim: Claim) -> Mail | None:
        if not claim.is_wanted:
            why = "The reader left, or the address is suppressed."
            Delivery.objects.settle(claim.pk, self._worker, Delivery.State.SUPPRESSED, reason=why)
            return None
        try:
            return self._message.to(claim)
        except ValueError as error:
            Delivery.objects.settle(claim.pk, self._worker, Delivery.State.FAILED, reason=str(error))
            return None

    def _send(self, batch: Sequence[Mail], tries: dict[int, int]) -> bool:
        """Send one batch and write down what became of it; False if this edition should rest for now."""
        outcomes = self._sender.send(batch, self._mark_sending)
        patiently(partial(self._write_down, outcomes, tries))
        kinds = {outcome.kind for outcome in outcomes.values()}
        if kinds <= {Kind.LOST, Kind.UNTRIED, Kind.SHUT_OUT}:
            self._edition.explain(next(outcome.words for outcome in outcomes.values()))
            return False
        if self._edition.reason:
            self._edition.explain("")
        return self._edition.status == Edition.Status.SENDING

    def _mark_sending(self, mails: Sequence[Mail]) -> Collection[int]:
        return self._edition.mark_sending([mail.pk for mail in mails], self._worker)

    def _write_down(self, outcomes: dict[Mail, Outcome], tries: dict[int, int]) -> None:
        sent = [mail.pk for mail, outcome in outcomes.items() if outcome.kind is Kind.SENT]
        if sent:
            Delivery.objects.mark_sent(sent, self._worker)
        for mail, outcome in outcomes.items():
            if outcome.kind is not Kind.SENT:
                self._write_down_other(mail, outcome, tries[mail.pk])

    def _write_down_other(self, mail: Mail, outcome: Outcome, tries: int) -> None:
        rows, key, worker = Delivery.objects, mail.pk, self._worker
        code, words = outcome.code, outcome.words
        now = timezone.now()
        is_last = tries >= len(BACKOFF)
        match outcome.kind:
            case Kind.LATER if not is_last:
                rows.put_off(key, worker, now + BACKOFF[tries], code, words)
            case Kind.LOST if not is_last:
                rows.put_off(key, worker, now + LOST_WAIT, code, words)
            case Kind.LATER | Kind.LOST:
                rows.settle(key, worker, Delivery.State.FAILED, code, f"Given up after {tries + 1} tries: {words}")
            case Kind.POLICY if not tries:
                rows.put_off(key, worker, now, code, words)
                self._pause(words)
            case Kind.REFUSED | Kind.POLICY:  # A second time after an editor resumed: it is about this reader.
                rows.settle(key, worker, Delivery.State.FAILED, code, words)
            case Kind.BOUNCED:
                rows.settle(key, worker, Delivery.State.FAILED, code, words)
                Subscriber.objects.suppress(mail.recipient, Suppression.Reason.BOUNCE, words)
            case Kind.UNCERTAIN:
                rows.settle(key, worker, Delivery.State.UNCERTAIN, code, words)
            case Kind.UNTRIED:
                rows.hand_back([key], worker, now)
            case Kind.SHUT_OUT:
                rows.hand_back([key], worker, now)
                self._pause(words)

    def _pause(self, words: str) -> None:
        if self._edition.pause(f"The mail server refuses our mail: {words}"):
            logger.error("%s is paused: the mail server refuses our mail: %s", self._edition, words)


def patiently(write: Callable[[], None]) -> None:
    """Do it again while Postgres restarts: what the mail server said is known to nobody but us."""
    for wait in DATABASE_WAITS:
        try:
            return write()
        except (OperationalError, InterfaceError) as error:
            logger.warning("Postgres is gone, trying again in %s s: %s", wait, error)
            connection.close()
            time.sleep(wait)
    return write()
