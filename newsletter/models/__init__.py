"""Newsletters, the people who get them, and each mail of each edition."""

from newsletter.models.delivery import LEASE, Claim, Delivery
from newsletter.models.edition import Edition
from newsletter.models.item import EditionItem
from newsletter.models.letter import LETTER_LEASE, LETTER_TRIES, Letter
from newsletter.models.link_request import LinkRequest
from newsletter.models.receiver import Receiver
from newsletter.models.subscriber import Newsletter, Subscriber, Subscription
from newsletter.models.suppression import Suppression

__all__ = [
    "LEASE",
    "LETTER_LEASE",
    "LETTER_TRIES",
    "Claim",
    "Delivery",
    "Edition",
    "EditionItem",
    "Letter",
    "LinkRequest",
    "Newsletter",
    "Receiver",
    "Subscriber",
    "Subscription",
    "Suppression",
]
