"""One document from a partner's server: guarded, bounded in bytes and time, and never with a cookie."""

import http.client
import socket
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from threading import Timer
from typing import Self
from urllib.parse import urljoin

from urllib3 import BaseHTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError
from urllib3.util import Url, parse_url

from news.partners.guard import AddressRefused, Guard
from tickers.retry_after import retry_after

IDLE = 10.0  # seconds without a single byte
CHUNK = 64 * 1024
FOREVER, FOR_NOW = {301, 308}, {302, 303, 307}
FEEDS = "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, */*;q=0.5"
PICTURES = "image/avif, image/webp, image/jpeg, image/png, image/gif;q=0.8"
WAITS = {429, 503}
GUARD = Guard()


class FetchFailed(Exception):
    """Nothing came that we can use; the message is for the desk. `retry_after`: seconds, if the server named them."""

    def __init__(self, words: str, *, is_gone: bool = False, retry_after: float | None = None) -> None:
        super().__init__(words)
        self.is_gone, self.retry_after = is_gone, retry_after


@dataclass(frozen=True)
class Fetched:
    """An answer. `moved_to` is where the address has moved for good, empty where it has not."""

    url: str
    body: bytes
    is_unchanged: bool = False
    content_type: str = ""
    etag: str = ""
    last_modified: str = ""
    moved_to: str = ""


def fetch(
    url: str, agent: str, guard: Guard = GUARD, *, accept: str = FEEDS, etag: str = "", last_modified: str = ""
) -> Fetched:
    """Get a document by GET, through at most `guard.most_hops` redirects; raises FetchFailed."""
    headers = {"User-Agent": agent, "Accept": accept, "Accept-Encoding": "gzip"}
    headers |= {"If-None-Match": etag} if etag else {}
    headers |= {"If-Modified-Since": last_modified} if last_modified else {}
    moved_to, has_only_moved = "", True
    with _Visit(guard) as visit:
        for _ in range(guard.most_hops + 1):
            with visit.ask(url, headers) as response:
                target = response.headers.get("Location", "")
                if response.status not in FOREVER | FOR_NOW or not target:
                    return _read(visit, response, url, moved_to)
                has_only_moved = has_only_moved and response.status in FOREVER
                url = _next(url, target)
            if has_only_moved:
                moved_to = url
    raise FetchFailed(f"The address redirects more than {guard.most_hops} times.")


def _next(url: str, target: str) -> str:
    try:
        return str(parse_url(urljoin(url, target))._replace(fragment=None))
    except (ValueError, HTTPError):
        raise FetchFailed("The server redirects to an address that cannot be read.") from None


def _read(visit: "_Visit", response: BaseHTTPResponse, url: str, moved_to: str) -> Fetched:
    headers = response.headers
    if response.status == 304:
        return Fetched(url, b"", is_unchanged=True, moved_to=moved_to)
    if response.status != 200:
        raise _refusal(response)
    body = _body(response, visit.guard.most_bytes)
    visit.check_time()  # A body cut off by the watchdog may look whole.
    return Fetched(
        url=url,
        body=body,
        content_type=_plain(headers.get("Content-Type")),
        etag=_plain(headers.get("ETag")),
        last_modified=_plain(headers.get("Last-Modified")),
        moved_to=moved_to,
    )


def _refusal(response: BaseHTTPResponse) -> FetchFailed:
    if response.status == 410:
        return FetchFailed("The server says that this is gone for good (410).", is_gone=True)
    reason = http.client.responses.get(response.status, "")
    wait = retry_after(response.headers.get("Retry-After", "")) if response.status in WAITS else None
    words = f"The server answers {response.status} {reason}".strip() + "."
    return FetchFailed(words, retry_after=wait.total_seconds() if wait is not None else None)


def _plain(value: str | None) -> str:
    """A header's value that is safe to keep and to send back."""
    return value if value and len(value) <= 300 and value.isascii() and value.isprintable() else ""


