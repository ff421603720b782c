"""Mails over SMTP, each held back just before its last dot until its row is committed (RFC 5321; pipelining RFC 2920).

A batch is sent on as many connections as it has mails, step by step on all of them: while one server thinks, the others
work. So one commit serves the whole batch, and a process that dies leaves at most one uncertain mail a connection.
"""

import re
import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from functools import partial

from django.conf import settings

from newsletter.delivery import Kind, Outcome
from newsletter.letters import domain
from newsletter.message import Mail
from newsletter.pace import Limit

DOT_PATIENCE = 120.0  # Seconds. A server may look at a mail for long before it answers the dot.
# Enhanced status codes (RFC 3463): 5.subject.detail.
ENHANCED = re.compile(r"5\.(\d{1,3})\.(\d{1,3})\b")
ADDRESS, MAILBOX, ROUTING = 1, 2, 4
SENDERS_ADDRESS = {7, 8}
# A server without them has 550 to 553 for the mailbox; words such as these tell that it is not about that.
ABOUT_MAILBOX = {550, 551, 552, 553}
ABOUT_US = re.compile(r"block|spam|polic|reputation|denied|relay|listed|blacklist", re.IGNORECASE)


class Refused(Exception):
    """The server answered, and does not let us in."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(code, words)
        self.code, self.words = code, words


class Line:
    """One connection. Each step returns None when the mail can go on, or the outcome when it is over for it."""

    def __init__(self) -> None:
        self._client = connect()
        self._pipelines = self._client.has_extn("pipelining")
        self._mail: Mail | None = None
        self.deadline = 0.0

    @property
    def is_open(self) -> bool:
        return self._client.sock is not None

    def begin(self, mail: Mail) -> Outcome | None:
        commands = envelope(mail)
        self._write(b"".join(commands) if self._pipelines else commands[0])
        return None

    def read_replies(self, mail: Mail) -> Outcome | None:
        """The answers to MAIL, RCPT and DATA. After a refusal the others are read too, and the mail is called off."""
        refusal = None
        for position, stage in enumerate(("MAIL", "RCPT", "DATA")):
            if position and not self._pipelines:
                self._write(envelope(mail)[position])
            code, words = self._reply()
            if code == 421:
                self.hang_up()
                return judge(code, words, stage)
            if code // 10 != (35 if stage == "DATA" else 25):
                refusal = refusal or judge(code, words, stage)
                if not self._pipelines:
                    break
        if refusal:
            self._call_off(waits_for_content=code == 354)
        return refusal

    def _call_off(self, *, waits_for_content: bool) -> None:
        """A server that takes a mail for nobody is left alone: whatever we said next would be that mail."""
        if waits_for_content:
            self.hang_up()
            return
        self._write(b"RSET\r\n")
        self._reply()

    def write_content(self, mail: Mail) -> Outcome | None:
        self._write(mail.content)
        return None

    def listen(self, mail: Mail) -> Outcome | None:
        """A server that says or ends anything before the dot has not taken the mail."""
        sock = self._socket()
        sock.settimeout(0)
        try:
            sock.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return None
        raise smtplib.SMTPServerDisconnected("The server ended the connection before the mail was whole.")

    def write_dot(self, mail: Mail) -> Outcome | None:
        self._write(b".\r\n")
        return None

    def read_verdict(self, mail: Mail) -> Outcome | None:
        code, words = self._reply()
        if code == 421:
            self.hang_up()
        return judge(code, words, "DOT")

    def hang_up(self) -> None:
        """End without a QUIT, which within a mail's content would be content."""
        self._client.close()

    def quit(self) -> None:
        with suppress(OSError):
            self._write(b"QUIT\r\n")
        self.hang_up()

    def _write(self, content: bytes) -> None:
        self._socket().settimeout(max(0.05, self.deadline - time.monotonic()))
        self._client.send(content)

    def _reply(self) -> tuple[int, str]:
        self._socket().settimeout(max(0.05, self.deadline - time.monotonic()))
        code, words = self._client.getreply()
        return code, one_line(words)

    def _socket(self) -> socket.socket:
        if self._client.sock is None:
            raise smtplib.SMTPServerDisconnected("The connection has ended.")
        return self._client.sock


Step = Callable[[Line, Mail], Outcome | None]


