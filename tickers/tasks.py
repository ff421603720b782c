"""What the clock starts for tickers."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from celery import shared_task
from django.db import connection

from tickers import sources
from tickers.models import Quote, Symbol

log = logging.getLogger(__name__)
REFRESH_LOCK = 0x71756F746573  # "quotes": the key of the advisory lock.


@shared_task
def refresh_quotes() -> None:
    """Ask the chosen source for every active symbol and keep what is better than what we have."""
    source = sources.configured()
    if source is None:
        return
    with only_one(REFRESH_LOCK) as is_alone:
        if not is_alone:
            log.info("quotes: another refresh is under way")
            return
        tickers = list(Symbol.objects.active().values_list("ticker", flat=True))
        kept = Quote.objects.store(source.fetch(tickers))
        log.info("quotes: %d of %d symbols refreshed", kept, len(tickers))


@contextmanager
def only_one(key: int) -> Iterator[bool]:
    """Hold an advisory lock of Postgres; yields whether we got it. If we are killed it ends with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
        is_ours: bool = cursor.fetchone()[0]
        try:
            yield is_ours
        finally:
            if is_ours:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
