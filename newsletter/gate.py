"""Who may use the sign-up form: where a request comes from, and how many a network may send."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

from newsletter.limits import client_address, is_over, network

MOST_IN_WINDOW = 20
TOO_MANY = "Too many forms came from your network just now. Please wait ten minutes and try again."


def is_cross_site(request: HttpRequest) -> bool:
    """Whether another site's page made the browser send this (OWASP's fetch-metadata rule; the form has no CSRF token).

    Browsers before 2023 send no Sec-Fetch-Site: then Origin says it, or Referer where Origin is hidden. A request
    without any of them does not come from a page of another site.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin", "null")
    source = origin if origin != "null" else request.headers.get("Referer", "")
    try:
        return bool(source) and urlsplit(source).netloc not in {request.get_host(), urlsplit(settings.SITE_URL).netloc}
    except ValueError:  # Such as “http://[”, which no page of ours sends.
        return True


def is_over_limit(request: HttpRequest) -> bool:
    """Count this request, and say whether its network has sent too many. Without Redis nobody is refused."""
    return is_over(f"signup:{network(client_address(request))}", MOST_IN_WINDOW)
