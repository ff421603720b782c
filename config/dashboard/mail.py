"""The editions that come next and stand still, and the mail that did not arrive."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from config.dashboard.block import MOST, TOTAL, Block, Link, Row, address, ahead, clock
from newsletter import schedule
from newsletter.compose import FEWEST, candidates
from newsletter.models import Delivery, Edition, Newsletter, Subscription

Status = Edition.Status
STANDING = (Status.HELD, Status.PAUSED, Status.SKIPPED, Status.EXPIRED)
UNDER_WAY = (*Edition.UNSENT, Status.SENDING, Status.PAUSED)
RECENT = timedelta(days=7)
RECENTLY_SENT = timedelta(days=2)  # An edition has a row for each reader: those of a week are too many to count here.


def editions(user: Any, now: datetime) -> Block | None:
    """What is under way or has come to a stop, then the next one that nobody has composed yet."""
    if not user.has_perm("newsletter.view_edition"):
        return None
    newsletters = newsletters_with_editions(now)
    rows = [edition_row(edition, newsletter, now) for newsletter in newsletters for edition in of_the_day(newsletter)]
    coming = [(slot, newsletter) for newsletter in newsletters for slot in next_slot(newsletter, now)]
    if coming:
        rows.append(coming_row(*min(coming, key=lambda pair: pair[0].send_at), now))
    everything = Link("All editions", address("newsletter_edition_changelist"))
    return Block("editions", "Next edition", "outgoing_mail", rows, len(rows), everything)


def newsletters_with_editions(now: datetime) -> list[Newsletter]:
    """Each with its editions from yesterday on, the newest first, as `recent`."""
    since = timezone.localdate(now) - timedelta(days=1)
    stories = Count("items", filter=Q(items__is_dropped=False))
    recent = Edition.objects.filter(date__gte=since).defer("html", "text").annotate(stories=stories).order_by("-date")
    return list(Newsletter.objects.prefetch_related(Prefetch("editions", recent, to_attr="recent")))


def of_the_day(newsletter: Any) -> Iterator[Edition]:
    """Editions under way, and the newest one if it came to nothing."""
    for number, edition in enumerate(newsletter.recent):
        if edition.status in UNDER_WAY or (number == 0 and edition.status in STANDING):
            yield edition


def edition_row(edition: Any, newsletter: Newsletter, now: datetime) -> Row:
    zone: Any = timezone.get_current_timezone()
    send_at = schedule.slot(edition.date, newsletter.hour, zone).send_at
    hour = clock(send_at, now) if newsletter.days else ""  # Without days the desk sends it by hand.
    is_to_come = hour and send_at > now and edition.status in {Status.DRAFT, Status.READY}
    return Row(
        edition.subject or str(newsletter),
        address("newsletter_edition_change", edition.pk),
        about=" · ".join(filter(None, [str(newsletter), hour, counted(edition.stories), edition.reason])),
        when=ahead(send_at, now) if is_to_come else "",
        tag=edition.get_status_display(),
        is_loud=edition.status in STANDING,
    )


def next_slot(newsletter: Any, now: datetime) -> Iterator[schedule.Slot]:
    """The first slot to come, if its edition is not there yet."""
    zone: Any = timezone.get_current_timezone()
    today = timezone.localdate(now)
    days = [today + timedelta(days=number) for number in range(8)]
    slots = [schedule.slot(day, newsletter.hour, zone) for day in days if str(day.isoweekday()) in newsletter.days]
    coming = next((slot for slot in slots if slot.send_at > now), None)
    if coming and coming.date not in {edition.date for edition in newsletter.recent}:
        yield coming


def coming_row(slot: schedule.Slot, newsletter: Newsletter, now: datetime) -> Row:
    found = len(candidates(newsletter, now))
    few = f", {FEWEST} needed" if found < FEWEST else ""
    return Row(
        str(newsletter),
        address("newsletter_edition_changelist"),
        about=f"{clock(slot.send_at, now)} · {counted(found)} so far{few}",
        when=ahead(slot.send_at, now),
        tag="Not composed yet",
    )


def failed_mail(user: Any, now: datetime) -> list[Row]:
    """Letters that were given up in a week, and mails of the last editions that failed or may have."""
    if not user.has_perm("newsletter.change_edition"):
        return []
    return [*failed_editions(now), *failed_letters(now)]


def failed_editions(now: datetime) -> Iterator[Row]:
    bad = (Delivery.State.FAILED, Delivery.State.UNCERTAIN)
    recent = Edition.objects.filter(started_at__gt=now - RECENTLY_SENT).order_by("-started_at").values("pk")
    counts = (
        Delivery.objects.filter(state__in=bad, edition__in=recent[:MOST])
        .order_by("-edition__started_at")
        .values_list("edition", "edition__newsletter__name", "edition__date")
        .annotate(failed=Count("pk", filter=Q(state="failed")), uncertain=Count("pk", filter=Q(state="uncertain")))
    )
    for pk, name, day, failed, uncertain in counts:
        words = [f"{failed:,} failed"] if failed else []
        words += [f"{uncertain:,} uncertain"] if uncertain else []
        url = address("newsletter_edition_change", pk)
        yield Row(f"{name} of {day:%a, %b} {day.day}", url, about="Mails that did not arrive.", tag=", ".join(words))


def failed_letters(now: datetime) -> Iterator[Row]:
    """Confirmations and welcomes that nobody got, as one row."""
    given_up = Subscription.objects.filter(letter_due_at=None).exclude(letter_failure="")
    lately = Q(asked_at__gt=now - RECENT) | Q(confirmed_at__gt=now - RECENT)
    newest = (
        given_up.filter(lately).order_by("-pk").annotate(total=TOTAL).values("subscriber", "letter_failure", "total")
    )
    for letter in newest[:1]:
        count = letter["total"]
        url = address("newsletter_subscriber_change", letter["subscriber"])
        everything = Link("All of them", address("newsletter_subscriber_changelist", letter="given_up"))
        words = "A letter was given up" if count == 1 else f"{count:,} letters were given up"
        yield Row(words, url, about=letter["letter_failure"], action=everything if count > 1 else None)


def counted(stories: int) -> str:
    return f"{stories} {'story' if stories == 1 else 'stories'}"
