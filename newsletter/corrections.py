"""Corrections of stories that were mailed: the next edition prints them, and the archived mail has them noted."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet

from news.models import Article, Correction
from newsletter.models import Edition, EditionItem, Newsletter


def to_print(newsletter: Newsletter, last_composed_at: datetime | None, at: datetime) -> list[Correction]:
    """Those made between two editions, of stories that went out before they were made."""
    if last_composed_at is None:
        return []
    carried = EditionItem.objects.filter(
        edition__newsletter=newsletter, edition__started_at__lt=OuterRef("made_at"), is_dropped=False
    )
    mailed = Exists(carried.filter(article=OuterRef("article")))
    return list(readable().filter(mailed, made_at__gt=last_composed_at, made_at__lte=at))


def to_note(edition: Edition) -> list[Correction]:
    """Those made of the edition's stories since it went out."""
    if edition.started_at is None:
        return []
    carried = edition.items.filter(is_dropped=False).values("article")
    return list(readable().filter(article__in=carried, made_at__gt=edition.started_at))


def readable() -> QuerySet[Correction]:
    """Of stories that readers can open, in the order in which they were made."""
    before_readers = Correction.objects.filter(article__in=Article.objects.published())
    return before_readers.select_related("article").defer("article__body").order_by("made_at", "pk")
