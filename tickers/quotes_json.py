"""The text of `/quotes.json`, made at most once a second in a process however many browsers ask."""

import json
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Lock
from typing import Any

from django.db import InterfaceError, OperationalError
from django.utils import timezone

from tickers import sources
from tickers.strip import Row, Strip, read, strip

log = logging.getLogger(__name__)
MEMO_S = 1.0


@dataclass(frozen=True, slots=True)
class Copy:
    body: bytes
    cache_control: str


class Shared:
    """The process's copy. While Postgres is down it goes on from the last rows, and its status line with the clock."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Start afresh; tests that count queries need it."""
        self._lock = Lock()
        self._rows: Sequence[Row] | None = None
        self._copy: Copy | None = None
        self._made_at = float("-inf")

    def copy(self) -> Copy | None:
        """At most a second old; None if Postgres has not answered yet. One thread renews it, the others do not wait."""
        if self._is_fresh() or not self._lock.acquire(blocking=self._copy is None):
            return self._copy
        try:
            if not self._is_fresh():
                self._renew()
            return self._copy
        finally:
            self._lock.release()

    def _is_fresh(self) -> bool:
        return time.monotonic() - self._made_at < MEMO_S

    def _renew(self) -> None:
        try:
            self._rows = read()
        except (OperationalError, InterfaceError) as error:
            log.warning("quotes.json: Postgres does not answer: %s", error)
        if self._rows is not None:
            self._copy = make_copy(strip(self._rows, timezone.now()))
        self._made_at = time.monotonic()


shared = Shared()


def make_copy(found: Strip | None) -> Copy:
    next_poll_s = sources.next_poll_s()
    body = json.dumps(content(found, next_poll_s), ensure_ascii=False, separators=(",", ":")).encode()
    # A cache between may serve it for a third of the wait, so a new figure is seen within one poll, or little more.
    cache_control = f"public, max-age={min(next_poll_s // 3, 60)}, stale-if-error=600"
    return Copy(body, cache_control)


def content(found: Strip | None, next_poll_s: int) -> dict[str, Any]:
    """What the figures are at `as_of` (UTC, ISO 8601), written as readers see them."""
    if found is None:
        return {"as_of": None, "status": "", "status_short": "", "next_poll_s": next_poll_s, "quotes": {}}
    return {
        "as_of": iso(found.as_of),
        "status": found.status.text,
        "status_short": found.status.short,
        "next_poll_s": next_poll_s,
        "quotes": {
            cell.ticker: {
                "price": cell.figures.price,
                "change": cell.figures.change,
                "percent": cell.figures.percent,
                "direction": cell.figures.direction,
                "note": cell.note,
            }
            for cell in found.cells
        },
    }


def iso(time: datetime) -> str:
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
