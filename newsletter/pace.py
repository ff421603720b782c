"""How fast mail may leave. Postgres counts, so the limits hold over all workers and editions together.

Each limit of the settings is one number for all mail, and others for receiving domains: `100 gmail.com=20`. A daily cap
counts for each domain by itself, and its plain number is the cap of each domain that is not named. 0 is no limit.
"""

import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from newsletter.message import Mail
from newsletter.models import Receiver

ALL = ""
BURST = 1.0  # Seconds of a rate that may be used up at once.


@dataclass(frozen=True)
class Limit:
    most: float  # For all mail together; of a daily cap, for each domain.
    of_domain: Mapping[str, float]

    @classmethod
    def read(cls, words: Sequence[str]) -> "Limit":
        """`["100", "gmail.com=20"]`. ValueError for anything else."""
        pairs = [word.rpartition("=") for word in words]
        numbers = {domain.lower(): float(number) for domain, _, number in pairs}
        return cls(numbers.pop(ALL, 0), numbers)


class Pace:
    """The limits of the settings."""

    def __init__(self) -> None:
        self._connections = Limit.read(settings.MAIL_CONNECTIONS)
        self._rate = Limit.read(settings.MAIL_RATE)
        self._daily = Limit.read(settings.MAIL_DAILY)
        self._warm_up = [int(cap) for cap in settings.MAIL_WARM_UP]

    def room(self, most: int, until: float) -> int:
        """Wait until the rate has room; how many mails, `most` at most, may go now. None if it has none in time."""
        while self._rate.most:
            allowed = self._reserve({ALL: most})[ALL][0]
            if allowed or time.monotonic() >= until:
                return allowed
            time.sleep(0.1)  # Long enough for some to go together.
        return most

    def share(
        self, mails: Sequence[Mail], domains: Mapping[int, str]
    ) -> tuple[list[Mail], list[tuple[datetime, list[Mail], str]]]:
        """The mails that their domains' limits let go now; the others, with when to try them again and why then."""
        by_domain: dict[str, list[Mail]] = {}
        for mail in mails:
            by_domain.setdefault(domains[mail.pk], []).append(mail)
        allowed = self._reserve({domain: len(some) for domain, some in by_domain.items() if self._is_limited(domain)})
        later = []
        for domain, (count, due_at, reason) in allowed.items():
            later.append((due_at, by_domain[domain][count:], reason))
            del by_domain[domain][count:]
        return [mail for some in by_domain.values() for mail in some], [entry for entry in later if entry[1]]

    def batches(self, mails: Sequence[Mail], domains: Mapping[int, str], at_once: int) -> Iterator[list[Mail]]:
        """The mails in batches of up to `at_once`, none with more of one domain than may be under way to it at once."""
        while mails:
            batch: list[Mail] = []
            rest: list[Mail] = []
            taken = Counter[str]()
            for mail in mails:
                domain = domains[mail.pk]
                has_room = taken[domain] < (self._connections.of_domain.get(domain) or at_once)
                if has_room and len(batch) < at_once:
                    batch.append(mail)
                    taken[domain] += 1
                else:
                    rest.append(mail)
            yield batch
            mails = rest

    def _is_limited(self, domain: str) -> bool:
        return bool(
            self._warm_up or self._daily.most or self._rate.of_domain.get(domain) or domain in self._daily.of_domain
        )

    def _reserve(self, wanted: Mapping[str, int]) -> dict[str, tuple[int, datetime, str]]:
        """For each domain: how many mails may go now, when the others may be tried again, and why only then."""
        now = timezone.now()
        fresh = [Receiver(domain=domain, free_at=now, day=now.date()) for domain in wanted]
        with transaction.atomic():
            Receiver.objects.bulk_create(fresh, ignore_conflicts=True)
            rows = list(Receiver.objects.filter(domain__in=wanted).order_by("domain").select_for_update())
            found = {row.domain: self._take(row, wanted[row.domain], now) for row in rows}
            Receiver.objects.bulk_update(rows, ["free_at", "day", "mails", "days"])
        return found

    def _take(self, row: Receiver, wanted: int, now: datetime) -> tuple[int, datetime, str]:
        """Count what may go now on the row."""
        today = now.astimezone(UTC).date()
        if row.day < today:
            row.days += row.mails > 0
            row.day, row.mails = today, 0
        cap, rate = self._cap(row), self._rate_of(row.domain)
        under_cap = wanted if cap is None else min(wanted, max(0, cap - row.mails))
        count = under_cap
        if rate:
            row.free_at = max(row.free_at, now)
            ahead = max(BURST, 1 / rate) - (row.free_at - now).total_seconds()
            count = max(0, min(under_cap, int(ahead * rate + 1e-6)))  # Another worker's clock may be ahead of ours.
            row.free_at += timedelta(seconds=count / rate)
        row.mails += count
        if count < under_cap or under_cap == wanted:
            return count, now + timedelta(seconds=BURST), ""
        tomorrow = datetime.combine(today + timedelta(days=1), datetime.min.time(), UTC)
        return count, tomorrow, f"The daily cap of {row.domain}, {cap}, is reached."

    def _rate_of(self, domain: str) -> float:
        return self._rate.most if domain == ALL else self._rate.of_domain.get(domain, 0)

    def _cap(self, row: Receiver) -> int | None:
        """The most mails to the domain on this day: of the warm-up while that lasts, then the daily cap."""
        if row.domain == ALL:
            return None
        daily = int(self._daily.of_domain.get(row.domain, self._daily.most)) or None
        if row.days >= len(self._warm_up):
            return daily
        return min(self._warm_up[row.days], daily or self._warm_up[row.days])
