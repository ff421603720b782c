"""The queue as the pages see it: a wake-up is worth little of somebody's time."""

import socket
from threading import Thread
from time import monotonic

import pytest
from celery.exceptions import OperationalError

from config.celery import app


def test_a_page_does_not_wait_long_for_a_redis_that_hangs() -> None:
    asked: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as mute:
        Thread(target=lambda: [asked.append(mute.accept()[0]) for _ in range(2)], daemon=True).start()
        begun = monotonic()
        with (
            app.connection(f"redis://127.0.0.1:{mute.getsockname()[1]}/0") as away,
            pytest.raises(OperationalError),
        ):
            app.send_task("nobody.knows", connection=away)
    assert monotonic() - begun < 12
    for connection in asked:
        connection.close()
