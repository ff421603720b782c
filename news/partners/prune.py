"""What is long over goes: stories that their feed has dropped, and pictures that nobody shows any more.

A hidden story stays for good, as it has to be known when a feed brings it again.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Max

from news.models import PartnerStory, Picture

STORIES_KEPT_FOR = timedelta(days=90)  # after their feed last had them
PICTURES_KEPT_FOR = timedelta(days=30)  # after their story came in
AT_ONCE = 500
FILES = 0x7069637475726573  # "pictures": the key of the advisory lock.


def prune(now: datetime) -> tuple[int, int]:
    """Delete what is over; returns how many stories and how many pictures went."""
    return prune_stories(), prune_pictures(now)


def prune_stories() -> int:
    """Delete stories that were not in their feed for a long time in which we read it.

    That is counted from the feed's own latest story, not from today: while a feed is paused, fails or has nothing new
    we do not know what it still has, and what we deleted would come back as new.
    """
    count = 0
    latest = PartnerStory.objects.order_by().values_list("partner").annotate(Max("carried_at"))
    for partner, carried_at in latest:
        over = PartnerStory.objects.visible().filter(partner=partner, carried_at__lt=carried_at - STORIES_KEPT_FOR)
        while pks := list(over.values_list("pk", flat=True)[:AT_ONCE]):
            count += PartnerStory.objects.filter(pk__in=pks).delete()[0]
    return count


def prune_pictures(now: datetime) -> int:
    """Delete pictures that no story shows, and those of old stories; a day is left for a new one to be rendered."""
    PartnerStory.objects.filter(seen_at__lt=now - PICTURES_KEPT_FOR).exclude(picture=None).update(picture=None)
    unused = Picture.objects.filter(
        is_from_partner=True, partner_stories=None, created_at__lt=now - timedelta(days=1)
    ).order_by("pk")
    count = 0
    while True:
        with transaction.atomic():
            hold_files()
            pictures = list(unused[:AT_ONCE])
            for picture in pictures:
                picture.discard()
        count += len(pictures)
        if not pictures:
            return count


def hold_files() -> None:
    """Wait until nobody else is at partners' pictures; they are ours until the transaction ends.

    Otherwise a picture that comes in again could find its file there just before that is deleted.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FILES])
