"""An edition as bytes. It is encoded and split once; for each reader only bytes are joined.

An edition's HTML and text hold `marker(purpose)` where a link of the reader's own goes.
"""

import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from quopri import encodestring
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from news.mail import domain, one_line, sender
from news.models import Publication
from newsletter import letters, tokens
from newsletter.models import Claim, Edition
from newsletter.tokens import Purpose

PERSONAL = (Purpose.UNSUBSCRIBE, Purpose.PREFERENCES)  # The kinds of link that an edition may hold.
CHUNK = 48  # Of a link in one line, so that quoting its dots keeps the line under 76 (RFC 2045, 6.7).
BOUNDARY = "=_edition"  # Quoted-printable never has “=_”, so no part can hold it.
PART = f"--{BOUNDARY}\r\nContent-Type: text/{{}}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
TEXT, HTML = PART.format("plain").encode(), b"\r\n" + PART.format("html").encode()
END = f"\r\n--{BOUNDARY}--\r\n".encode()


@dataclass(frozen=True, eq=False)
class Mail:
    """What a sender needs to know of one mail. `content` has CRLF line ends and no line that begins with a dot."""

    pk: int
    sender: str
    recipient: str
    content: bytes


def marker(purpose: Purpose) -> str:
    """What stands in an edition's HTML and text for each reader's link of this purpose. No such host can exist."""
    return f"https://{purpose}.invalid/"


class Message:
    """The mail of one edition, ready for its readers."""

    def __init__(self, edition: Edition) -> None:
        self._edition, self._newsletter = edition.pk, edition.newsletter_id
        self._headers = common_headers(edition)
        self._text, self._html = split(edition.text), split(edition.html)
        self._paths = {purpose: reverse(f"newsletter_{purpose}", args=["-"]).removesuffix("-/") for purpose in PERSONAL}

    def to(self, claim: Claim) -> Mail:
        """The mail of one reader; ValueError for an address that must not come near a mail command."""
        if claim.key is None or not is_plain(claim.email):
            raise ValueError("The address cannot be written to.")
        links = {purpose: self._link(purpose, claim.key) for purpose in PERSONAL}
        quoted = {purpose: quote(link) for purpose, link in links.items()}
        own_headers = (
            f"Message-ID: <{self._edition}.{claim.pk}@{domain()}>\r\n"
            f"To: {claim.email}\r\n"
            f"List-Unsubscribe: <{links[Purpose.UNSUBSCRIBE]}>\r\n"
        )
        text = (quoted[piece] if isinstance(piece, Purpose) else piece for piece in self._text)
        html = (quoted[piece] if isinstance(piece, Purpose) else piece for piece in self._html)
        content = b"".join([own_headers.encode(), self._headers, TEXT, *text, HTML, *html, END])
        return Mail(claim.pk, envelope_sender(claim), claim.email, content)

    def _link(self, purpose: Purpose, key: UUID) -> str:
        newsletter = self._newsletter if purpose is Purpose.UNSUBSCRIBE else tokens.ANY
        return f"{settings.SITE_URL}{self._paths[purpose]}{tokens.make(purpose, key, newsletter)}/"


def envelope_sender(claim: Claim) -> str:
    """Where a bounce of this mail goes to. One address for all as yet; the claim tells which mail it is."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def common_headers(edition: Edition) -> bytes:
    """Those that all readers get. The date is that of the edition, so a second try sends the same mail."""
    headers = EmailMessage(policy=SMTP)
    headers["Subject"] = one_line(edition.subject)
    headers["From"] = sender(Publication.load())
    headers["Date"] = format_datetime(edition.started_at or timezone.now())
    for name, value in letters.list_headers(edition.newsletter, "").items():
        if name != "List-Unsubscribe":  # Each reader has one of their own.
            headers[name] = value
    headers["Precedence"] = "bulk"
    headers["MIME-Version"] = "1.0"
    kind = f'Content-Type: multipart/alternative; boundary="{BOUNDARY}"'
    return headers.as_bytes().rstrip() + f"\r\n{kind}\r\n\r\n".encode()


def split(content: str) -> list[bytes | Purpose]:
    """The content as quoted-printable (RFC 2045, 6.7), cut where each reader's links go."""
    known = {marker(purpose): purpose for purpose in PERSONAL}
    pieces = re.split("|".join(f"({re.escape(mark)})" for mark in known), "\n".join(content.splitlines()) + "\n")
    return [known[piece] if piece in known else encode(piece) for piece in pieces if piece]


def encode(piece: str) -> bytes:
    """A line that would begin with a dot gets it quoted, so the mail needs no dot-stuffing (RFC 5321, 4.5.2)."""
    quoted = b"\n" + encodestring(piece.encode())
    return quoted.replace(b"\n.", b"\n=2E")[1:].replace(b"\n", b"\r\n")


def quote(link: str) -> bytes:
    """A link of ASCII in lines of its own, joined by soft line breaks."""
    lines = (link[start : start + CHUNK] for start in range(0, len(link), CHUNK))
    quoted = "=\r\n".join(line.replace("=", "=3D").replace(".", "=2E") for line in lines)
    return f"=\r\n{quoted}=\r\n".encode()


def is_plain(address: str) -> bool:
    """The sign-up form takes no other address, but a row can come from elsewhere."""
    return address.isascii() and address.isprintable() and "@" in address and not set(address) & set(' <>",;:\\')
