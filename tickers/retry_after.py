"""How long a server wants to be left alone."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime


def retry_after(header: str) -> timedelta | None:
    """The wait that a Retry-After header (RFC 9110, 10.2.3: seconds or a date) asks for; None for none or nonsense."""
    if header.isascii() and header.isdecimal():
        return timedelta(seconds=int(header[:9]))
    try:
        until = parsedate_to_datetime(header)
    except ValueError:
        return None
    return max(until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC), timedelta())
