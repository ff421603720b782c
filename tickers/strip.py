"""The strip: the last good quote of every active symbol, as every page shows it and `/quotes.json` tells it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.db import connection

from tickers.figures import Figures
from tickers.models import Company, Quote
from tickers.status import Status, latest, note, status


class Row(NamedTuple):
    """What the strip needs of one symbol; the fields are named in FIELDS in the same order."""

    ticker: str
    company: str
    price: Decimal
    previous_close: Decimal
    as_of: datetime
    source: str
    delay_s: int
    refreshed_at: datetime


FIELDS = ["symbol__ticker", "symbol__company__slug", *Row._fields[2:]]


@dataclass(frozen=True, slots=True)
class Cell:
    """One symbol. A `note` says what its price is where the strip's line is not true of it; then it shows no move."""

    ticker: str
    company: str
    figures: Figures
    note: str
    moved: Decimal  # As a part of the close before.

    @property
    def url(self) -> str:
        return address(self.company)

    @property
    def direction(self) -> str:
        return "noted" if self.note else self.figures.direction

    @property
    def mark(self) -> str:
        return "·" if self.note else self.figures.mark

    @property
    def move(self) -> str:
        return self.note or f"{self.figures.change} ({self.figures.percent})"


@dataclass(frozen=True, slots=True)
class Strip:
    """`as_of` is the time of the latest price."""

    cells: Sequence[Cell]
    status: Status
    as_of: datetime

    def movers(self, count: int) -> list[Cell]:
        """The largest moves up or down, the largest first; of the symbols that the strip's line is true of."""
        moved = [cell for cell in self.cells if cell.direction in {"up", "down"}]
        return sorted(moved, key=lambda cell: abs(cell.moved), reverse=True)[:count]


def read() -> list[Row]:
    """The strip's rows in its order, in one query. A symbol that never had a quote has none."""
    with connection.cursor() as cursor:
        cursor.execute(*query())
        return [Row(*values) for values in cursor.fetchall()]


@cache
def query() -> tuple[str, tuple[Any, ...]]:
    """The query in SQL, written once: every page asks it, and writing it costs more than having it answered."""
    return Quote.objects.in_strip().values_list(*FIELDS).query.sql_with_params()


def strip(rows: Sequence[Row], now: datetime) -> Strip | None:
    """The strip of these rows, or None if there are none."""
    if not rows:
        return None
    newest = latest(rows)
    cells = [
        Cell(
            row.ticker,
            row.company,
            Figures.of(row.price, row.previous_close),
            note(row, newest, now),
            row.price / row.previous_close - 1,
        )
        for row in rows
    ]
    return Strip(cells, status(rows, now), max(row.as_of for row in rows))


@lru_cache(maxsize=256)
def address(company: str) -> str:
    """The page of the company with this slug; resolving it is a third of the strip's cost, and it never changes."""
    return Company(slug=company).get_absolute_url()
