"""What every answer carries: the security headers, how long it may be kept, and the zone that the admin works in."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from news.models import Publication

GetResponse = Callable[[HttpRequest], HttpResponse]

# Pages are cached for everyone, so there is no nonce, and nothing inline to need one. JSON-LD is data, not script.
READER_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The admin theme's Alpine evaluates expressions and sets styles, and the body editor needs an inline import map.
ADMIN_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-eval' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'self'; frame-ancestors 'self'"
)
READER_CACHE = "public, max-age=0, s-maxage=60, stale-while-revalidate=60, stale-if-error=86400"


def is_admin(request: HttpRequest) -> bool:
    return request.path.startswith("/admin/")


def security_headers(get_response: GetResponse) -> GetResponse:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", ADMIN_POLICY if is_admin(request) else READER_POLICY)
        response.headers.setdefault(
            "Permissions-Policy", "camera=(), geolocation=(), microphone=(), browsing-topics=()"
        )
        return response

    return middleware


def reader_cache_headers(get_response: GetResponse) -> GetResponse:
    """Let shared caches keep what every reader gets alike; a view that sets its own Cache-Control keeps it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not is_admin(request) and not response.has_header("Cache-Control"):
            is_page = request.method in {"GET", "HEAD"} and response.status_code in {200, 301}
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
