"""A test send while somebody waits for the page."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from news.models import User
from newsletter import trial
from newsletter.models import Edition, Newsletter
from newsletter.smtp import SmtpSender
from tests.newsletter.editions import edition
from tests.newsletter.sink import HANG, Sink
from tests.newsletter.test_edition_admin import LIST, press

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("static_files")]

NOT_SENT = "It was not sent. The mail server: no answer in time."


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(User.objects.create_superuser("editor"))
    return client


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with Sink() as sink:
        sink.serve(settings)
        yield sink


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("CONNECT", "It was not sent. No connection to the mail server: no answer in time."),
        ("MAIL", NOT_SENT),
        ("RCPT", NOT_SENT),
        ("DATA", NOT_SENT),
        (
            "DOT",
            "It may have arrived: look before you send another. The mail server took it, then: no answer in time.",
        ),
    ],
)
@pytest.mark.parametrize("connections", ["8", "1"])
def test_a_server_that_hangs_costs_the_editor_the_budget_and_no_more(
    daily: Newsletter, sink: Sink, settings: Any, stage: str, words: str, connections: str
) -> None:
    settings.MAIL_CONNECTIONS = [connections]
    sink.answers[stage] = lambda address: HANG
    addresses = ["ann@example.com", "bo@example.com", "cy@example.com"]
    began = time.monotonic()
    failures = trial.send_trial(edition(daily), addresses, SmtpSender(0.5))
    assert time.monotonic() - began < 1.5
    assert list(failures) == addresses
    assert failures["ann@example.com"] == words


def test_the_page_says_so_in_time(
    desk: Client,
    daily: Newsletter,
    sink: Sink,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert trial.SECONDS < 30  # A proxy gives up after 60, and the editor presses again.
    monkeypatch.setattr(trial, "SECONDS", 0.5)
    sink.answers["DOT"] = lambda address: HANG
    ready: Edition = edition(daily)
    began = time.monotonic()
    press(desk, ready, "send_test", addresses="ann@example.com")
    assert time.monotonic() - began < 3
    assert "ann@example.com: It may have arrived: look before you send another." in desk.get(LIST).content.decode()
