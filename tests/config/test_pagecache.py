import gzip
import io
import subprocess
import sys
import threading
import time
from datetime import date, timedelta
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
import time_machine
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections, transaction
from django.utils import timezone

from config.pagecache import RENEWERS, PageCache, store
from news.feed_formats import FORMATS
from news.models import Article
from tests import make
from tests.newsletter.editions import edition
from tickers.models import Quote
from tickers.quotes_json import shared

pytestmark = pytest.mark.django_db(transaction=True)


PATIENCE = """
import config.wsgi
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SHOW statement_timeout")
    print(cursor.fetchone()[0])
"""


class Site:
    """The page cache before the real application, counting what it lets through."""

    def __init__(self) -> None:
        self.django = get_wsgi_application()
        self.rendered: list[str] = []
        self.cache = PageCache(self.application)

    def application(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.rendered.append(f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}".rstrip("?"))
        return self.django(environ, start_response)

    def get(self, path: str, method: str = "GET", **headers: str) -> "Answer":
        path, _, query = path.partition("?")
        environ = {"PATH_INFO": path, "QUERY_STRING": query, "REQUEST_METHOD": method, "wsgi.input": io.BytesIO()}
        environ |= headers
        setup_testing_defaults(environ)
        answer = Answer()
        answer.body = b"".join(self.cache(environ, answer.start))
        return answer

    def forget(self) -> None:
        """As if a second had gone by: the next look is at Redis."""
        self.cache.memo.clear()


class Answer:
    body = b""

    def start(self, status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
        self.status, self.headers = status, dict(headers)


@pytest.fixture
def site(clean_cache: None) -> Site:
    return Site()


def test_a_page_is_rendered_once_for_many_readers(site: Site):
    path = make.article().get_absolute_url()
    first, second = site.get(path), site.get(path)
    site.forget()
    third = site.get(path)
    assert first.body == second.body == third.body
    assert site.rendered == [path]


def test_what_the_newsroom_changes_is_seen_at_the_next_look(site: Site):
    article = make.article("Old words")
    site.get("/")
    article.headline = "New words"
    article.save()
    site.forget()
    assert b"New words" in site.get("/").body


def test_a_page_shows_the_renditions_of_a_picture_as_soon_as_they_are_made(site: Site):
    picture = make.picture((400, 225))
    make.article(slug="tesla", lead_picture=picture)
    assert b"image/avif" not in site.get("/news/tesla/").body
    picture.render()
    site.forget()
    assert b"image/avif" in site.get("/news/tesla/").body


def test_a_change_that_is_rolled_back_outdates_nothing(site: Site):
    from django.db import transaction

    article = make.article()
    site.get("/")
    with transaction.atomic():
        article.save()
        transaction.set_rollback(True)
    site.forget()
    site.get("/")
    assert site.rendered == ["/"]


def test_a_scheduled_story_appears_on_a_kept_page_when_it_is_due(site: Site):
    due = timezone.now().replace(microsecond=0) + timedelta(seconds=30)
    make.article("Due soon", published_at=due)
    first = site.get("/latest/")
    assert b"Due soon" not in first.body
    assert 0 < int(first.headers["Cache-Control"].split("s-maxage=")[1].split(",")[0]) <= 30
    with time_machine.travel(due - timedelta(seconds=1), tick=False):
        site.forget()
        assert b"Due soon" not in site.get("/latest/").body
    assert site.rendered == ["/latest/"]
    with time_machine.travel(due, tick=False):
        site.forget()
        assert b"Due soon" in site.get("/latest/").body


def test_readers_get_the_last_copy_while_postgres_is_down(site: Site, monkeypatch):
    path = make.article().get_absolute_url()
    body = site.get(path).body
    store().outdate()
    site.forget()
    connections.close_all()
    monkeypatch.setitem(connection.settings_dict, "NAME", "gone")
    answer = site.get(path)
    assert (answer.status, answer.body) == ("200 OK", body)
    monkeypatch.undo()
    connections.close_all()


def test_what_is_gone_does_not_come_back_while_postgres_is_down(site: Site, monkeypatch):
    article = make.article()
    path = article.get_absolute_url()
    site.get(path)
    article.withdraw()
    assert site.get(path).status == "200 OK"  # For the second that the memo lasts.
    site.forget()
    assert site.get(path).status.startswith("410")
    connections.close_all()
    monkeypatch.setitem(connection.settings_dict, "NAME", "gone")
    assert site.get(path).status.startswith("5")
    monkeypatch.undo()
    connections.close_all()


def test_a_database_that_hangs_keeps_few_threads_from_readers(site: Site):
    paths = ["/", "/latest/", "/markets/", "/partners/", "/privacy/"]
    bodies = {path: site.get(path).body for path in paths}
    store().outdate()
    site.forget()
    answered: dict[str, bytes] = {}

    def read(path: str) -> None:
        answered[path] = site.get(path).body
        connections.close_all()

    threads = [threading.Thread(target=read, args=[path]) for path in paths]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE news_publication IN ACCESS EXCLUSIVE MODE")
        for thread in threads:
            thread.start()
        deadline = time.monotonic() + 5
        while len(answered) < len(paths) - RENEWERS and time.monotonic() < deadline:
            time.sleep(0.02)
        meanwhile = dict(answered)
    for thread in threads:
        thread.join()
    assert len(meanwhile) == len(paths) - RENEWERS
    assert all(body == bodies[path] for path, body in meanwhile.items())


def test_a_web_process_does_not_wait_for_ever_for_postgres():
    done = subprocess.run([sys.executable, "-c", PATIENCE], capture_output=True, text=True, check=True)
    assert done.stdout == "10s\n"


def test_without_redis_pages_are_rendered(site: Site, settings):
    settings.REDIS_URL = "unix:///nowhere/redis?db=0"
    store.cache_clear()
    try:
        lonely = Site()
        path = make.article().get_absolute_url()
        assert lonely.get(path).status == "200 OK"
        lonely.forget()
        assert lonely.get(path).status == "200 OK"
        assert lonely.rendered == [path, path]
    finally:
        store.cache_clear()


def test_one_request_renders_while_others_wait_for_it(site: Site):
    path = make.article().get_absolute_url()
    answers: list[Answer] = []
    others = Site()  # Another process, as far as memory goes.

    def read(reader: Site) -> None:
        answers.append(reader.get(path))
        connections.close_all()

    threads = [threading.Thread(target=read, args=[reader]) for reader in (site, others) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status for answer in answers} == {"200 OK"}
    assert len(site.rendered) + len(others.rendered) == 1


def test_who_waited_in_vain_does_not_let_go_what_another_renders(site: Site):
    path = make.article().get_absolute_url()
    with store().claim(path):  # By a process that is slow.
        assert site.get(path).status == "200 OK"
        assert store().is_claimed(path)
    assert not store().is_claimed(path)


FEEDS = [f"/feeds/{name}.{extension}" for name in ("latest", "newsletter") for extension in FORMATS]


@pytest.mark.parametrize("known", ["{etag}", '"other", {etag}', "{strong}", "*"])
@pytest.mark.parametrize("path", ["/news/used-car-supply-climbs/", "/quotes.json", "/markets/TSLA.json", FEEDS[0]])
def test_who_has_what_is_asked_for_is_told_so_until_it_changes(site: Site, path: str, known: str):
    make.article()
    make.quote(make.symbol())
    shared.forget()
    etag = site.get(path).headers["ETag"]
    header = known.format(etag=etag, strong=etag.removeprefix("W/"))
    again = site.get(path, HTTP_IF_NONE_MATCH=header)
    assert (again.status, again.body, again.headers["ETag"]) == ("304 Not Modified", b"", etag)
    assert "Cache-Control" in again.headers
    Quote.objects.update(price="321")
    Article.objects.get().withdraw()
    make.article("Newer", slug="newer")
    site.forget()
    shared.forget()
    store().outdate()
    assert known == "*" or site.get(path, HTTP_IF_NONE_MATCH=header).status != "304 Not Modified"


@pytest.mark.parametrize("path", FEEDS)
def test_a_feed_reader_that_asks_by_date_is_told_that_nothing_is_new(site: Site, path: str):
    make.article()
    edition(make.newsletter(), date(2026, 11, 18), status="complete", started_at=make.NOON, finished_at=make.NOON)
    feed = site.get(path, HTTP_IF_NONE_MATCH='"another"')
    assert feed.status == "200 OK"
    assert feed.headers["Cache-Control"].startswith("public, max-age=0, s-maxage=")
    again = site.get(path, HTTP_IF_MODIFIED_SINCE=feed.headers["Last-Modified"])
    assert (again.status, again.body) == ("304 Not Modified", b"")


def test_a_page_is_packed_for_browsers_that_can_unpack_it(site: Site):
    path = make.article().get_absolute_url()
    plain, packed = site.get(path), site.get(path, HTTP_ACCEPT_ENCODING="br, gzip")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert plain.headers["Vary"] == packed.headers["Vary"] == "Accept-Encoding"


def test_a_head_request_gets_the_headers_of_the_page(site: Site):
    path = make.article().get_absolute_url()
    head, get = site.get(path, method="HEAD"), site.get(path)
    assert head.body == b""
    assert head.headers == get.headers


def test_parameters_of_campaigns_make_no_page_of_their_own(site: Site):
    path = make.article().get_absolute_url()
    bodies = {site.get(path + query).body for query in ("", "?utm_source=a&fbclid=1", "?utm_source=b")}
    assert len(bodies) == 1
    assert site.rendered == [path]
    assert b"utm_source" not in bodies.pop()


@pytest.mark.parametrize("query", ["before=1", "kind=2&r=4", "dir=5"])
def test_the_parameters_of_other_pages_make_no_page_of_their_own(site: Site, query: str):
    path = make.article().get_absolute_url()
    assert site.get(path).body == site.get(f"{path}?{query}").body
    assert site.rendered == [path]


def test_a_declared_parameter_makes_a_page_of_its_own(site: Site):
    for number in range(25):
        make.article(f"Story {number}")
    first = site.get("/latest/")
    older = first.body.split(b"?before=")[1].split(b'"')[0].decode()
    assert site.get(f"/latest/?before={older}").body != first.body


@pytest.mark.parametrize("path", ["/no/", "/newsletter/", "/admin/login/", "/quotes.json"])
def test_what_is_not_a_page_for_everyone_is_not_kept(site: Site, path: str):
    site.get(path)
    site.forget()
    site.get(path)
    assert site.rendered == [path, path]


def test_the_quotes_are_spared_the_way_through_django_for_a_second(site: Site):
    make.quote(make.symbol())
    shared.forget()
    first = site.get("/quotes.json")
    second = site.get("/quotes.json", HTTP_IF_NONE_MATCH=first.headers["ETag"])
    assert second.status == "304 Not Modified"
    assert site.rendered == ["/quotes.json"]
    assert "s-maxage" not in first.headers["Cache-Control"]


def test_kept_pages_come_with_their_security_headers(site: Site):
    path = make.article().get_absolute_url()
    site.get(path)
    headers = site.get(path).headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Set-Cookie" not in headers


def test_a_cookie_of_another_site_on_this_host_keeps_no_page_from_being_kept(site: Site):
    path = make.article().get_absolute_url()
    assert "Set-Cookie" not in site.get(path, HTTP_COOKIE="session=theirs").headers
    site.forget()
    assert site.get(path).status == "200 OK"
    assert site.rendered == [path]


def test_a_withdrawn_article_is_gone_at_the_next_look(site: Site):
    article = make.article()
    site.get(article.get_absolute_url())
    article.status = Article.Status.WITHDRAWN
    article.save()
    site.forget()
    assert site.get(article.get_absolute_url()).status.startswith("410")
