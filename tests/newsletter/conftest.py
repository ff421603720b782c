"""A mail server of our own on loopback, and what it was given."""

import socket
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from newsletter.models import Newsletter
from tests import make


class Mailbox:
    """Keeps every mail; answers with the next of `replies` while there are any, and then takes what comes."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.replies: list[str] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name.
        if self.replies:
            return self.replies.pop(0)
        self.mails.append(message_from_bytes(envelope.original_content, policy=policy.default))
        return "250 2.0.0 Kept"

    @property
    def subjects(self) -> list[str]:
        return [mail["Subject"] for mail in self.mails]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def smtp_port(settings: Any) -> int:
    """The settings' mail server, with nobody listening."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    return int(settings.EMAIL_PORT)


@pytest.fixture
def mailbox(smtp_port: int) -> Iterator[Mailbox]:
    """The mail server, running."""
    kept = Mailbox()
    server = Controller(kept, hostname="127.0.0.1", port=smtp_port)
    server.start()
    yield kept
    server.stop()


@pytest.fixture
def daily(db: None) -> Newsletter:
    make.publication(postal_address="12 Foundry Row\nDayton, OH 45402")
    return make.newsletter()
