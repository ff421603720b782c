"""The figures of a quote as readers see them. Money stays exact; it is rounded (half up) only to be shown."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

MARKET_ZONE = ZoneInfo("America/New_York")  # The clock of both exchanges, whatever zone the publication is in.
CENT = Decimal("0.01")
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Figures:
    """A price beside the close before it: `price` 319.80, `mark` ▼, `change` 2.25, `percent` −0.70 %, `direction` down.

    The direction follows the rounded change, so an arrow never stands beside 0.00.
    """

    price: str
    change: str
    percent: str
    direction: str
    mark: str

    @classmethod
    def of(cls, price: Decimal, previous_close: Decimal) -> "Figures":
        exact = price - previous_close
        change, percent = rounded(exact), rounded(exact / previous_close * 100)
        direction, mark = ("up", "▲") if change > 0 else ("down", "▼") if change < 0 else ("unchanged", "=")
        sign = "+" if percent > 0 else MINUS if percent < 0 else ""
        return cls(f"{rounded(price):,f}", f"{abs(change):,f}", f"{sign}{abs(percent):,f} %", direction, mark)


def rounded(value: Decimal) -> Decimal:
    """To two decimals, half up, which for a loss is away from zero too."""
    return value.quantize(CENT, ROUND_HALF_UP)
