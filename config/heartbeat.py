"""Whether the workers work. One that is alive but deaf answers a ping, so each queue carries a heartbeat instead."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone

from config.celery import QUEUES

SILENT = timedelta(minutes=5)  # A long task before it makes a heartbeat late, and no trouble.
REMEMBERED = timedelta(days=7)
WATCHED = "heartbeat:watched"


def keep(queue: str) -> None:
    """A worker has taken the heartbeat of this queue."""
    cache.set(key(queue), timezone.now(), REMEMBERED.total_seconds())


def silent_queues(now: datetime) -> Iterator[tuple[str, timedelta]]:
    """(queue, for how long) of each queue that nobody works at. Raises RedisError without Redis.

    Redis may have lost all heartbeats: what has none is silent since somebody first looked.
    """
    known = cache.get_many([WATCHED, *map(key, QUEUES)])
    if WATCHED not in known:
        cache.add(WATCHED, now, REMEMBERED.total_seconds())
    for queue in QUEUES:
        silent = now - known.get(key(queue), known.get(WATCHED, now))
        if silent >= SILENT:
            yield queue, silent


def key(queue: str) -> str:
    return f"heartbeat:{queue}"
