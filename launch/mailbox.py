"""The folder of caught mail: one `.eml` file for each message, named so that names sort by time."""

import re
import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from pathlib import Path

ID = re.compile(r"[0-9]{19}-[0-9a-f]{8}")


@dataclass(frozen=True)
class Summary:
    """A message in the list."""

    id: str
    sender: str
    to: str
    subject: str
    caught_at: datetime


class Mailbox:
    """Messages in a folder. An id is checked wherever it comes in, so none names a file outside."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def store(self, sender: str, recipients: Sequence[str], content: bytes) -> str:
        """Keep a message with its envelope, in the fields that a delivering mail server adds (RFC 5321, 4.4)."""
        envelope = [f"Return-Path: <{sender}>", *(f"Delivered-To: {recipient}" for recipient in recipients)]
        message_id = f"{time.time_ns():019d}-{secrets.token_hex(4)}"
        fresh = self.folder / f"{message_id}.new"
        fresh.write_bytes("".join(f"{line}\r\n" for line in envelope).encode("utf-8", "replace") + content)
        fresh.replace(self.folder / f"{message_id}.eml")
        return message_id

    def newest(self, count: int) -> list[Summary]:
        names = sorted((path.stem for path in self.folder.glob("*.eml") if ID.fullmatch(path.stem)), reverse=True)
        return [summary for name in names[:count] if (summary := self._summary(name)) is not None]

    def source(self, message_id: str) -> bytes | None:
        """The message as it came, or None when there is no such one."""
        if not ID.fullmatch(message_id):
            return None
        try:
            return (self.folder / f"{message_id}.eml").read_bytes()
        except FileNotFoundError:
            return None

    def _summary(self, message_id: str) -> Summary | None:
        source = self.source(message_id)
        if source is None:
            return None
        message = BytesHeaderParser(policy=policy.default).parsebytes(source)
        caught_at = datetime.fromtimestamp(int(message_id.split("-")[0]) / 1e9, UTC)
        sender, to, subject = (header(message, name) for name in ("From", "To", "Subject"))
        return Summary(message_id, sender, to, subject, caught_at)


def parse(source: bytes) -> EmailMessage:
    return message_from_bytes(source, policy=policy.default)


def header(message: EmailMessage, name: str) -> str:
    """A header as readable text. The email package raises all sorts on a malformed one, and the rest is still shown."""
    try:
        return str(message.get(name, ""))
    except Exception:
        return "(unreadable)"


def body(message: EmailMessage, kind: str) -> str | None:
    """The text of the `plain` or `html` part, or None when there is none."""
    part = message.get_body((kind,))
    if part is None:
        return None
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError):  # A charset that Python does not know.
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", "replace") if isinstance(payload, bytes) else None
