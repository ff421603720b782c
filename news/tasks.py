"""The newsroom's work away from the page."""

import logging
from functools import partial
from typing import Any

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from news import pings
from news.models import Article, Picture
from news.partners import ingest
from news.partners import pictures as partner_pictures
from news.partners.prune import prune

log = logging.getLogger(__name__)


@shared_task(soft_time_limit=120, time_limit=150)
def render_picture(pk: int) -> None:
    """Make the renditions of one picture; a picture that is gone or done is left alone."""
    if picture := Picture.objects.pending().filter(pk=pk).first():
        picture.render()


@shared_task
def render_pending_pictures() -> None:
    """Wake a task for each picture still to be made, in case an earlier wake-up was lost."""
    for pk in Picture.objects.pending().values_list("pk", flat=True)[:100]:
        render_picture.delay(pk)


@shared_task
def fetch_partner_feeds() -> None:
    """Look at the partners' feeds that are due."""
    if count := ingest.ingest_due():
        log.info("partners: %d feeds looked at", count)


@shared_task
def fetch_partner_pictures() -> None:
    """Fetch the pictures that partners' stories wait for, and have each rendered."""
    for picture in partner_pictures.fetch_due():
        render_on_commit(picture)


@shared_task
def prune_partner_stories() -> None:
    """Delete partners' stories that are long over, and pictures that nobody shows any more."""
    stories, pictures = prune(timezone.now())
    log.info("partners: %d old stories and %d pictures deleted", stories, pictures)


def render_on_commit(picture: Picture) -> None:
    """Ask for the renditions once the row is safely stored. A broker that is down costs time only."""
    # A lambda, as Django's log of a failed robust callback wants a name that a partial does not have.
    transaction.on_commit(lambda: render_picture.apply_async((picture.pk,), expires=3600), robust=True)


@shared_task
def announce() -> None:
    """Have new and edited articles told of, each once; `announced_at` is moved before anyone is told."""
    with transaction.atomic():
        due = Article.objects.to_announce().select_for_update(skip_locked=True)
        pks = list(due.values_list("pk", flat=True))
        Article.objects.filter(pk__in=pks).update(announced_at=timezone.now())
        if pks and settings.INDEXNOW_KEY:
            transaction.on_commit(partial(tell_indexnow.apply_async, (pks,), expires=3600))
        if pks and settings.WEBSUB_HUB:
            transaction.on_commit(partial(tell_hub.apply_async, (pks,), expires=3600))


# A service that is away is asked again for about half an hour; then the next story reaches it.
RETRIES: dict[str, Any] = {"autoretry_for": (pings.Unheard,), "max_retries": 5, "retry_backoff": 60}


@shared_task(**RETRIES)
def tell_indexnow(pks: list[int]) -> None:
    pings.tell_indexnow(Article.objects.published().filter(pk__in=pks).defer("body"))


@shared_task(**RETRIES)
def tell_hub(pks: list[int]) -> None:
    pings.tell_hub(Article.objects.published().filter(pk__in=pks).select_related("section").defer("body"))
