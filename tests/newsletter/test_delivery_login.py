"""Encrypted connections and logins, as EMAIL_URL asks for them."""

import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

from newsletter import tasks
from tests import make
from tests.newsletter.conftest import Mailbox
from tests.newsletter.editions import edition, readers, states

pytestmark = pytest.mark.django_db


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Of a server on this machine; we trust it."""
    key, crt = tmp_path / "key.pem", tmp_path / "crt.pem"
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc", "-days", "2"]
    command = ["openssl", "req", "-x509", *kind, *subject, "-keyout", str(key), "-out", str(crt)]
    subprocess.run(command, check=True, capture_output=True)
    monkeypatch.setenv("SSL_CERT_FILE", str(crt))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(crt, key)
    return context


@pytest.fixture
def strict_mailbox(smtp_port: int, settings: Any, certificate: ssl.SSLContext) -> Iterator[Mailbox]:
    """A server that wants STARTTLS, and then a login, before it takes mail."""
    kept = Mailbox()
    options = {"require_starttls": True, "tls_context": certificate, "auth_required": True, "authenticator": knows}
    server = Controller(kept, hostname="127.0.0.1", port=smtp_port, **options)
    server.start()
    settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = True, "lane", "secret"
    settings.MAIL_RATE = ["0"]
    make.publication()
    yield kept
    server.stop()


def knows(server: Any, session: Any, envelope: Any, mechanism: str, login: Any) -> AuthResult:
    return AuthResult(success=(login.login, login.password) == (b"lane", b"secret"), handled=False)


def test_mail_goes_out_encrypted_and_logged_in(strict_mailbox: Mailbox) -> None:
    sent = edition(readers(20))
    sent.send_now()
    tasks.deliver_editions()
    assert states(sent) == {"sent": 20}
    assert len({mail["To"] for mail in strict_mailbox.mails}) == 20


def test_mail_goes_out_to_a_server_that_encrypts_from_the_start(
    db: None, smtp_port: int, settings: Any, certificate: ssl.SSLContext
) -> None:
    settings.EMAIL_USE_SSL, settings.MAIL_RATE = True, ["0"]
    make.publication()
    sent = edition(readers(20))
    sent.send_now()
    kept = Mailbox()
    server = Controller(kept, hostname="127.0.0.1", port=smtp_port, ssl_context=certificate)
    server.start()
    try:
        tasks.deliver_editions()
    finally:
        server.stop()
    assert states(sent) == {"sent": 20}
    assert len({mail["To"] for mail in kept.mails}) == 20


def test_a_refused_login_pauses_the_edition(strict_mailbox: Mailbox, settings: Any) -> None:
    settings.EMAIL_HOST_PASSWORD = "wrong"
    sent = edition(readers(20))
    sent.send_now()
    tasks.deliver_editions()
    sent.refresh_from_db()
    assert (sent.status, states(sent)) == ("paused", {"waiting": 20})
    assert sent.reason.startswith("The mail server refuses our mail: 535")


def test_a_server_that_is_not_who_it_says_gets_no_mail(
    strict_mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    sent = edition(readers(2))
    sent.send_now()
    tasks.deliver_editions()
    sent.refresh_from_db()
    assert (sent.status, strict_mailbox.mails) == ("sending", [])
    assert "CERTIFICATE_VERIFY_FAILED" in sent.reason
