"""`/health/`: one line for a program that watches the site, with nothing in it that is not for strangers."""

from collections.abc import Iterator

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from config.heartbeat import silent_queues


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """200 when all works; 503 with what does not. The page cache and nginx let every question through."""
    faults = list(found_faults())
    return HttpResponse(
        f"{' '.join(faults) or 'All is well.'}\n",
        status=503 if faults else 200,
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "no-store"},
    )


def found_faults() -> Iterator[str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        yield "Postgres does not answer."
    try:
        for queue, silent in silent_queues(timezone.now()):
            yield f"Nobody has worked at the queue {queue} for {silent.total_seconds() // 60:.0f} minutes."
    except RedisError:
        yield "Redis does not answer."
