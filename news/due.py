"""What the clock changes on pages, without anybody's hand or any job."""

from datetime import datetime
from typing import Any

from news.models import Article, BreakingNews, Slot


def next_due(after: datetime) -> datetime | None:
    """When pages next change by themselves: a story is due, a pin ends, breaking news begins or ends."""
    moments: list[tuple[Any, str]] = [
        (Article.objects.filter(status=Article.Status.PUBLISHED), "published_at"),
        (Slot.objects, "pinned_until"),
        (BreakingNews.objects, "begins_at"),
        (BreakingNews.objects, "ends_at"),
    ]
    first, *rest = (
        rows.filter(**{f"{moment}__gt": after}).order_by().values_list(moment, flat=True) for rows, moment in moments
    )
    due: datetime | None = first.union(*rest).order_by("published_at").first()
    return due
