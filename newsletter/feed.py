"""The feed of editions: what went out, as the archive has it."""

from datetime import datetime
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.dateformat import format as format_date

from news.feed_formats import Entry
from news.feeds import ENTRIES, Followed, answer, tag
from news.models import Publication
from news.xml_document import one_line
from newsletter.models import Edition


def editions(request: HttpRequest, extension: str) -> HttpResponse:
    publication = Publication.load()
    found = Edition.objects.archived().select_related("newsletter").defer("html", "text")
    entries = [_entry(edition) for edition in found[:ENTRIES]]
    about = Followed("Newsletter", f"Every edition of {publication}’s newsletter.", reverse("newsletter_archive"))
    changed_at = max((entry.published_at for entry in entries), default=None)
    return answer(request, extension, publication, about, entries, changed_at)


def _entry(edition: Edition) -> Entry:
    # The database holds that what goes out has begun to.
    sent_at = cast(datetime, edition.started_at)
    summary = edition.preheader or f"{edition.newsletter.name} of {format_date(edition.date, 'l, N j, Y')}"
    return Entry(
        id=tag(edition.date.year, f"edition-{edition.pk}"),
        url=settings.SITE_URL + edition.get_absolute_url(),
        title=one_line(edition.subject),
        summary=one_line(summary),
        html="",
        authors=[],
        categories=[one_line(edition.newsletter.name)],
        published_at=sent_at,
        updated_at=sent_at,
        enclosure=None,
    )
