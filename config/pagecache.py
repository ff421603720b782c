"""The page cache: readers' pages, kept whole before Django is asked.

A memo of one second in the process stands over Redis, so a page that many read costs a look into a dict. One number,
the content version, is part of every kept page: whatever the newsroom changes raises it and so outdates all pages at
once. A page is also outdated when the clock changes it (`news/due.py`) and after a minute. What is outdated is still
served while one request renders anew, and for as long as rendering fails: readers do not notice a database that is
down.

Without Redis every page is rendered for the second that the memo lasts.
"""

import gzip
import hashlib
import json
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, astuple, dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, urlencode

import redis
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from news.due import next_due

log = logging.getLogger(__name__)

Headers = list[tuple[str, str]]
StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]

FRESH_S = 60
KEPT_S = 24 * 3600
MEMO_S = 1.0
MEMO_PAGES = 500
RENDER_S = 10  # How long a request may keep others from rendering the same page.
# How many threads of a process may render what is there in an older copy. A Postgres that hangs holds no more of them.
RENEWERS = 2
# What pages below a path may be asked for by query; anything else (utm and the like) makes no page of its own.
PARAMETERS = {
    **dict.fromkeys(("/latest/", "/sections/", "/topics/", "/authors/", "/partners/"), ("before",)),
    "/companies/": ("before", "r"),
    "/markets/": ("dir", "kind", "sort"),
}
# Files, forms, links with tokens, and what tells of now.
PASSED = ("/admin/", "/static/", "/newsletter/", "/preview/", "/health/")
# What every open page polls: it outdates itself (tickers.quotes_json), so it is only spared the way through Django.
POLLED = "/quotes.json"
VERSION = "pages:version"
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Page:
    """A kept answer. Times are seconds since the epoch."""

    version: int
    fresh_until: float
    headers: Headers
    etag: str
    body: bytes
    packed: bytes

    def is_fresh(self, version: int, now: float) -> bool:
        return self.version == version >= 0 and now < self.fresh_until


@dataclass(frozen=True)
class Memo:
    """A page in the process's memory, good until a moment of the monotonic clock."""

    until: float
    page: Page
    cache_control: str


@dataclass(frozen=True)
class Passed:
    """An answer of Django's that is not kept."""

    status: str
    headers: Headers
    body: bytes


class Store:
    """Pages in Redis, shared by all processes. It answers with nothing while Redis is away."""

    def __init__(self) -> None:
        self._redis = redis.Redis.from_url(settings.REDIS_URL, socket_timeout=0.5, socket_connect_timeout=0.5)
        self._away_until = 0.0

    def read(self, key: str) -> tuple[int, Page | None]:
        """The content version and the kept page; version -1 when Redis is away."""
        found = self._ask(lambda: self._redis.mget(VERSION, f"page:{key}"))
        if found is None:
            return -1, None
        version, page = found
        return int(version or 0), _unpack(page) if page else None

    def write(self, key: str, page: Page) -> None:
        self._ask(lambda: self._redis.set(f"page:{key}", _pack(page), ex=KEPT_S))

    def delete(self, key: str) -> None:
        self._ask(lambda: self._redis.delete(f"page:{key}"))

    @contextmanager
    def claim(self, key: str) -> Iterator[bool]:
        """Whether this request is the one that renders the page meanwhile. Without Redis each may."""
        claimed = self._ask(lambda: self._redis.set(f"render:{key}", b"1", nx=True, ex=RENDER_S) or False)
        try:
            yield claimed is not False
        finally:
            if claimed:
                self._ask(lambda: self._redis.delete(f"render:{key}"))

    def is_claimed(self, key: str) -> bool:
        return bool(self._ask(lambda: self._redis.exists(f"render:{key}")))

    def outdate(self) -> None:
        self._ask(lambda: self._redis.incr(VERSION))

    def _ask(self, question: Callable[[], Any]) -> Any:
        if time.monotonic() < self._away_until:
            return None
        try:
            return question()
        except redis.RedisError as error:
            self._away_until = time.monotonic() + 1
            log.warning("page cache: Redis is away (%s)", error)
            return None


