"""Filling the history of the simulated source at once, so that the demo's charts draw from its first page on."""

from datetime import timedelta

from django.utils import timezone

from tickers import sources
from tickers.models import Point, Symbol
from tickers.sources import simulated
from tickers.tasks import fetch_next_closes

DAYS, EVERY = timedelta(days=7), timedelta(minutes=10)


def fill() -> None:
    """All closes and a week of points of every active symbol; nothing but for the simulated source."""
    source = sources.configured()
    if source is None or source.name != "simulated":
        return
    while fetch_next_closes(source):
        pass
    now = timezone.now()
    for symbol in Symbol.objects.active():
        times = simulated.points(symbol.ticker, now - DAYS, now, EVERY)
        rows = [Point(symbol=symbol, at=at, price=price) for at, price in times]
        Point.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
