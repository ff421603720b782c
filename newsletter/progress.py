"""How far an edition is, for the desk."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from newsletter.models import Delivery, Edition

LOOK_BACK = timedelta(minutes=1)  # What the rate is taken from.


@dataclass(frozen=True)
class Progress:
    """`counts` has each state that any mail is in; `rate` is mails a second."""

    status: str
    state: str
    reason: str
    counts: dict[str, int]
    rate: float

    @classmethod
    def of(cls, edition: Edition, now: datetime) -> "Progress":
        counts = {state: count for state, count in edition.counts().items() if count} if edition.started_at else {}
        rate = 0.0
        if edition.started_at and edition.status == Edition.Status.SENDING:
            since = max(edition.started_at, now - LOOK_BACK)
            sent = edition.deliveries.filter(state=Delivery.State.SENT, settled_at__gt=since).count()
            rate = sent / max(1.0, (now - since).total_seconds())
        return cls(edition.status, edition.get_status_display(), edition.reason, counts, rate)

    @property
    def left(self) -> timedelta | None:
        """How long the mails that wait still take at this rate. What a server has put off has a time of its own."""
        waiting = self.counts.get("waiting", 0) + self.counts.get("sending", 0)
        return timedelta(seconds=ceil(waiting / self.rate)) if self.rate and waiting else None

    @property
    def words(self) -> str:
        """Such as “1,200 sent · 800 waiting · 2 failed · 40 a second · 1 min left”."""
        order = ("sent", "waiting", "sending", "deferred", "failed", "uncertain", "suppressed")
        found = [f"{self.counts[state]:,} {state}" for state in order if state in self.counts]
        if self.rate:
            found.append(f"{self.rate:,.0f} a second" if self.rate >= 1 else f"{self.rate * 60:,.0f} a minute")
        if self.left:
            found.append(f"{ceil(self.left.total_seconds() / 60):,} min left")
        return " · ".join([*found, *([self.reason] if self.reason else [])])

    def as_json(self) -> dict[str, Any]:
        return {"status": self.status, "state": self.state, "words": self.words}
