"""Who may use the sign-up form: where a request comes from, and how many a network may send."""

import ipaddress
import logging
import time
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

WINDOW = 600  # Seconds
MOST_IN_WINDOW = 20

logger = logging.getLogger(__name__)


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
    return bool(source) and urlsplit(source).netloc not in {request.get_host(), urlsplit(settings.SITE_URL).netloc}


def is_over_limit(request: HttpRequest) -> bool:
    """Count this request, and say whether its network has sent too many. Without Redis nobody is refused."""
    # The window is in the name: a counter that has lost its expiry counts for ten minutes all the same.
    counter = f"signup:{network(client_address(request))}:{int(time.time() // WINDOW)}"
    try:
        cache.add(counter, 0, WINDOW)
        return int(cache.incr(counter)) > MOST_IN_WINDOW
    except (RedisError, ValueError) as error:  # ValueError: the counter went between the two calls.
        logger.warning("Sign-ups are not limited for the moment: %s", error)
        return False


def client_address(request: HttpRequest) -> str:
    """The visitor's address. This is the one place where it is decided which proxies are believed: as yet, none."""
    return str(request.META.get("REMOTE_ADDR", ""))


def network(address: str) -> str:
    """The /24 or /64 that an address is in; `unknown` for what is no address, such as a unix socket's peer."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 64), strict=False))
