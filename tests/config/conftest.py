"""Shared by the tests of the desk's first page."""

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache

from tests.config.desk import NOW


@pytest.fixture
def noon() -> Iterator[Any]:
    """It is noon in New York until the test moves on; no heartbeat is known before and none is left behind."""
    cache.clear()
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller
    cache.clear()
