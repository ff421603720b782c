"""A test send: the mail as readers would get it, to a few chosen addresses, at once and outside the ledger."""

import secrets
import uuid
from collections.abc import Sequence
from contextlib import closing

from newsletter.delivery import Kind, Outcome, Sender
from newsletter.message import Message
from newsletter.models import Claim, Edition

MOST = 5
SECONDS = 20.0  # For all of it: an editor waits, and a proxy gives up on the page after a minute.


def send_trial(edition: Edition, addresses: Sequence[str], sender: Sender) -> dict[str, str]:
    """Send it; what went wrong for each address that did not get it. Its subject says that it is a test.

    The key in its links is nobody's: pressing unsubscribe in a test ends no subscription. Its number is not one of the
    ledger's, and another each time, as mail programs hide a second mail of one Message-ID.
    """
    edition.subject = f"Test: {edition.subject}"  # Of this instance only.
    message = Message(edition)
    claims = [
        Claim(secrets.randbits(62), address, uuid.uuid4(), address.rpartition("@")[2], 0, is_wanted=True)
        for address in addresses
    ]
    mails = [message.to(claim) for claim in claims]
    failures: dict[str, str] = {}
    with closing(sender):
        for start in range(0, len(mails), sender.at_once):
            batch = mails[start : start + sender.at_once]
            for mail, outcome in sender.send(batch, lambda ready: {one.pk for one in ready}).items():
                if outcome.kind is not Kind.SENT:
                    failures[mail.recipient] = why(outcome)
    return failures


def why(outcome: Outcome) -> str:
    match outcome.kind:
        case Kind.UNCERTAIN:
            return f"It may have arrived: look before you send another. The mail server took it, then: {outcome.words}."
        case Kind.LOST:
            return f"It was not sent. The mail server: {outcome.words}."
        case Kind.UNTRIED:
            return f"It was not sent. {outcome.words or 'The mail server takes fewer mails at a time'}."
    return outcome.words