class SmtpSender:
    """The mail server of EMAIL_URL, over connections that are opened once for a turn."""

    def __init__(self) -> None:
        self.at_once = max(1, int(Limit.read(settings.MAIL_CONNECTIONS).most))
        self._lines: list[Line] = []

    def send(
        self, batch: Sequence[Mail], mark_sending: Callable[[Sequence[Mail]], Collection[int]]
    ) -> dict[Mail, Outcome]:
        """See `Sender`. Fewer mails than the batch has are tried where the server allows fewer connections."""
        try:
            self._open(len(batch))
        except (Refused, OSError) as error:
            return dict.fromkeys(batch, turned_away(error))
        outcomes = dict.fromkeys(batch, Outcome(Kind.UNTRIED))
        under_way = dict(zip(batch, self._lines, strict=False))
        try:
            for step in (Line.begin, Line.read_replies, Line.write_content, Line.listen):
                self._take(step, under_way, outcomes, settings.EMAIL_TIMEOUT, Kind.LOST)
            going = mark_sending(list(under_way)) if under_way else ()
            for mail in [mail for mail in under_way if mail.pk not in going]:
                under_way.pop(mail).hang_up()
            for step in (Line.write_dot, Line.read_verdict):
                self._take(step, under_way, outcomes, DOT_PATIENCE, Kind.UNCERTAIN)
        except BaseException:
            self._hang_up()  # Nothing may follow the content of a mail on any of these connections.
            raise
        return outcomes

    def close(self) -> None:
        for line in self._lines:
            line.quit()
        self._lines = []

    def _take(
        self, step: Step, under_way: dict[Mail, Line], outcomes: dict[Mail, Outcome], patience: float, lost: Kind
    ) -> None:
        """Take one step on all connections; mails for which it was the last one are under way no more."""
        deadline = time.monotonic() + patience
        for mail, line in list(under_way.items()):
            line.deadline = deadline
            try:
                outcome = step(line, mail)
            except OSError as error:  # That of smtplib too.
                line.hang_up()
                outcome = Outcome(lost, None, f"{type(error).__name__}: {error}")
            if outcome:
                outcomes[mail] = outcome
                del under_way[mail]

    def _open(self, most: int) -> None:
        """Have `most` connections open, or at least one."""
        self._lines = [line for line in self._lines if line.is_open]
        while len(self._lines) < min(most, self.at_once):
            try:
                self._lines.append(Line())
            except (Refused, OSError):
                if not self._lines:
                    raise
                self.at_once = len(self._lines)

    def _hang_up(self) -> None:
        for line in self._lines:
            line.hang_up()
        self._lines = []


def connect() -> smtplib.SMTP:
    """A connection that is ready for mail; Refused, or OSError where there is none."""
    encryption = ssl.create_default_context() if settings.EMAIL_USE_SSL or settings.EMAIL_USE_TLS else None
    kind = partial(smtplib.SMTP_SSL, context=encryption) if settings.EMAIL_USE_SSL else smtplib.SMTP
    client: smtplib.SMTP | None = None
    try:
        client = kind(settings.EMAIL_HOST, settings.EMAIL_PORT, local_hostname=domain(), timeout=settings.EMAIL_TIMEOUT)
        log_in(client, encryption)
    except OSError as error:
        if client:
            client.close()
        if isinstance(error, smtplib.SMTPResponseException):
            raise Refused(error.smtp_code, one_line(error.smtp_error)) from error
        raise
    return client


def log_in(client: smtplib.SMTP, encryption: ssl.SSLContext | None) -> None:
    client.ehlo_or_helo_if_needed()
    if settings.EMAIL_USE_TLS:
        client.starttls(context=encryption)
        client.ehlo()
    if settings.EMAIL_HOST_USER:
        client.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)
    if client.sock:  # The dot must not wait until the content is acknowledged (Nagle's algorithm: 40 ms a mail).
        client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def envelope(mail: Mail) -> tuple[bytes, bytes, bytes]:
    return f"MAIL FROM:<{mail.sender}>\r\n".encode(), f"RCPT TO:<{mail.recipient}>\r\n".encode(), b"DATA\r\n"


def turned_away(error: OSError | Refused) -> Outcome:
    """Why no connection could be opened. A server that is down or busy is waited for, one that shuts us out is not."""
    if not isinstance(error, Refused):
        return Outcome(Kind.UNTRIED, None, f"No connection to the mail server: {type(error).__name__}: {error}")
    is_busy = 400 <= error.code < 500 and (error.code != 421 or error.words.startswith("4.3."))
    return Outcome(Kind.UNTRIED if is_busy else Kind.SHUT_OUT, error.code, f"{error.code} {error.words}")


def judge(code: int, words: str, stage: str) -> Outcome:
    """What a reply means. `stage` is MAIL, RCPT, DATA, or DOT for the one that decides about the mail."""
    said = f"{code} {words}"
    if 200 <= code < 300:
        return Outcome(Kind.SENT, code, said)
    if code == 421:
        return Outcome(Kind.LOST, code, said)
    if 400 <= code < 500:
        return Outcome(Kind.LATER, code, said)
    if 500 <= code < 600:
        return Outcome(refusal(code, words, stage), code, said)
    return Outcome(Kind.UNCERTAIN if stage == "DOT" else Kind.LOST, None, f"An answer that is none: {said}")


def refusal(code: int, words: str, stage: str) -> Kind:
    """A 5xx reply: is it about the receiver, or about us? Only the first lets the other mails go on."""
    if stage == "MAIL":
        return Kind.POLICY
    if enhanced := ENHANCED.match(words):
        subject, detail = int(enhanced[1]), int(enhanced[2])
        if subject == ADDRESS and detail not in SENDERS_ADDRESS:
            return Kind.BOUNCED
        return Kind.REFUSED if subject in {MAILBOX, ROUTING} else Kind.POLICY
    if code not in ABOUT_MAILBOX or ABOUT_US.search(words):
        return Kind.POLICY
    return Kind.BOUNCED if code == 550 and stage == "RCPT" else Kind.REFUSED


def one_line(words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return " ".join(text.split())
