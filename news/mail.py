"""What every mail of the site says of itself: who it is from, its name, and that a machine sent it."""

from email.utils import formataddr, make_msgid, parseaddr
from urllib.parse import urlsplit

from django.conf import settings

from news.models import Publication


def sender(publication: Publication) -> str:
    return formataddr((one_line(publication.name), parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def headers() -> dict[str, str]:
    """Those of a letter to one person. No program answers a mail that says it was made by one (RFC 3834)."""
    return {"Message-ID": make_msgid(domain=domain()), "Auto-Submitted": "auto-generated"}


def domain() -> str:
    """By which our mail is known: in its ids and where it says hello to a mail server."""
    return str(urlsplit(settings.SITE_URL).hostname or "localhost")


def one_line(text: str) -> str:
    """A name may hold anything; a header may not hold a line break."""
    return " ".join(text.split())
