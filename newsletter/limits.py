"""How often a network or an address may ask, counted in Redis by windows of ten minutes. Callers say how often."""

import ipaddress
import logging
import time
from contextlib import suppress

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

WINDOW = 600  # Seconds

logger = logging.getLogger(__name__)


def is_over(name: str, most: int) -> bool:
    """Count one more under this name, and say whether that is too many for one window, in all processes together."""
    try:
        cache.add(counter(name), 0, WINDOW)
        return int(cache.incr(counter(name))) > most
    except (RedisError, ValueError) as error:  # ValueError: the counter went between the two calls.
        logger.warning("Nothing is limited for the moment: %s", error)
        return False


def forget(name: str) -> None:
    """Begin to count anew."""
    with suppress(RedisError):
        cache.delete(counter(name))


def counter(name: str) -> str:
    """The window is in the name: a counter that has lost its expiry counts for ten minutes all the same."""
    return f"{name}:{int(time.time() // WINDOW)}"


def client_address(request: HttpRequest) -> str:
    """The visitor's address. A site on https stands behind a proxy of its own, which says whom it speaks for.

    Nobody else is believed: what stands before the last comma, a visitor may have sent.
    """
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.IS_HTTPS else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


def network(address: str) -> str:
    """The /24 or /64 that an address is in; `unknown` for what is no address, such as a unix socket's peer."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 64), strict=False))
