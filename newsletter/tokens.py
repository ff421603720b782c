"""Signed links. A token names a person or one subscription, and one purpose, and is of no use for another purpose."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from django.core.signing import BadSignature, TimestampSigner


class Purpose(StrEnum):
    CONFIRM = "confirm"
    UNSUBSCRIBE = "unsubscribe"
    PREFERENCES = "preferences"
    DATA = "data"


# A link that stands in a mail of ours must work for as long as the mail is kept. One that hands out or erases all that
# we hold on a person is good for who reads their mail now.
MAX_AGE = {
    Purpose.CONFIRM: timedelta(days=7),
    Purpose.UNSUBSCRIBE: None,
    Purpose.PREFERENCES: None,
    Purpose.DATA: timedelta(hours=1),
}


ANY = 0  # In place of a newsletter's id: the token is for the person.


def make(purpose: Purpose, key: UUID, newsletter_id: int = ANY) -> str:
    """For the subscriber of this key, or their subscription to this newsletter."""
    return _signer(purpose).sign(f"{key.hex}-{newsletter_id}")


def read(purpose: Purpose, token: str) -> tuple[UUID, int]:
    """(subscriber's key, newsletter's id); raises SignatureExpired, or BadSignature for anything we did not make."""
    key, separator, newsletter_id = _signer(purpose).unsign(token, max_age=MAX_AGE[purpose]).partition("-")
    if not separator:
        raise BadSignature("A token without its two parts.")
    return UUID(hex=key), int(newsletter_id)


def _signer(purpose: Purpose) -> TimestampSigner:
    return TimestampSigner(sep=".", salt=f"newsletter.{purpose}")
