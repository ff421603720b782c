"""Symbols (shares as they are listed) and the last good quote of each."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone

from tickers.figures import Figures
from tickers.jumps import Verdict, judge
from tickers.models.company import Company
from tickers.models.history import DailyClose, Point
from tickers.sources import Reading

CLOCK_SLACK = timedelta(minutes=1)  # By how much a source's clock may run ahead of ours.


class SymbolQuerySet(models.QuerySet["Symbol"]):
    def active(self) -> "SymbolQuerySet":
        return self.filter(is_active=True)

    def in_strip_order(self) -> "SymbolQuerySet":
        return self.order_by("position", "ticker")


class Symbol(models.Model):
    """A share as it is listed: the unit of the strip."""

    class Exchange(models.TextChoices):
        NYSE = "NYSE", "NYSE"
        NASDAQ = "NASDAQ", "Nasdaq"

    ticker = models.CharField(
        max_length=12,
        unique=True,
        validators=[RegexValidator(r"^[A-Z0-9][A-Z0-9.\-]*$", "Write the ticker in capitals, such as TSLA or BRK-B.")],
    )
    exchange = models.CharField(max_length=10, choices=Exchange)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="symbols")
    position = models.PositiveSmallIntegerField(default=0, help_text="Place in the strip, from the left.")
    is_active = models.BooleanField("active", default=True, help_text="Shown in the strip and refreshed.")

    objects = SymbolQuerySet.as_manager()

    class Meta:
        ordering = ["position", "ticker"]
        constraints = [
            models.CheckConstraint(name="symbol_ticker_form", condition=Q(ticker__regex=r"^[A-Z0-9][A-Z0-9.\-]*$")),
            models.CheckConstraint(name="symbol_exchange_known", condition=Q(exchange__in=["NYSE", "NASDAQ"])),
        ]

    def __str__(self) -> str:
        return self.ticker

    def points_since(self, moment: datetime) -> models.QuerySet[Point]:
        return Point.objects.filter(symbol=self, at__gte=moment).order_by("at")

    def closes_since(self, day: date) -> models.QuerySet[DailyClose]:
        return DailyClose.objects.filter(symbol=self, day__gte=day).order_by("day")

    def quote_after(self, reading: Reading, now: datetime) -> "Quote | HeldReading | None":
        """The quote to keep once this reading has come, or None if the reading is untrue or older than what we have.

        Times and prices of different sources do not compare (a simulated price is always of this minute), so a change
        of source always counts. A reading of the same time confirms the price that we have. A price that has jumped is
        held until it is seen again.
        """
        if not reading.is_sound() or reading.as_of > now + CLOCK_SLACK:
            return None
        old, held = last_of(self, "quote", reading.source), last_of(self, "held", reading.source)
        quote = Quote.from_reading(self, reading, now)  # From here on it is our `quote`.
        if old and old.as_of > quote.as_of:
            return None
        if old and old.as_of == quote.as_of:
            quote.price, quote.previous_close = old.price, old.previous_close
        elif judge(reading, old, held) is Verdict.HOLD:
            return HeldReading.from_reading(self, reading, now)
        return quote


def last_of(symbol: Symbol, name: str, source: str) -> Any:
    """The symbol’s `quote` or `held` if it has one of this source."""
    found = getattr(symbol, name, None)
    return found if found and found.source == source else None


class QuoteQuerySet(models.QuerySet["Quote"]):
    def in_strip(self) -> "QuoteQuerySet":
        return self.filter(symbol__is_active=True).order_by("symbol__position", "symbol__ticker")

    def store(self, readings: Iterable[Reading]) -> int:
        """Keep each reading that is better than what we have; returns how many. What is not, changes nothing.

        The symbols' rows are locked meanwhile, so that of two who store at once the older cannot come last.
        """
        now = timezone.now()
        by_ticker = {reading.ticker: reading for reading in readings}
        with transaction.atomic():
            symbols = (
                Symbol.objects.active().filter(ticker__in=by_ticker).select_related("quote", "held").order_by("pk")
            )
            locked = list(symbols.select_for_update(of=("self",)))
            before = {symbol.pk: symbol.quote for symbol in locked if hasattr(symbol, "quote")}
            were_held = [symbol.pk for symbol in locked if hasattr(symbol, "held")]
            kept = [row for symbol in locked if (row := symbol.quote_after(by_ticker[symbol.ticker], now))]
            quotes = [row for row in kept if isinstance(row, Quote)]
            self.bulk_create(quotes, update_conflicts=True, unique_fields=["symbol"], update_fields=Quote.FROM_READING)
            Point.objects.follow(before, quotes)
            HeldReading.replace(were_held, [row for row in kept if isinstance(row, HeldReading)])
        return len(quotes)


class Quote(models.Model):
    """The last good quote of a symbol. Money is in US dollars; change and percent are computed, never stored.

    `as_of` is the time the source gives for the price, not the time of our request, and `delay_s` the delay in
    seconds that the source states for it.
    """

    symbol = models.OneToOneField(Symbol, on_delete=models.CASCADE, related_name="quote")
    price = models.DecimalField(max_digits=14, decimal_places=4)
    previous_close = models.DecimalField(max_digits=14, decimal_places=4)
    as_of = models.DateTimeField()
    source = models.CharField(max_length=20)
    delay_s = models.PositiveIntegerField(default=0)
    refreshed_at = models.DateTimeField(help_text="When our last request that brought this symbol was answered.")

    objects = QuoteQuerySet.as_manager()

    FROM_READING = ["price", "previous_close", "as_of", "source", "delay_s", "refreshed_at"]

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="quote_money_positive",
                condition=Q(price__gt=0, previous_close__gt=0),
                violation_error_code="money",
            ),
            models.CheckConstraint(name="quote_not_from_the_future", condition=Q(as_of__lte=F("refreshed_at"))),
        ]

    def __str__(self) -> str:
        return f"{self.symbol_id} {self.price}"

    @classmethod
    def from_reading(cls, symbol: Symbol, reading: Reading, now: datetime) -> "Quote":
        return cls(
            symbol=symbol,
            price=reading.price,
            previous_close=reading.previous_close,
            as_of=min(reading.as_of, now),
            source=reading.source,
            delay_s=reading.delay_s,
            refreshed_at=now,
        )

    @property
    def figures(self) -> Figures:
        return Figures.of(self.price, self.previous_close)


class HeldReading(models.Model):
    """A price that jumped: kept from readers until a refresh shows it again or drops it, and told to the desk."""

    symbol = models.OneToOneField(Symbol, on_delete=models.CASCADE, related_name="held")
    price = models.DecimalField(max_digits=14, decimal_places=4)
    previous_close = models.DecimalField(max_digits=14, decimal_places=4)
    source = models.CharField(max_length=20)
    held_at = models.DateTimeField()

    class Meta:
        ordering = ["-held_at"]

    def __str__(self) -> str:
        return f"{self.symbol_id} {self.price}"

    @classmethod
    def from_reading(cls, symbol: Symbol, reading: Reading, now: datetime) -> "HeldReading":
        money = {"price": reading.price, "previous_close": reading.previous_close}
        return cls(symbol=symbol, source=reading.source, held_at=now, **money)

    @staticmethod
    def replace(were_held: Collection[int], held: Collection["HeldReading"]) -> None:
        """Forget what was held of these symbols and hold these rows. It costs nothing on a day without jumps."""
        if were_held:
            HeldReading.objects.filter(symbol__in=were_held).delete()
        HeldReading.objects.bulk_create(held)
