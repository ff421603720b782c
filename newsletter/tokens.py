"""Signed links. A token names one subscription and one purpose, and is of no use for another purpose."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from django.core.signing import BadSignature, TimestampSigner

from newsletter.models import Subscription


class Purpose(StrEnum):
    CONFIRM = "confirm"
    UNSUBSCRIBE = "unsubscribe"


# An unsubscribe link must work for as long as the mail it is in is kept.
MAX_AGE = {Purpose.CONFIRM: timedelta(days=7), Purpose.UNSUBSCRIBE: None}


def make(purpose: Purpose, subscription: Subscription) -> str:
    return _signer(purpose).sign(f"{subscription.subscriber.key.hex}-{subscription.newsletter_id}")


def read(purpose: Purpose, token: str) -> tuple[UUID, int]:
    """(subscriber's key, newsletter's id); raises SignatureExpired, or BadSignature for anything we did not make."""
    key, separator, newsletter_id = _signer(purpose).unsign(token, max_age=MAX_AGE[purpose]).partition("-")
    if not separator:
        raise BadSignature("A token without its two parts.")
    return UUID(hex=key), int(newsletter_id)


def _signer(purpose: Purpose) -> TimestampSigner:
    return TimestampSigner(sep=".", salt=f"newsletter.{purpose}")
