"""Shared by all tests: real servers (the launcher of the tests starts them), a clean cache, nothing past loopback."""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.management import call_command
from whitenoise.middleware import WhiteNoiseMiddleware

from tests import first_rows


@pytest.fixture(autouse=True, scope="session")
def loopback_only() -> Iterator[None]:
    """Make a connection to any other machine an error, whoever tries."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] != "localhost":
            assert ipaddress.ip_address(address[0]).is_loopback, f"A test called {address[0]}."
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign,assignment]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        first_rows.keep()


@pytest.fixture(autouse=True, scope="session")
def quick_passwords() -> None:
    """What makes a stolen password list useless takes a third of a second a user; tests have nothing to lose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True, scope="session")
def static_files() -> None:
    """Bundle and name the static files as production does. They stay so; only the first client reads them."""
    call_command("collectstatic", interactive=False, verbosity=0)
    look = WhiteNoiseMiddleware.update_files_dictionary
    seen: dict[str, dict[str, Any]] = {}

    def look_once(self: WhiteNoiseMiddleware, root: str, prefix: str) -> None:
        if root not in seen:
            look(self, root, prefix)
            seen[root] = self.files
        self.files = {**self.files, **seen[root]}

    WhiteNoiseMiddleware.update_files_dictionary = look_once


@pytest.fixture(autouse=True)
def clean_cache(request: pytest.FixtureRequest) -> None:
    needs_rows = {"db", "transactional_db"} & set(request.fixturenames)
    if needs_rows or request.node.get_closest_marker("django_db"):
        cache.clear()


@pytest.fixture(autouse=True)
def own_media(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"
