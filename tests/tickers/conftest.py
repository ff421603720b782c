"""For tests that ask a source of quotes: the provider on loopback, and a client that has never asked anything."""

from collections.abc import Iterator

import pytest

from tests.tickers.provider import Provider


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    from tickers.sources.yahoo_client import client

    with Provider(tmp_path_factory.getbasetemp()) as provider:
        for name, value in provider.environment.items():
            monkeypatch.setenv(name, value)
        client.cache_clear()
        yield provider
        client.cache_clear()
