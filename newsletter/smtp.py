"""Mails over SMTP, each held back just before its last dot until its row is committed (RFC 5321; pipelining RFC 2920).

A batch is sent on as many connections as it has mails, step by step on all of them: while one server thinks, the others
work. So one commit serves the whole batch, and a process that dies leaves at most one uncertain mail a connection.
"""

import math
import re
import smtplib
import ssl
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress

from django.conf import settings

from newsletter.delivery import Kind, Outcome
from newsletter.message import Mail
from newsletter.pace import Limit
from newsletter.smtp_client import Client, Refused, connect

# Seconds. A server may look at a mail for long before it answers the dot. Opening the connections, the commands, their
# answers and the content have EMAIL_TIMEOUT each: so a batch takes 4 × 20 + 120 at most, which LONGEST of delivery.py
# has room for.
DOT_PATIENCE = 120.0
# Enhanced status codes (RFC 3463): 5.subject.detail.
ENHANCED = re.compile(r"5\.(\d{1,3})\.(\d{1,3})\b")
ADDRESS, MAILBOX, ROUTING = 1, 2, 4
SENDERS_ADDRESS = {7, 8}
# A server without them has 550 to 553 for the mailbox; words such as these tell that it is not about that.
ABOUT_MAILBOX = {550, 551, 552, 553}
ABOUT_US = re.compile(r"block|spam|polic|reputation|denied|relay|listed|blacklist", re.IGNORECASE)


class Line:
    """One connection. Each step returns None when the mail can go on, or the outcome when it is over for it."""

    def __init__(self, deadline: float) -> None:
        self._client: Client = connect(deadline)
        self._pipelines = self._client.has_extn("pipelining")

    @property
    def is_open(self) -> bool:
        return self._client.sock is not None

    def wait_until(self, deadline: float) -> None:
        """How long the steps that follow may take, in all."""
        self._client.deadline = deadline

    def begin(self, mail: Mail) -> Outcome | None:
        commands = envelope(mail)
        self._client.send(b"".join(commands) if self._pipelines else commands[0])
        return None

    def read_replies(self, mail: Mail) -> Outcome | None:
        """The answers to MAIL, RCPT and DATA. After a refusal the others are read too, and the mail is called off."""
        refusal = None
        for position, stage in enumerate(("MAIL", "RCPT", "DATA")):
            if position and not self._pipelines:
                self._client.send(envelope(mail)[position])
            code, words = self._client.reply()
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
        self._client.send(b"RSET\r\n")
        self._client.reply()

    def write_content(self, mail: Mail) -> Outcome | None:
        self._client.send(mail.content)
        return None

    def listen(self, mail: Mail) -> Outcome | None:
        """A server that says or ends anything before the dot has not taken the mail."""
        sock = self._client.open_socket()
        sock.settimeout(0)
        try:
            sock.recv(1)
        except (BlockingIOError, ssl.SSLWantReadError):
            return None
        raise smtplib.SMTPServerDisconnected("The server ended the connection before the mail was whole.")

    def write_dot(self, mail: Mail) -> Outcome | None:
        self._client.send(b".\r\n")
        return None

    def read_verdict(self, mail: Mail) -> Outcome | None:
        code, words = self._client.reply()
        if code == 421:
            self.hang_up()
        return judge(code, words, "DOT")

    def hang_up(self) -> None:
        """End without a QUIT, which within a mail's content would be content."""
        self._client.close()

    def quit(self) -> None:
        with suppress(OSError):
            self._client.send(b"QUIT\r\n")
        self.hang_up()


Step = Callable[[Line, Mail], Outcome | None]


class SmtpSender:
    """The mail server of EMAIL_URL, over connections that are opened once for a turn.

    `seconds` is what all its batches may take together, where somebody waits for them.
    """

    def __init__(self, seconds: float = math.inf) -> None:
        self._until = time.monotonic() + seconds
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
                self._take(step, under_way, outcomes, self._by(settings.EMAIL_TIMEOUT), Kind.LOST)
            going = mark_sending(list(under_way)) if under_way else ()
            for mail in [mail for mail in under_way if mail.pk not in going]:
                under_way.pop(mail).hang_up()
            verdict_by = self._by(DOT_PATIENCE)
            for step in (Line.write_dot, Line.read_verdict):
                self._take(step, under_way, outcomes, verdict_by, Kind.UNCERTAIN)
        except BaseException:
            self._hang_up()  # Nothing may follow the content of a mail on any of these connections.
            raise
        return outcomes

    def close(self) -> None:
        for line in self._lines:
            line.quit()
        self._lines = []

    def _take(
        self, step: Step, under_way: dict[Mail, Line], outcomes: dict[Mail, Outcome], deadline: float, lost: Kind
    ) -> None:
        """Take one step on all connections; mails for which it was the last one are under way no more."""
        for mail, line in list(under_way.items()):
            line.wait_until(deadline)
            try:
                outcome = step(line, mail)
            except OSError as error:  # That of smtplib too.
                line.hang_up()
                outcome = Outcome(lost, None, explain(error))
            if outcome:
                outcomes[mail] = outcome
                del under_way[mail]

    def _open(self, most: int) -> None:
        """Have `most` connections open, or at least one. A server that is slow to open them gets fewer."""
        deadline = self._by(settings.EMAIL_TIMEOUT)
        self._lines = [line for line in self._lines if line.is_open]
        while len(self._lines) < min(most, self.at_once):
            try:
                self._lines.append(Line(deadline))
            except (Refused, OSError):
                if not self._lines:
                    raise
                self.at_once = len(self._lines)

    def _by(self, patience: float) -> float:
        return min(time.monotonic() + patience, self._until)

    def _hang_up(self) -> None:
        for line in self._lines:
            line.hang_up()
        self._lines = []


def envelope(mail: Mail) -> tuple[bytes, bytes, bytes]:
    return f"MAIL FROM:<{mail.sender}>\r\n".encode(), f"RCPT TO:<{mail.recipient}>\r\n".encode(), b"DATA\r\n"


def turned_away(error: OSError | Refused) -> Outcome:
    """Why no connection could be opened. A server that is down or busy is waited for, one that shuts us out is not."""
    if not isinstance(error, Refused):
        return Outcome(Kind.UNTRIED, None, f"No connection to the mail server: {explain(error)}")
    is_busy = 400 <= error.code < 500 and (error.code != 421 or error.words.startswith("4.3."))
    return Outcome(Kind.UNTRIED if is_busy else Kind.SHUT_OUT, error.code, f"{error.code} {error.words}")


def explain(error: OSError) -> str:
    """In words for the desk. What smtplib raises for a time-out does not say so itself."""
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return "no answer in time"
    return f"{type(error).__name__}: {error}"


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
