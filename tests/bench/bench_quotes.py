"""`make bench-quotes`: 30 days with a change of clocks, a holiday and a half day, and every fault.

Two halves run at once (`tests/bench/halves.py`), each with servers of its own; this is one of them.
"""

import os
import pickle
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.bench import faults
from tests.bench.quotes import Run, untrue_closes
from tests.tickers.provider import Provider
from tickers.figures import MARKET_ZONE

START, DAYS = datetime(2026, 10, 30, tzinfo=MARKET_ZONE), 15
SLOW = list(faults.SLOW)


@pytest.mark.django_db(transaction=True)
def test_days_of_faults_leave_the_strip_whole_and_its_labels_true(provider: Provider, settings):
    settings.QUOTES = "yahoo"
    half = int(os.environ.get("BENCH_HALF", 0))
    start = START + timedelta(days=DAYS * half)
    run = Run(provider, start, DAYS, [*faults.ANSWERS, *faults.ROWS], [SLOW[half]], seed=half)
    report = run.go()
    if "BENCH_REPORT" in os.environ:
        Path(os.environ["BENCH_REPORT"]).write_bytes(pickle.dumps(report))
    assert (report.blank, report.untrue[:5], report.exceptions[:5], report.extra) == (0, [], [], [])
    assert untrue_closes(start, run.end) == []
