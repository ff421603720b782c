"""How far back and how far on a symbol's daily closes reach, and asking the source for those that lack."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Optional

from django.db import models, transaction
from django.db.models import F, Q

from tickers import market
from tickers.models.history import DailyClose, are_worlds_apart
from tickers.models.quote import Symbol
from tickers.sources import Close, Source, is_sound

YEARS = timedelta(days=5 * 365 + 2)
OVERLAP = timedelta(days=7)  # Closes that we have are read again for so long: corrections show there, and splits.
SPLIT = Decimal("0.05")  # A close told anew that is off by more tells of a split, which changes every close before it.
TOLD_AFTER = timedelta(hours=9)  # A source tells a day's close once the day is over in New York.
RETRY = timedelta(hours=2)  # A source that lags behind, or fails, is asked again after this.


class BackfillQuerySet(models.QuerySet["Backfill"]):
    @transaction.atomic
    def part_from_other_world(self, source: str) -> None:
        """Forget the closes that a source has invented once a real one is asked, and the other way round."""
        others = [row.symbol_id for row in self if row.source and are_worlds_apart(row.source, source)]
        if others:
            DailyClose.objects.filter(symbol__in=others).delete()
            self.filter(symbol__in=others).delete()

    def claim_next(self, source: str, now: datetime) -> Optional["Backfill"]:
        """The active symbol that has waited longest of those that lack closes of this source, marked as asked for now.

        Two who claim at once may get the same one; that does no harm.
        """
        lacking = ~Q(backfill__source=source) | Q(backfill__through=None) | Q(backfill__through__lt=settled_day(now))
        rested = Q(backfill__asked_at__lte=now - RETRY)
        symbols = Symbol.objects.active().filter(Q(backfill=None) | (lacking & rested))
        symbol = symbols.order_by(F("backfill__asked_at").asc(nulls_first=True), "position", "ticker").first()
        return self.update_or_create(symbol=symbol, defaults={"asked_at": now})[0] if symbol else None


class Backfill(models.Model):
    """One row for each symbol whose closes were ever asked for. `through` is the last day that its `source` has told.

    Closes of later days may be there: those that our own quotes gave.
    """

    symbol = models.OneToOneField(Symbol, on_delete=models.CASCADE, related_name="backfill")
    source = models.CharField(max_length=20, blank=True)
    through = models.DateField(null=True, blank=True)
    asked_at = models.DateTimeField()

    objects = BackfillQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.symbol_id} through {self.through}"

    def fetch(self, source: Source, now: datetime) -> int:
        """Ask for the closes that lack and store them; returns how many came. Raises SourceFailed.

        Usually that is a week. It is all of YEARS at first, from another source, and after a split.
        """
        first, last = market.market_day(now) - YEARS, settled_day(now)
        since = self.through - OVERLAP if self.through and self.source == source.name else first
        found = self.ask(source, since, last)
        if since > first and self.is_rebased(found):
            found = self.ask(source, first, last)
        self.store(source.name, found)
        return len(found)

    def ask(self, source: Source, since: date, last: date) -> list[Close]:
        closes = source.closes(self.symbol.ticker, since)
        return [found for found in closes if since <= found.day <= last and is_sound(found.close)]

    def is_rebased(self, found: list[Close]) -> bool:
        """Whether the source now tells a day's close so differently that it must have recounted the shares."""
        days = [close.day for close in found]
        ours = dict(DailyClose.objects.filter(symbol=self.symbol_id, day__in=days).values_list("day", "close"))
        return any(abs(close.close / ours[close.day] - 1) > SPLIT for close in found if close.day in ours)

    @transaction.atomic
    def store(self, source: str, found: list[Close]) -> None:
        DailyClose.objects.store(self.symbol, found)
        told_before = self.through if self.source == source else None
        self.source, self.through = source, max((close.day for close in found), default=told_before)
        self.save(update_fields=["source", "through"])


def settled_day(now: datetime) -> date:
    """The last day whose close a source should tell by now."""
    return market.last_session(now - TOLD_AFTER).day