def _body(response: BaseHTTPResponse, most: int) -> bytes:
    """The body, unpacked only as far as `most` bytes, so that a bomb takes no more memory than an honest feed."""
    coding = response.headers.get("Content-Encoding", "identity").strip().lower()
    if coding not in {"identity", "", "gzip", "x-gzip"}:
        raise FetchFailed(f"The server packs the answer as “{coding[:20]}”, which we did not ask for.")
    unzip = zlib.decompressobj(wbits=31) if "gzip" in coding else None
    body, received = bytearray(), 0
    for chunk in response.stream(CHUNK, decode_content=False):
        received += len(chunk)
        body += unzip.decompress(chunk, most + 1 - len(body)) if unzip else chunk
        if max(received, len(body)) > most:
            raise FetchFailed(f"The answer is larger than {most // 1024**2} MB.")
    if unzip and not unzip.eof:
        raise FetchFailed("The answer was cut short.")
    return bytes(body)


class _Visit:
    """The connections of one fetch and the time that they all share."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard
        self.ends_at = time.monotonic() + guard.seconds
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._closing.close()

    @property
    def seconds_left(self) -> float:
        return self.ends_at - time.monotonic()

    def check_time(self) -> None:
        if self.seconds_left <= 0:
            raise FetchFailed(f"The server did not give a whole answer within {self.guard.seconds:.0f} seconds.")

    @contextmanager
    def ask(self, url: str, headers: Mapping[str, str]) -> Iterator[BaseHTTPResponse]:
        try:
            address = parse_url(url)
            connection = self._connection(address)
            self._closing.callback(connection.close)
            connection.request("GET", address.request_uri, headers=headers, preload_content=False, decode_content=False)
            response = connection.getresponse()
            self._closing.callback(response.close)
            yield response
        except FetchFailed:
            raise
        except AddressRefused as refusal:
            raise FetchFailed(str(refusal)) from None
        except (HTTPError, http.client.HTTPException, OSError, ValueError, zlib.error) as error:
            self.check_time()
            raise FetchFailed(_in_words(error)) from error

    def _connection(self, address: Url) -> HTTPConnection:
        if address.scheme not in {"http", "https"} or not address.host:
            raise FetchFailed("Only http and https addresses can be asked.")
        host = address.host.strip("[]")
        if address.scheme == "http":
            return _Plain(self, host, address.port or 80)
        return _Secure(self, host, address.port or 443)

    def connect(self, host: str, port: int) -> socket.socket:
        """A connection to one of the host's checked addresses, which is cut when the visit's time is over."""
        refused: OSError | None = None
        for address in self.guard.addresses(host, port)[:4]:
            self.check_time()
            try:
                connected = socket.create_connection((address, port), min(IDLE, self.seconds_left))
            except OSError as error:
                refused = error
                continue
            self._watch(connected)
            return connected
        raise refused or OSError("no address")

    def _watch(self, connected: socket.socket) -> None:
        """Timeouts count from byte to byte, so a drip never meets one; only an end from outside stops it.

        The twin shares the connection whatever becomes of the first socket (TLS replaces it).
        """
        twin = connected.dup()
        timer = Timer(max(self.seconds_left, 0.01), _hang_up, [twin])
        timer.daemon = True
        timer.start()
        self._closing.callback(twin.close)
        self._closing.callback(timer.cancel)


def _hang_up(connected: socket.socket) -> None:
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)


class _Plain(HTTPConnection):
    def __init__(self, visit: _Visit, host: str, port: int) -> None:
        super().__init__(host, port, timeout=IDLE)
        self.visit = visit

    def _new_conn(self) -> socket.socket:
        return self.visit.connect(self._dns_host, self.port)


class _Secure(HTTPSConnection):
    """The certificate is checked against the name in the address, whichever machine the name led to."""

    def __init__(self, visit: _Visit, host: str, port: int) -> None:
        super().__init__(host, port, timeout=IDLE, ssl_context=visit.guard.tls())
        self.visit = visit

    def _new_conn(self) -> socket.socket:
        return self.visit.connect(self._dns_host, self.port)


def _in_words(error: Exception) -> str:
    text = str(error)
    if isinstance(error, TimeoutError) or "timed out" in text:
        return f"The server said nothing for {IDLE:.0f} seconds."
    if "CERTIFICATE" in text.upper():
        return "The server’s certificate is not valid."
    if isinstance(error, ConnectionRefusedError) or "refused" in text:
        return "The server does not take connections."
    if "IncompleteRead" in text:
        return "The answer was cut short."
    return f"The server’s answer cannot be read ({type(error).__name__})."
