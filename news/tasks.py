"""The newsroom's work away from the page."""

from celery import shared_task
from django.db import transaction

from news.models import Picture


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


def render_on_commit(picture: Picture) -> None:
    """Ask for the renditions once the row is safely stored. A broker that is down costs time only."""
    # A lambda, as Django's log of a failed robust callback wants a name that a partial does not have.
    transaction.on_commit(lambda: render_picture.apply_async((picture.pk,), expires=3600), robust=True)
