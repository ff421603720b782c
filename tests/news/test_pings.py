import json
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qsl

import pytest
import time_machine
from django.conf import settings as site_settings
from django.test import Client

from config.celery import app
from news import pings
from news.models import Article
from news.tasks import announce, tell_hub, tell_indexnow
from tests import make

SITE = site_settings.SITE_URL
pytestmark = pytest.mark.django_db


class Service(HTTPServer):
    """Answers every POST with `status` and keeps what it was told: (path, content type, body)."""

    status = 200

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Ear)
        self.heard: list[tuple[str, str, str]] = []

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.server_port}{path}"


class Ear(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.heard.append((self.path, self.headers["Content-Type"], body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def service(settings) -> Iterator[Service]:
    """Both services, switched on; tasks run at once, in this process."""
    with Service() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        settings.INDEXNOW_KEY, settings.INDEXNOW_URL = "a1b2c3d4", server.url("/indexnow")
        settings.WEBSUB_HUB = server.url("/hub")
        eager, app.conf.task_always_eager = app.conf.task_always_eager, True
        yield server
        app.conf.task_always_eager = eager
        server.shutdown()


@pytest.fixture(autouse=True)
def at_one_in_the_afternoon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(make.NOON + timedelta(hours=1), tick=False) as traveller:
        yield traveller


def announced(run) -> None:
    with run(execute=True):
        announce()


def test_a_new_story_is_told_once_to_both_services(service: Service, django_capture_on_commit_callbacks):
    make.article("Lots fill")
    announced(django_capture_on_commit_callbacks)
    (path, content_type, body), *hub = service.heard
    assert (path, content_type) == ("/indexnow", "application/json; charset=utf-8")
    assert json.loads(body) == {
        "host": "127.0.0.1:8000",
        "key": "a1b2c3d4",
        "keyLocation": f"{SITE}/indexnow.txt",
        "urlList": [f"{SITE}/news/lots-fill/"],
    }
    assert [(path, dict(parse_qsl(body))) for path, _, body in hub] == [
        ("/hub", {"hub.mode": "publish", "hub.url": f"{SITE}/feeds/{name}.{extension}"})
        for name in ("latest", "sections/retail")
        for extension in ("rss", "atom", "json")
    ]
    announced(django_capture_on_commit_callbacks)
    assert len(service.heard) == 7


def test_an_edit_is_told_again(service: Service, django_capture_on_commit_callbacks, at_one_in_the_afternoon):
    story = make.article()
    announced(django_capture_on_commit_callbacks)
    at_one_in_the_afternoon.shift(timedelta(days=30))
    announced(django_capture_on_commit_callbacks)
    assert len(service.heard) == 7
    story.refresh_from_db()
    story.save()
    at_one_in_the_afternoon.shift(1)
    announced(django_capture_on_commit_callbacks)
    assert len(service.heard) == 14
    assert list(Article.objects.to_announce()) == []


def test_a_scheduled_story_is_told_when_it_is_due(service, django_capture_on_commit_callbacks, at_one_in_the_afternoon):
    make.article(published_at=make.NOON + timedelta(days=60))
    make.article("Draft", status="draft")
    announced(django_capture_on_commit_callbacks)
    assert service.heard == []
    at_one_in_the_afternoon.shift(timedelta(days=60))
    announced(django_capture_on_commit_callbacks)
    assert len(service.heard) == 7


def test_switching_on_does_not_announce_the_archive():
    make.article("Yesterday", published_at=make.NOON - timedelta(hours=24))
    make.article("Today")
    assert [story.headline for story in Article.objects.to_announce()] == ["Today"]


def test_only_the_service_that_is_set_is_told(service: Service, settings, django_capture_on_commit_callbacks):
    settings.INDEXNOW_KEY = ""
    make.article()
    announced(django_capture_on_commit_callbacks)
    assert {path for path, _, _ in service.heard} == {"/hub"}


@pytest.mark.parametrize(("status", "outcome"), [(202, None), (403, pings.Refused), (429, pings.Unheard)])
@pytest.mark.parametrize("tell", [pings.tell_indexnow, pings.tell_hub])
def test_the_answer_says_whether_to_try_again(service: Service, tell, status: int, outcome):
    service.status = status
    stories = [make.article()]
    if outcome is None:
        tell(stories)
    else:
        with pytest.raises(outcome):
            tell(stories)


def test_a_service_that_is_away_is_unheard(settings):
    settings.INDEXNOW_URL = "http://127.0.0.1:1/"
    with pytest.raises(pings.Unheard):
        pings.tell_indexnow([make.article()])


def test_only_a_service_that_may_hear_later_is_tried_again():
    for task in (tell_indexnow, tell_hub):
        assert (task.autoretry_for, task.max_retries) == ((pings.Unheard,), 5)


def test_the_key_is_shown_only_when_indexnow_is_on(client: Client, settings):
    assert client.get("/indexnow.txt").status_code == 404
    settings.INDEXNOW_KEY = "a1b2c3d4"
    assert client.get("/indexnow.txt").content == b"a1b2c3d4"


def test_nothing_is_told_unless_it_is_switched_on():
    assert "announce news" not in app.conf.beat_schedule
    assert not site_settings.INDEXNOW_KEY
    assert not site_settings.WEBSUB_HUB
