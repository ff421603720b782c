"""Two days of the bench that `make bench-quotes` runs for thirty: Thanksgiving and its half day."""

from datetime import datetime

import pytest

from tests.bench import faults
from tests.bench.quotes import Run, untrue_closes
from tests.tickers.provider import Provider
from tickers.figures import MARKET_ZONE


@pytest.mark.django_db(transaction=True)
def test_two_days_of_faults_leave_the_strip_whole_and_its_labels_true(provider: Provider, settings):
    settings.QUOTES = "yahoo"
    start = datetime(2026, 11, 26, 12, tzinfo=MARKET_ZONE)
    run = Run(provider, start, 2, [*faults.ANSWERS, *faults.ROWS], [])
    report = run.go()
    assert (report.blank, report.untrue[:5], report.exceptions[:5]) == (0, [], [])
    assert report.extra == []
    assert report.refreshes <= report.planned + 1
    assert untrue_closes(start, run.end) == []
