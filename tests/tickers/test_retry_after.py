from datetime import timedelta

import pytest
import time_machine

from tests.make import NOON
from tickers.retry_after import retry_after


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("0", timedelta()),
        ("120", timedelta(minutes=2)),
        ("9" * 5000, timedelta(seconds=999_999_999)),
        ("Wed, 18 Nov 2026 18:00:00 GMT", timedelta(hours=1)),
        ("Wed Nov 18 18:00:00 2026", timedelta(hours=1)),  # The oldest form of a date, which names no zone.
        ("Wed, 18 Nov 2026 16:00:00 GMT", timedelta()),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("١٢", None),
    ],
)
def test_a_server_names_seconds_or_a_date_and_all_else_is_no_wait(header: str, wait: timedelta | None):
    with time_machine.travel(NOON, tick=False):
        assert retry_after(header) == wait
