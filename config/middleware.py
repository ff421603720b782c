"""What every answer carries: the security headers, how long it may be kept, and the zone that the admin works in."""

import base64
import hashlib
import re
from collections.abc import Callable
from functools import cache

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.utils import timezone
from django_prose_editor.widgets import importmap

from news.models import Publication

GetResponse = Callable[[HttpRequest], HttpResponse]

# Pages are cached for everyone, so there is no nonce, and nothing inline to need one. JSON-LD is data, not script.
# Players are loaded at a press (static/js/embed.js). An audio file may be anywhere: the allow-list of bodies lets no
# <audio> through, so only an embed that the newsroom has set names one.
READER_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; frame-src https://www.youtube-nocookie.com; media-src https:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
READER_CACHE = "public, max-age=0, s-maxage=60, stale-while-revalidate=60, stale-if-error=86400"


# The preview beside the article's form: the page that readers get, in a frame, where no form of it does anything.
PREVIEW_POLICY = READER_POLICY.replace("form-action 'self'", "form-action 'none'").replace(
    "frame-ancestors 'none'", "frame-ancestors 'self'"
)


def is_admin(request: HttpRequest) -> bool:
    return request.path.startswith("/admin/") and not is_preview(request)


def is_preview(request: HttpRequest) -> bool:
    """Whether the view (`news.admin.preview`) shows a reader's page at an address of the admin."""
    return getattr(request, "is_preview", False)


def policy_of(request: HttpRequest) -> str:
    if is_preview(request):
        return PREVIEW_POLICY
    return admin_policy() if is_admin(request) else READER_POLICY


@cache
def admin_policy() -> str:
    """The theme's Alpine evaluates and sets styles; of inline scripts only the editor's import map runs."""
    script = re.sub(r"^<script[^>]*>|</script>$", "", str(importmap))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'self' 'unsafe-eval' 'sha256-{digest}'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' blob:; font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'self'"
    )


def security_headers(get_response: GetResponse) -> GetResponse:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy_of(request))
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), browsing-topics=()"
        )
        return response

    return middleware


def no_null_characters(get_response: GetResponse) -> GetResponse:
    """Refuse one in a query of the admin: Postgres takes none, and Django's own lists and look-ups hand it on."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if is_admin(request) and "%00" in request.META.get("QUERY_STRING", ""):
            return HttpResponseBadRequest("This address cannot be understood.", content_type="text/plain")
        return get_response(request)

    return middleware


def reader_cache_headers(get_response: GetResponse) -> GetResponse:
    """Let shared caches keep what every reader gets alike; a view that sets its own Cache-Control keeps it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not is_admin(request) and not response.has_header("Cache-Control"):
            is_page = request.method in {"GET", "HEAD"} and response.status_code in {200, 301, 410}
            response.headers["Cache-Control"] = READER_CACHE if is_page else "no-store"
        return response

    return middleware


def admin_time_zone(get_response: GetResponse) -> GetResponse:
    """Editors type and read times in the publication's zone; readers' pages set it when they load the publication."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if is_admin(request):
            timezone.activate(Publication.load().zone)
        return get_response(request)

    return middleware
