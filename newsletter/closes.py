"""The market in an edition: each share at the last close, and the day's movers with their headlines."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from news.markets import Row, add_headlines
from tickers import market
from tickers.models import DailyClose, Quote, Symbol
from tickers.status import MONTHS

MOVERS = 4


@dataclass(frozen=True)
class Closes:
    """`label` says what the figures are; `movers` are the largest moves, up or down."""

    label: str
    is_simulated: bool
    rows: Sequence[Row]
    movers: Sequence[Row]


def closes(at: datetime) -> Closes | None:
    """The last close before this moment beside the one before it; None if no share has both.

    A share without one of the two is left out: its change would be that of other days.
    """
    last = market.last_session(at)
    before = next(market.sessions(last.day - market.DAY, -market.DAY))
    found = DailyClose.objects.filter(day__in=[last.day, before.day], symbol__is_active=True)
    prices = {(row.symbol_id, row.day): row.close for row in found}
    symbols = Symbol.objects.active().in_strip_order().select_related("company", "quote")
    pairs = [(symbol, prices.get((symbol.pk, last.day)), prices.get((symbol.pk, before.day))) for symbol in symbols]
    is_simulated = any(symbol.quote.source == "simulated" for symbol, *_ in pairs if hasattr(symbol, "quote"))
    rows = [_row(symbol, close, old, last.closes_at) for symbol, close, old in pairs if close and old]
    if not rows:
        return None
    moved = [row for row in rows if row.direction != "unchanged"]
    movers = sorted(moved, key=lambda row: abs(row.percent), reverse=True)[:MOVERS]
    add_headlines(movers, at)
    day = f"{last.day:%A}, {MONTHS[last.day.month - 1]} {last.day.day}"
    return Closes(f"At the close, {day}", is_simulated, rows, movers)


def _row(symbol: Symbol, close: Decimal, previous_close: Decimal, as_of: datetime) -> Row:
    """The row as the markets page has it; its quote is of the close and is not stored."""
    return Row(symbol, Quote(price=close, previous_close=previous_close, as_of=as_of), note="")
