"""What the desk's first page is made of: blocks of rows, each of which leads to what can be done about it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Window
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.http import urlencode

MOST = 5  # Rows of a block; the link under it leads to all.
TOTAL = Window(Count("*"))  # How many rows there are beside those that are shown, in the same query.


@dataclass(frozen=True)
class Link:
    words: str
    url: str


@dataclass(frozen=True)
class Row:
    """`words` say what it is and lead there; `tag` is its state, loud where it must not be overlooked."""

    words: str
    url: str
    about: str = ""
    when: str = ""
    tag: str = ""
    is_loud: bool = False
    action: Link | None = None
    direction: str = ""  # Of a share: up or down.

    @property
    def is_outside(self) -> bool:
        """Whether it leads to another's site."""
        return "://" in self.url


@dataclass(frozen=True)
class Block:
    """`name` is its place in the style sheet; without rows it says `empty`, or is left out."""

    name: str
    title: str
    icon: str
    rows: Sequence[Row] = field(default_factory=list)
    total: int = 0
    all: Link | None = None
    empty: str = ""

    @property
    def is_shown(self) -> bool:
        return bool(self.rows or self.empty)

    @property
    def hidden(self) -> int:
        """How many more there are."""
        return max(0, self.total - len(self.rows))


def shown(blocks: Iterable[Block | None]) -> list[Block]:
    return [block for block in blocks if block and block.is_shown]


def total_of(rows: Sequence[Any]) -> int:
    """How many rows there are of a query with TOTAL, cut short or not."""
    return int(rows[0].total) if rows else 0


def address(name: str, *args: Any, **query: str) -> str:
    """The address of a page of the admin, such as "news_article_change"."""
    return reverse(f"admin:{name}", args=args) + (f"?{urlencode(query)}" if query else "")


def span(time: timedelta) -> str:
    """A stretch of time in one unit: 12 min, 2 h, 3 days."""
    minutes = int(time.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 48 * 60:
        return f"{minutes // 60} h"
    return f"{minutes // (24 * 60)} days"


def ago(moment: datetime, now: datetime) -> str:
    return "just now" if now - moment < timedelta(minutes=1) else f"{span(now - moment)} ago"


def ahead(moment: datetime, now: datetime) -> str:
    return "in less than a minute" if moment - now < timedelta(minutes=1) else f"in {span(moment - now)}"


def clock(moment: datetime, now: datetime) -> str:
    """In the publication's zone: “4 p.m.”, “tomorrow, 6 a.m.”, “Fri, 6 a.m.”, “Nov 27, 6 a.m.”."""
    local, today = timezone.localtime(moment), timezone.localdate(now)
    hour = date_format(local, "P")
    match (local.date() - today).days:
        case 0:
            return hour
        case 1:
            return f"tomorrow, {hour}"
        case -1:
            return f"yesterday, {hour}"
        case days if 0 < days < 7:
            return f"{local:%a}, {hour}"
    return f"{date_format(local, 'M j')}, {hour}"
