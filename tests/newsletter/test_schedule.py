from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from newsletter.schedule import current, slot

NEW_YORK = ZoneInfo("America/New_York")
MINUTE = timedelta(minutes=1)


def sent(start: datetime, days: float, hour: int, weekdays: str = "1234567", zone: ZoneInfo = NEW_YORK) -> list[str]:
    """The moments, in UTC, at which a clock that ticks each minute releases editions, one for each local date."""
    seen: dict[date, str] = {}
    for minute in range(int(days * 24 * 60)):
        now = start + minute * MINUTE
        for found in current(now, hour, weekdays, zone):
            if now >= found.send_at and found.date not in seen:
                seen[found.date] = f"{found.date:%a %m-%d} {now:%H:%M}"
    return list(seen.values())


def test_an_edition_is_composed_half_an_hour_before_its_hour():
    found = slot(date(2026, 11, 18), 6, NEW_YORK)
    assert found.compose_at == datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
    assert found.send_at == datetime(2026, 11, 18, 11, 0, tzinfo=UTC)


def test_weekdays_only():
    assert sent(datetime(2026, 11, 19, 12, tzinfo=UTC), 4.5, 6, "12345") == [
        "Thu 11-19 12:00",
        "Fri 11-20 11:00",
        "Mon 11-23 11:00",
    ]


@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        (1, ["Sat 03-07 06:00", "Sun 03-08 06:00", "Mon 03-09 05:00"]),
        (2, ["Sat 03-07 07:00", "Sun 03-08 07:00", "Mon 03-09 06:00"]),  # There is no 2 a.m. on Sunday: 3 a.m. it is.
        (6, ["Sat 03-07 11:00", "Sun 03-08 10:00", "Mon 03-09 10:00"]),
    ],
)
def test_when_the_clock_goes_forward_no_day_is_left_out_and_none_comes_twice(hour: int, expected: list[str]):
    start = slot(date(2026, 3, 7), hour, NEW_YORK).compose_at
    assert sent(start, 2.5, hour) == expected


@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        (1, ["Sat 10-31 05:00", "Sun 11-01 05:00", "Mon 11-02 06:00"]),  # The first of Sunday's two.
        (2, ["Sat 10-31 06:00", "Sun 11-01 07:00", "Mon 11-02 07:00"]),
        (6, ["Sat 10-31 10:00", "Sun 11-01 11:00", "Mon 11-02 11:00"]),
    ],
)
def test_when_the_clock_goes_back_no_day_is_left_out_and_none_comes_twice(hour: int, expected: list[str]):
    start = slot(date(2026, 10, 31), hour, NEW_YORK).compose_at
    assert sent(start, 2.5, hour) == expected


def test_the_date_is_that_of_the_publications_zone():
    tokyo = ZoneInfo("Asia/Tokyo")
    assert sent(datetime(2026, 11, 17, 20, 30, tzinfo=UTC), 1, 6, zone=tokyo) == ["Wed 11-18 21:00"]


def test_an_edition_of_midnight_is_composed_the_evening_before():
    (found,) = current(datetime(2026, 11, 18, 4, 30, tzinfo=UTC), 0, "12345", NEW_YORK)
    assert found.date == date(2026, 11, 18)


def test_a_late_start_sends_until_the_cut_off():
    found = slot(date(2026, 11, 18), 20, NEW_YORK)
    late = found.send_at + timedelta(hours=6)  # On the next day already.
    assert (found.is_over(late - MINUTE), found.is_over(late)) == (False, True)
    assert found.date in [one.date for one in current(late, 20, "12345", NEW_YORK)]


def test_what_is_held_may_wait_until_the_next_days_edition():
    found = slot(date(2026, 11, 18), 6, NEW_YORK)
    assert not found.is_over(found.send_at + timedelta(hours=22), is_held=True)
    assert found.is_over(found.send_at + timedelta(hours=23), is_held=True)
