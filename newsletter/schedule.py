"""Which editions are due: pure functions of a moment, a zone and a newsletter's hour and days.

An hour is told by the clock on the wall, a moment in UTC. An hour that the clock skips in spring is the one after it;
one that comes twice in autumn is the first.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AHEAD = timedelta(minutes=30)  # The desk looks at the edition for so long before it goes out.
CUT_OFF = timedelta(hours=6)  # What could not go out by then is no longer news.
HELD_CUT_OFF = timedelta(hours=23)  # What the desk holds makes way for the edition of the next day.
LAST_HOUR = 23
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Slot:
    """The times of one edition, in UTC."""

    date: date
    send_at: datetime

    @property
    def compose_at(self) -> datetime:
        return self.send_at - AHEAD

    def is_over(self, now: datetime, *, is_held: bool = False) -> bool:
        """Whether it is too late to send it."""
        return now >= self.send_at + (HELD_CUT_OFF if is_held else CUT_OFF)


def slot(day: date, hour: int, zone: ZoneInfo) -> Slot:
    return Slot(day, datetime.combine(day, time(hour), zone).astimezone(UTC))


def current(now: datetime, hour: int, days: str, zone: ZoneInfo) -> Iterator[Slot]:
    """The editions whose making has begun within the last day; `days` are ISO weekdays, such as "12345"."""
    today = now.astimezone(zone).date()
    for day in (today - DAY, today, today + DAY):
        found = slot(day, hour, zone)
        if str(day.isoweekday()) in days and found.compose_at <= now < found.compose_at + DAY:
            yield found
