"""The pictures of partners' stories: fetched under the same guard, made our own, or left out."""

import io
import logging
import time
from dataclasses import replace

from django.db import transaction

from news.models import PartnerStory, Picture
from news.partners.fetch import GUARD, PICTURES, FetchFailed, fetch
from news.partners.guard import Guard
from news.partners.ingest import AGENT
from news.partners.prune import hold_files
from news.pictures import PictureRefused

log = logging.getLogger(__name__)
AT_MOST = 20  # in one run; the newest first
SECONDS = 10.0  # for each


def fetch_due(guard: Guard = GUARD, run_for: float = 60.0) -> list[Picture]:
    """Fetch pictures that stories wait for; returns those made. One that does not come is not asked for again."""
    until = time.monotonic() + run_for
    quick = replace(guard, seconds=min(SECONDS, guard.seconds))
    made = []
    for story in PartnerStory.objects.visible().filter(picture_is_due=True).select_related("partner")[:AT_MOST]:
        # Claimed by giving it up: whatever becomes of us now, at worst the story stays without a picture.
        is_ours = PartnerStory.objects.filter(pk=story.pk, picture_is_due=True).update(picture_is_due=False)
        if is_ours and (picture := _fetch(story, quick)):
            made.append(picture)
        if time.monotonic() > until:
            break
    return made


def _fetch(story: PartnerStory, guard: Guard) -> Picture | None:
    try:
        return _keep(story, fetch(story.picture_url, AGENT, guard, accept=PICTURES).body)
    except (FetchFailed, PictureRefused) as failure:
        log.info("partners: no picture for story %d of %s: %s", story.pk, story.partner, failure)
        return None


@transaction.atomic
def _keep(story: PartnerStory, file: bytes) -> Picture:
    """Make the file the story's picture; the same picture of a partner is kept once."""
    hold_files()
    picture = Picture(is_from_partner=True, is_decorative=True, credit=story.partner.name)
    picture.set_master(io.BytesIO(file))
    if same := Picture.objects.filter(digest=picture.digest, is_from_partner=True, credit=picture.credit).first():
        picture = same
    else:
        Picture.objects.bulk_create([picture])  # No signal: see `ingest.store`.
    PartnerStory.objects.filter(pk=story.pk, picture_url=story.picture_url).update(picture=picture)
    return picture
