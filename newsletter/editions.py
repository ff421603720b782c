"""What the clock and the desk do with editions. Each step locks the edition’s row, so no two overtake each other."""

import logging
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from news.models import Publication
from newsletter import schedule
from newsletter.compose import FEWEST, MOST, candidates, content, headline_of, items_of
from newsletter.models import Edition, EditionItem, Newsletter
from newsletter.render import render
from newsletter.schedule import Slot

WORDS = ("subject", "preheader", "note", "sponsor", "sponsor_line", "sponsor_url")  # The desk's own.
TOO_LATE = "It could not go out in time."

logger = logging.getLogger(__name__)


def tick(now: datetime) -> None:
    """Compose, release, skip and expire what is due. An edition that fails does not hold up the others."""
    zone = Publication.load().zone
    expire_old(zone, now)
    for newsletter in Newsletter.objects.exclude(days=""):
        for slot in schedule.current(now, newsletter.hour, newsletter.days, zone):
            try:
                advance(newsletter, slot, now)
            except Exception:  # Whatever it is, the next minute tries again, until the cut-off.
                logger.exception("The edition of %s of %s", newsletter, slot.date)


def expire_old(zone: ZoneInfo, now: datetime) -> None:
    for edition in Edition.objects.filter(status__in=Edition.UNSENT).select_related("newsletter"):
        # One that the desk makes has no hour of its own: it is good until the night after its day.
        hour = schedule.LAST_HOUR if edition.newsletter.is_by_hand else edition.newsletter.hour
        slot = schedule.slot(edition.date, hour, zone)
        if slot.is_over(now, is_held=edition.status == Edition.Status.HELD) and edition.expire(TOO_LATE):
            logger.error("%s has expired", edition)


def advance(newsletter: Newsletter, slot: Slot, now: datetime) -> None:
    """Bring the edition of this day as far as it can be by now."""
    days = Edition.objects.filter(newsletter=newsletter)
    if slot.is_over(now):
        # The desk has to know of a day that was missed; a newsletter that has yet to begin has missed nothing.
        if days.filter(date__lt=slot.date).exists() and not days.filter(date=slot.date).exists():
            missed = {"status": Edition.Status.EXPIRED, "reason": TOO_LATE, "finished_at": now}
            days.get_or_create(newsletter=newsletter, date=slot.date, defaults=missed)
        return
    edition, _ = days.get_or_create(newsletter=newsletter, date=slot.date)
    is_time = now >= slot.send_at
    if edition.composed_at is None:
        compose(edition.pk, now, is_last_chance=is_time)
    if is_time:
        release(edition.pk)


@transaction.atomic
def compose(edition_id: int, now: datetime, *, is_last_chance: bool) -> None:
    """Choose its stories and set it. With too few it waits for more, until its hour: then it is skipped."""
    edition = locked(edition_id, Edition.Status.DRAFT)
    if edition is None or edition.composed_at:
        return
    chosen = set(edition.items.values_list("article", flat=True))  # By the desk, while it was a draft.
    found = [article for article in candidates(edition.newsletter, now) if article.pk not in chosen]
    if (count := len(items_of(edition)) + len(found)) < FEWEST:
        reason = f"New stories since the last edition: {count}. An edition needs {FEWEST}."
        Edition.objects.filter(pk=edition_id).update(reason=reason)
        if is_last_chance:
            edition.skip(reason)
        return
    items = [
        EditionItem(edition=edition, article=article, position=position, is_dropped=position >= MOST)
        for position, article in enumerate(found[: 2 * MOST - len(chosen)], start=len(chosen))
    ]
    EditionItem.objects.bulk_create(items)
    edition.composed_at = now
    typeset(edition)
    edition.make_ready()


def begin(newsletter: Newsletter) -> tuple[Edition, bool]:
    """The edition of today, which the desk makes by hand, and whether it is new."""
    today = timezone.now().astimezone(Publication.load().zone).date()
    return Edition.objects.get_or_create(newsletter=newsletter, date=today)


@transaction.atomic
def rewrite(edition_id: int, **words: str) -> bool:
    """Take the desk's words (of WORDS) and set it anew; False if it is too late for that, or it has no story to show:
    then the words are kept, and the mail stays as it was.

    One that is made by hand is composed when it has its first stories.
    """
    edition = locked(edition_id, *Edition.UNSENT)
    if edition is None:
        return False
    subject = edition.subject
    for name, value in words.items():
        setattr(edition, name, value)
    if edition.composed_at is None:
        edition.save(update_fields=words)
        if not edition.newsletter.is_by_hand or not edition.items.exists():
            return True
        edition.composed_at = timezone.now()
    if typeset(edition):
        return True
    edition.subject = edition.subject or subject  # One that is ready is never without.
    edition.save(update_fields=words)
    return False


@transaction.atomic
def release(edition_id: int, *, by_desk: bool = False) -> bool:
    """Begin to send it. It is set anew first: what was withdrawn since it was composed must not be mailed.

    A story that readers cannot see leaves the edition, so that its list is what was mailed and the next may bring it.
    """
    edition = locked(edition_id, *(Edition.UNSENT if by_desk else (Edition.Status.READY,)))
    if edition is None or edition.composed_at is None:
        return False
    mailed = typeset(edition)
    if not mailed:
        edition.skip("None of its stories is published.")
        return False
    edition.items.filter(is_dropped=False).exclude(pk__in=[item.pk for item in mailed]).delete()
    return edition.send_now() if by_desk else edition.release()


def locked(edition_id: int, *status: str) -> Edition | None:
    """The edition's row, ours until the transaction ends, if it has one of these states then."""
    rows = Edition.objects.select_related("newsletter").select_for_update(of=("self",))
    return rows.filter(pk=edition_id, status__in=status).first()


def typeset(edition: Edition) -> list[EditionItem]:
    """Write its HTML and text, and its subject and preheader where they are empty; the stories that are in it.

    Without one nothing is written.
    """
    items = items_of(edition)
    if not items or edition.composed_at is None:
        return []
    forget_what_is_gone(edition, items)
    edition.subject = edition.subject or headline_of(items[0])
    edition.preheader = edition.preheader or " · ".join(map(headline_of, items[1:3]))[:200]
    edition.html, edition.text = render(edition, content(edition, items, edition.composed_at))
    edition.save(update_fields=[*WORDS, "html", "text", "composed_at"])
    return items


def forget_what_is_gone(edition: Edition, shown: list[EditionItem]) -> None:
    """Clear a subject and a preheader that speak of a story which is not in the edition any more."""
    others = edition.items.exclude(pk__in=[item.pk for item in shown]).select_related("article")
    gone = [headline_of(item) for item in others]
    edition.subject = "" if edition.subject in gone else edition.subject
    edition.preheader = "" if any(headline in edition.preheader for headline in gone) else edition.preheader


def until_released(edition: Edition) -> datetime | None:
    """When the clock sends it, if that is still to come."""
    slot = schedule.slot(edition.date, edition.newsletter.hour, Publication.load().zone)
    return slot.send_at if edition.status == Edition.Status.READY and slot.send_at > timezone.now() else None
