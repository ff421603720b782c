"""Which machines we ask on a stranger's word: public ones, on the web's own ports.

A feed's address, its redirects and its pictures' addresses are written by others. Without this they could read what
only our own network may see (a metadata service, a router, Redis).
"""

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

IPAddress = IPv4Address | IPv6Address

# `is_global` is not enough: it knows neither addresses that carry another one inside, nor every reserved block of
# every Python that we run on. (IANA's special-purpose registries, RFC 6890 and its successors.)
CLOSED = tuple(
    map(
        ip_network,
        (
            *("0.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.88.99.0/24"),
            *("198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4"),
            *("::/96", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48"),  # IPv4 inside, NAT64
            *("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"),  # Teredo and benchmarks, examples, 6to4
        ),
    )
)
UNICAST = ip_network("2000::/3")  # All that IPv6 has given out so far.


class AddressRefused(Exception):
    """We do not ask this address; the message is for the desk."""


def is_public(address: IPAddress) -> bool:
    if isinstance(address, IPv6Address) and address not in UNICAST:
        return False
    return address.is_global and not address.is_multicast and not any(address in network for network in CLOSED)


def resolve(host: str, port: int) -> list[str]:
    """The host's addresses as the system's resolver gives them."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


@cache
def certificates() -> ssl.SSLContext:
    # Reading the system's certificates takes tens of milliseconds; threads may share what has been read.
    return ssl.create_default_context()


@dataclass(frozen=True)
class Guard:
    """What a fetch may do. Sites use it as it is; tests pass one that lets their loopback servers through."""

    is_allowed: Callable[[IPAddress], bool] = is_public
    resolve: Callable[[str, int], list[str]] = resolve
    ports: frozenset[int] = frozenset({80, 443})
    seconds: float = 30  # for everything: names, redirects and a body that drips
    most_bytes: int = 5 * 1024 * 1024
    most_hops: int = 5
    tls: Callable[[], ssl.SSLContext] = certificates

    def addresses(self, host: str, port: int) -> list[str]:
        """The host's addresses, resolved once and all of them allowed; who connects uses these and asks no name again.

        Otherwise a name could mean one machine when we check it and another when we connect.
        """
        if port not in self.ports:
            raise AddressRefused(f"Port {port} is not one of the web’s.")
        try:
            found = list(dict.fromkeys(self.resolve(host, port)))
        except (OSError, UnicodeError):
            found = []
        if not found:
            raise AddressRefused(f"There is no machine named {host}.")
        if not all(self.is_allowed(ip_address(address)) for address in found):
            raise AddressRefused(f"{host} is not on the public internet.")
        return found
