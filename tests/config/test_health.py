import io
from typing import Any
from wsgiref.util import setup_testing_defaults

import pytest
from django.core.cache import cache
from django.core.wsgi import get_wsgi_application
from django.db import connection, connections
from django.test import Client, override_settings

from config import heartbeat
from config.celery import QUEUES
from config.pagecache import PageCache
from config.tasks import beat


@pytest.mark.django_db
@pytest.mark.usefixtures("noon")
def test_all_is_well_while_every_queue_is_worked_at(client: Client) -> None:
    for queue in QUEUES:
        beat(queue)
    answer = client.get("/health/")
    assert (answer.status_code, answer.content) == (200, b"All is well.\n")
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies


@pytest.mark.django_db
@pytest.mark.usefixtures("noon")
def test_a_queue_that_nobody_works_at_is_named(client: Client, noon: Any) -> None:
    for queue in QUEUES:
        beat(queue)
    noon.shift(heartbeat.SILENT)
    for queue in set(QUEUES) - {"mail"}:
        beat(queue)
    answer = client.get("/health/")
    assert answer.status_code == 503
    assert answer.content == b"Nobody has worked at the queue mail for 5 minutes.\n"


@pytest.mark.django_db
@pytest.mark.usefixtures("noon")
def test_redis_is_named_when_it_is_away(client: Client) -> None:
    away = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "unix:///nowhere"}}
    with override_settings(CACHES=away):
        answer = client.get("/health/")
    assert (answer.status_code, answer.content) == (503, b"Redis does not answer.\n")


@pytest.mark.django_db
@pytest.mark.usefixtures("noon")
def test_it_changes_nothing(client: Client) -> None:
    assert client.post("/health/").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_postgres_is_named_when_it_is_away_and_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    site = PageCache(get_wsgi_application())
    assert ask(site) == ("200 OK", b"All is well.\n")
    connections.close_all()
    monkeypatch.setitem(connection.settings_dict, "NAME", "gone")
    assert ask(site) == ("503 Service Unavailable", b"Postgres does not answer.\n")
    monkeypatch.undo()
    connections.close_all()
    assert ask(site) == ("200 OK", b"All is well.\n")


def ask(site: PageCache) -> tuple[str, bytes]:
    environ = {"PATH_INFO": "/health/", "QUERY_STRING": "", "wsgi.input": io.BytesIO()}
    setup_testing_defaults(environ)
    said: list[str] = []
    body = b"".join(site(environ, lambda status, headers, exc_info=None: said.append(status)))
    return said[0], body
