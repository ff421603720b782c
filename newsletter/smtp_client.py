"""A connection to the mail server of EMAIL_URL that keeps a deadline, ready for mail."""

import smtplib
import socket
import ssl
import time
from typing import Any

from django.conf import settings

from news.mail import domain, one_line


class Refused(Exception):
    """The server answered, and does not let us in."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(code, words)
        self.code, self.words = code, words


class Client(smtplib.SMTP):
    """The patience of smtplib begins anew with each command; this one's ends at `deadline` (of the monotonic clock)."""

    def __init__(self, deadline: float, **options: Any) -> None:
        self.deadline = deadline
        host, port = settings.EMAIL_HOST, settings.EMAIL_PORT
        super().__init__(host, port, local_hostname=domain(), timeout=self._seconds_left(), **options)

    def send(self, s: Any) -> None:
        self.open_socket().settimeout(self._seconds_left())
        super().send(s)

    def getreply(self) -> tuple[int, bytes]:
        self.open_socket().settimeout(self._seconds_left())
        return super().getreply()

    def reply(self) -> tuple[int, str]:
        code, words = self.getreply()
        return code, one_line(words.decode("utf-8", "replace"))

    def open_socket(self) -> socket.socket:
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("The connection has ended.")
        return self.sock

    def _seconds_left(self) -> float:
        return max(0.05, self.deadline - time.monotonic())


class EncryptedClient(Client, smtplib.SMTP_SSL):
    pass


def connect(deadline: float) -> Client:
    """A connection that is ready for mail; Refused, or OSError where there is none."""
    encryption = ssl.create_default_context() if settings.EMAIL_USE_SSL or settings.EMAIL_USE_TLS else None
    client: Client | None = None
    try:
        client = EncryptedClient(deadline, context=encryption) if settings.EMAIL_USE_SSL else Client(deadline)
        log_in(client, encryption)
    except OSError as error:
        if client:
            client.close()
        if isinstance(error, smtplib.SMTPResponseException):
            words = error.smtp_error
            said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
            raise Refused(error.smtp_code, one_line(said)) from error
        raise
    return client


def log_in(client: Client, encryption: ssl.SSLContext | None) -> None:
    client.ehlo_or_helo_if_needed()
    if settings.EMAIL_USE_TLS:
        client.starttls(context=encryption)
        client.ehlo()
    if settings.EMAIL_HOST_USER:
        client.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    # The dot must not wait until the content is acknowledged (Nagle's algorithm: 40 ms a mail).
    client.open_socket().setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
