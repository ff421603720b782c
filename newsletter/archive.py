"""The archive: every edition that went out, as readers got it."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from newsletter.models import Edition, Newsletter
from newsletter.render import archived

PAGE_SIZE = 30
# The mail is a document of its own with its styles in it, and with nothing that could run or load from elsewhere.
MAIL_POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """The editions, newest first, paged by the key of the last one shown."""
    rows = Edition.objects.archived().select_related("newsletter").defer("html", "text")
    if cursor := request.GET.get("before", ""):
        rows = rows.before(*read(cursor))
    found = list(rows[: PAGE_SIZE + 1])
    older = cursor_of(found[PAGE_SIZE - 1]) if len(found) > PAGE_SIZE else ""
    many = Newsletter.objects.count() > 1
    context = {"editions": found[:PAGE_SIZE], "older": older, "is_first": not cursor, "many": many}
    return render(request, "newsletter/archive.html", context)


@require_safe
def edition(request: HttpRequest, slug: str, day: str) -> HttpResponse:
    """The page in the archive is the mail, without the links that are one reader's own."""
    rows = Edition.objects.archived().select_related("newsletter")
    found = get_object_or_404(rows, newsletter__slug=slug, date=day_of(day))
    return HttpResponse(archived(found), headers={"Content-Security-Policy": MAIL_POLICY})


def cursor_of(edition: Edition) -> str:
    return f"{edition.date.isoformat()}.{edition.pk}"


def read(cursor: str) -> tuple[date, int]:
    """A cursor that is not ours is a page that does not exist: Http404."""
    day, _, pk = cursor.partition(".")
    if not pk.isdecimal() or len(pk) > 18:
        raise Http404("There is no such page.")
    return day_of(day), int(pk)


def day_of(words: str) -> date:
    try:
        return date.fromisoformat(words)
    except ValueError:
        raise Http404("There is no such day.") from None
