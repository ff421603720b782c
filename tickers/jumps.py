"""Whether a price is so far from what we know that it has to be seen twice. Pure: figures in, a verdict out."""

from decimal import Decimal
from enum import Enum, auto
from typing import Protocol

FAR = Decimal("0.4")  # A share that really moves by so much in one refresh can wait for the next one.
NEAR = Decimal("0.1")  # How well the second sight has to agree with the first.


class Money(Protocol):
    """A price and the close before it."""

    @property
    def price(self) -> Decimal: ...
    @property
    def previous_close(self) -> Decimal: ...


class Verdict(Enum):
    KEEP = auto()
    HOLD = auto()


def judge(seen: Money, last_good: Money | None, held: Money | None) -> Verdict:
    """Hold a price that is far from the last good one, or else from the close before it, until it comes a second time.

    The close before it is looked at too: readers see the change, and a split or an error can come by either figure.
    """
    if not is_jump(seen, last_good):
        return Verdict.KEEP
    if held is None or is_off(seen.price, held.price, NEAR) or is_off(seen.previous_close, held.previous_close, NEAR):
        return Verdict.HOLD
    return Verdict.KEEP


def is_jump(seen: Money, last_good: Money | None) -> bool:
    if last_good is None:
        return is_off(seen.price, seen.previous_close, FAR)
    if is_off(seen.price, last_good.price, FAR):
        return True
    # On a new day the close before is near the last price that we had, within a day it is what it was.
    return all(is_off(seen.previous_close, known, FAR) for known in (last_good.previous_close, last_good.price))


def is_off(money: Decimal, known: Decimal, share: Decimal) -> bool:
    """Whether one is away from the other by more than this share of the other."""
    return abs(money - known) > share * known