class PageCache:
    """The WSGI application before Django's."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.store = store()
        self.memo: dict[str, Memo] = {}
        self.next_due = (-1, NEVER, NEVER)  # (of content version, asked at, due)
        self.renewers = threading.BoundedSemaphore(RENEWERS)

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or environ["PATH_INFO"].startswith(PASSED):
            return self.application(environ, start_response)
        if settings.IS_HTTPS and environ.get("HTTP_X_FORWARDED_PROTO") != "https":
            return self.application(environ, start_response)  # Django sends it to https.
        key = page_key(environ)
        memo = self.memo.get(key)
        if memo and time.monotonic() < memo.until:
            found: Memo | Passed = memo
        else:
            found = self.poll(key, environ) if key == POLLED else self.look_up(key, environ)
        status, headers, body = answer(found, environ) if isinstance(found, Memo) else astuple(found)
        start_response(status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def poll(self, key: str, environ: dict[str, Any]) -> Memo | Passed:
        """Answer from Django, and from memory for a second after it."""
        status, headers, body = ask(self.application, environ)
        if not status.startswith("200"):
            return Passed(status, headers, body)
        cache_control = next(value for name, value in headers if name.lower() == "cache-control")
        memo = Memo(time.monotonic() + MEMO_S, make_page(-1, 0.0, headers, body), cache_control)
        self.memo[key] = memo
        return memo

    def look_up(self, key: str, environ: dict[str, Any]) -> Memo | Passed:
        version, page = self.store.read(key)
        if page is None and (memo := self.memo.get(key)):
            page = memo.page
        if page and page.is_fresh(version, time.time()):
            return self.remember(key, page)
        if page:
            return self.renew(key, version, page, environ)
        with self.store.claim(key) as is_ours:
            # Whose claim this follows may have rendered the page since we looked.
            page = self.store.read(key)[1] if is_ours else self.wait_for_page(key)
            return self.remember(key, page) if page else self.render(key, version, None, environ)

    def renew(self, key: str, version: int, old: Page, environ: dict[str, Any]) -> Memo | Passed:
        """Render anew, or serve the old copy where another request does or too many others do."""
        if not self.renewers.acquire(blocking=False):
            return self.remember(key, old)
        try:
            with self.store.claim(key) as is_ours:
                return self.render(key, version, old, environ) if is_ours else self.remember(key, old)
        finally:
            self.renewers.release()

    def wait_for_page(self, key: str) -> Page | None:
        """Another request renders a page that nobody has yet; give it two seconds."""
        for _ in range(40):
            time.sleep(0.05)
            is_claimed = self.store.is_claimed(key)  # Asked first: a page is kept before its claim is let go.
            _, page = self.store.read(key)
            if page or not is_claimed:
                return page
        return None

    def render(self, key: str, version: int, old: Page | None, environ: dict[str, Any]) -> Memo | Passed:
        asked_at = timezone.now()
        status, headers, body = ask(self.application, environ)
        if status.startswith("5") and old:
            log.warning("page cache: %s failed (%s); readers get the last copy", environ["PATH_INFO"], status)
            return self.remember(key, old)
        if not status.startswith("200") or not may_be_kept(headers):
            if old:
                self.forget(key)  # It is gone, so its copy must not come back when rendering fails.
            return Passed(status, headers, body)
        page = make_page(version, self.fresh_until(version, asked_at), headers, body)
        self.store.write(key, page)
        return self.remember(key, page)

    def forget(self, key: str) -> None:
        self.memo.pop(key, None)
        self.store.delete(key)

    def remember(self, key: str, page: Page) -> Memo:
        """Keep a page for a second, or until it is outdated; an outdated one for a second, as it is being renewed."""
        left = page.fresh_until - time.time()
        memo = Memo(
            time.monotonic() + (min(left, MEMO_S) if left > 0 else MEMO_S), page, cache_control(max(0, int(left)))
        )
        if len(self.memo) >= MEMO_PAGES:
            self.memo.clear()
        self.memo[key] = memo
        return memo

    def fresh_until(self, version: int, asked_at: datetime) -> float:
        """In a minute, or when the clock next changes a page; that is asked once for each content version.

        What has changed while the page was rendered makes it stale at once.
        """
        known_version, since, due = self.next_due
        if known_version != version or not since <= asked_at < due:
            due = next_due(asked_at) or NEVER
            self.next_due = (version, asked_at, due)
        return min(time.time() + FRESH_S, due.timestamp())


def page_key(environ: dict[str, Any]) -> str:
    """Path and declared parameters. The others are taken off, so that the page does not repeat them either."""
    path = str(environ["PATH_INFO"])
    if not (asked := environ.get("QUERY_STRING", "")):
        return path
    declared = next((names for prefix, names in PARAMETERS.items() if path.startswith(prefix)), ())
    query = urlencode(sorted((name, value) for name, value in parse_qsl(asked) if name in declared))
    environ["QUERY_STRING"] = query
    return f"{path}?{query}" if query else path


def ask(application: Application, environ: dict[str, Any]) -> tuple[str, Headers, bytes]:
    """Let Django answer whole: a HEAD, or a question whether something is new, would leave nothing to keep.

    Views know of neither: `answer` sees to both. Nor do they see cookies: ours are for the admin alone, and an answer
    to one of another site on this host would name it.
    """
    started: list[Any] = []

    def start_response(status: str, headers: Headers, exc_info: Any = None) -> None:
        started[:] = [status, headers]

    dropped = {"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_COOKIE"}
    whole = {name: value for name, value in environ.items() if name not in dropped} | {"REQUEST_METHOD": "GET"}
    result = application(whole, start_response)
    try:
        body = b"".join(result)
    finally:
        close = getattr(result, "close", None)
        if close:
            close()
    status, headers = started
    return status, headers, body


def may_be_kept(headers: Headers) -> bool:
    """What Django marks as shared for some time and gives no cookie with."""
    names = {name.lower(): value for name, value in headers}
    return "s-maxage" in names.get("cache-control", "") and "set-cookie" not in names


def make_page(version: int, fresh_until: float, headers: Headers, body: bytes) -> Page:
    dropped = {"content-length", "cache-control", "vary", "etag"}
    kept = [(name, value) for name, value in headers if name.lower() not in dropped]
    etag = f'W/"{hashlib.sha256(body).hexdigest()[:20]}"'  # Weak, as it stands for the packed body too.
    return Page(version, fresh_until, [*kept, ("ETag", etag)], etag, body, gzip.compress(body, 6, mtime=0))


def cache_control(seconds: int) -> str:
    return f"public, max-age=0, s-maxage={seconds}, stale-while-revalidate=60, stale-if-error=86400"


def answer(memo: Memo, environ: dict[str, Any]) -> tuple[str, Headers, bytes]:
    """The kept page as this browser wants it: packed or not, or the word that its own copy is still right."""
    page = memo.page
    headers = [*page.headers, ("Cache-Control", memo.cache_control), ("Vary", "Accept-Encoding")]
    if is_unchanged(page, environ):
        return "304 Not Modified", [header for header in headers if header[0] != "Content-Type"], b""
    if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", ""):
        size = ("Content-Length", str(len(page.packed)))
        return "200 OK", [*headers, ("Content-Encoding", "gzip"), size], page.packed
    return "200 OK", [*headers, ("Content-Length", str(len(page.body)))], page.body


def is_unchanged(page: Page, environ: dict[str, Any]) -> bool:
    """Whether the copy that the client has is right: by its ETag, or by date where it sends none (RFC 9110, 13)."""
    if known := environ.get("HTTP_IF_NONE_MATCH"):
        return known == "*" or page.etag.removeprefix("W/") in known
    since = environ.get("HTTP_IF_MODIFIED_SINCE")
    return since is not None and ("Last-Modified", since) in page.headers


@cache
def store() -> Store:
    """The one store of this process."""
    return Store()


def outdate_on_commit(**_: Any) -> None:
    """Outdate every kept page once what changed is stored; receives the signals of the newsroom's models."""
    transaction.on_commit(lambda: store().outdate(), robust=True)


def _pack(page: Page) -> bytes:
    about = asdict(page)
    body, packed = about.pop("body"), about.pop("packed")
    head = json.dumps({**about, "size": len(body)}).encode()
    return b"".join((b"%d\n" % len(head), head, body, packed))


def _unpack(data: bytes) -> Page:
    size, _, rest = data.partition(b"\n")
    about = json.loads(rest[: int(size)])
    bodies = rest[int(size) :]
    length = about.pop("size")
    about["headers"] = [(name, value) for name, value in about["headers"]]
    return Page(**about, body=bodies[:length], packed=bodies[length:])
