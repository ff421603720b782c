"""The loopback web, the guard that lets us ask it, and one partner on it."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from ipaddress import ip_address

import pytest

from news.models import Partner
from news.partners.guard import Guard
from news.partners.parse import Parser
from tests.news.partners.web import Web

LOOPBACK = ip_address("127.0.0.1")


@pytest.fixture
def web() -> Iterator[Web]:
    server = Web()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.closing.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def guard(web: Web) -> Guard:
    """The guard of production, with the loopback web as the public one."""
    return Guard(
        is_allowed=lambda address: address == LOOPBACK,
        resolve=lambda host, port: ["127.0.0.1"] if host.endswith(".test") else [host],
        ports=frozenset({web.port}),
        seconds=5,
    )


@pytest.fixture
def hasty(guard: Guard) -> Guard:
    return replace(guard, seconds=0.5)


@pytest.fixture(scope="session")
def parser() -> Iterator[Parser]:
    with Parser(seconds=60) as shared:  # The processors are shared too.
        yield shared


@pytest.fixture
def partner(db: None, web: Web) -> Partner:
    return Partner.objects.create(
        name="Gasket Review", slug="gasket-review", site_url="http://gasket.test/", feed_url=web.url()
    )
