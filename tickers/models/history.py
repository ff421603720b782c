"""What a share did before now: one close a day for years, and the points of the last days."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from tickers import market
from tickers.cadence import SETTLING
from tickers.figures import MARKET_ZONE
from tickers.sources import Close

if TYPE_CHECKING:
    from tickers.models.quote import Quote, Symbol

KEPT_POINTS = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Price:
    """What a share cost at the time `at`; `is_close` if that was the close of its day."""

    price: Decimal
    at: datetime
    is_close: bool


def later(at: datetime | None, price: Decimal, day: date | None, close: Decimal) -> Price | None:
    """The later one of a point and a close, each of which may be missing."""
    if day and (at is None or at <= close_time(day)):
        return Price(close, close_time(day), is_close=True)
    return Price(price, at, is_close=False) if at else None


def close_time(day: date) -> datetime:
    """When trading ended on this day; the usual hour if the calendar does not know of trading."""
    found = market.session(day)
    return found.closes_at if found else datetime.combine(day, market.CLOSE, MARKET_ZONE)


class DailyCloseQuerySet(models.QuerySet["DailyClose"]):
    def store(self, symbol: "Symbol", closes: Iterable[Close]) -> None:
        """Keep these closes, in place of what we have for their days."""
        rows = [DailyClose(symbol=symbol, day=found.day, close=found.close) for found in closes]
        self.bulk_create(
            rows, update_conflicts=True, unique_fields=["symbol", "day"], update_fields=["close"], batch_size=2000
        )

    def take_from_quotes(self, quotes: "Iterable[Quote]", now: datetime) -> None:
        """Once a day has settled, the last price of its session is its close, until the source's history tells it.

        What was traded after hours, or read before the day had settled, is not.
        """
        if market.state_at(now) != "closed":
            return
        day = market.last_session(now)
        rows = [
            DailyClose(symbol_id=quote.symbol_id, day=day.day, close=quote.price)
            for quote in quotes
            if day.opens_at <= quote.as_of <= day.closes_at + market.CLOSING
            and quote.refreshed_at >= day.ends_at + SETTLING
        ]
        self.bulk_create(rows, ignore_conflicts=True)


class DailyClose(models.Model):
    """The close of one symbol on one day of the exchange’s calendar, in US dollars, adjusted for splits."""

    symbol = models.ForeignKey("tickers.Symbol", on_delete=models.CASCADE, related_name="closes", db_index=False)
    day = models.DateField()
    close = models.DecimalField(max_digits=14, decimal_places=4)

    objects = DailyCloseQuerySet.as_manager()

    class Meta:
        ordering = ["symbol", "day"]
        constraints = [
            models.UniqueConstraint(fields=["symbol", "day"], name="daily_close_once"),
            models.CheckConstraint(name="daily_close_positive", condition=Q(close__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.symbol_id} {self.day} {self.close}"


class PointQuerySet(models.QuerySet["Point"]):
    def follow(self, before: "Mapping[int, Quote]", quotes: "Iterable[Quote]") -> None:
        """Add the points of new quotes, at most one a minute for each symbol; `before` has their last quotes by symbol.

        Invented prices and real ones do not stand in one chart: where one follows the other, the points go.
        """
        pairs = [(before.get(quote.symbol_id), quote) for quote in quotes]
        parted = [quote.symbol_id for old, quote in pairs if old and are_worlds_apart(old.source, quote.source)]
        if parted:
            self.filter(symbol__in=parted).delete()
        self.bulk_create(
            [
                Point(symbol_id=quote.symbol_id, at=quote.as_of, price=quote.price)
                for old, quote in pairs
                if old is None or minute(old.as_of) != minute(quote.as_of)
            ],
            ignore_conflicts=True,
        )

    def prune(self, now: datetime, at_once: int = 10_000) -> int:
        """Delete what is older than KEPT_POINTS, in batches, so that no statement is long; returns how many went."""
        gone = 0
        old = self.filter(at__lt=now - KEPT_POINTS).order_by("pk").values("pk")[:at_once]
        while count := self.filter(pk__in=old).delete()[0]:
            gone += count
        return gone


def minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def are_worlds_apart(source: str, other: str) -> bool:
    """Whether one of two sources invents its prices and the other does not."""
    return source != other and "simulated" in {source, other}


class Point(models.Model):
    """A price that a refresh brought, kept for 30 days: what the charts of a day and of a week are drawn from."""

    # The unique constraint's index begins with the symbol, so the column needs none of its own.
    symbol = models.ForeignKey("tickers.Symbol", on_delete=models.CASCADE, related_name="points", db_index=False)
    at = models.DateTimeField()
    price = models.DecimalField(max_digits=14, decimal_places=4)

    objects = PointQuerySet.as_manager()

    class Meta:
        ordering = ["symbol", "at"]
        constraints = [
            models.UniqueConstraint(fields=["symbol", "at"], name="point_once"),
            models.CheckConstraint(name="point_positive", condition=Q(price__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.symbol_id} {self.at} {self.price}"
