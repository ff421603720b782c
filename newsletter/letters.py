"""The letters about a subscription, as messages ready to send. They hold no word that a visitor typed."""

from datetime import time
from email.utils import formataddr, make_msgid, parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.dateformat import time_format

from news.models import Publication
from newsletter import tokens
from newsletter.models import Newsletter, Subscription


def compose(subscription: Subscription) -> EmailMultiAlternatives:
    """The letter that the subscription owes, chosen by how things stand now."""
    if subscription.letter == Subscription.Letter.WELCOME:
        return _message(subscription, "welcome", f"You’re on the list for {subscription.newsletter.name}")
    if subscription.is_running:
        return _message(subscription, "already", f"You already get {subscription.newsletter.name}")
    return _message(subscription, "confirm", f"Confirm your subscription to {subscription.newsletter.name}")


def _message(subscription: Subscription, name: str, subject: str) -> EmailMultiAlternatives:
    publication = Publication.load()
    unsubscribe_url = link(tokens.Purpose.UNSUBSCRIBE, subscription)
    context: dict[str, Any] = {
        "publication": publication,
        "newsletter": subscription.newsletter,
        "subject": _one_line(subject),
        "hour": time_format(time(subscription.newsletter.hour), "P"),
        "place": publication.time_zone.rpartition("/")[2].replace("_", " "),
        "site_url": f"{settings.SITE_URL}/",
        "privacy_url": settings.SITE_URL + reverse("privacy"),
        "newsletter_url": settings.SITE_URL + reverse("newsletter"),
        "confirm_url": link(tokens.Purpose.CONFIRM, subscription),
        "unsubscribe_url": unsubscribe_url,
    }
    headers = {"Message-ID": make_msgid(domain=_mail_domain()), "Auto-Submitted": "auto-generated"}
    if subscription.is_running:
        headers |= list_headers(subscription.newsletter, unsubscribe_url)
    message = EmailMultiAlternatives(
        subject=context["subject"],
        body=render_to_string(f"newsletter/mail/{name}.txt", context).strip() + "\n",
        from_email=sender(publication),
        to=[subscription.subscriber.email],
        headers=headers,
    )
    message.attach_alternative(render_to_string(f"newsletter/mail/{name}.html", context), "text/html")
    return message


def link(purpose: tokens.Purpose, subscription: Subscription) -> str:
    path = reverse(f"newsletter_{purpose}", args=[tokens.make(purpose, subscription)])
    return f"{settings.SITE_URL}{path}"


def list_headers(newsletter: Newsletter, unsubscribe_url: str) -> dict[str, str]:
    """List-Unsubscribe with its one-click form (RFC 8058) and List-Id (RFC 2919)."""
    return {
        "List-Unsubscribe": f"<{unsubscribe_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<{newsletter.slug}.{_mail_domain()}>",
    }


def sender(publication: Publication) -> str:
    return formataddr((_one_line(publication.name), parseaddr(settings.DEFAULT_FROM_EMAIL)[1]))


def _mail_domain() -> str:
    return urlsplit(settings.SITE_URL).hostname or "localhost"


def _one_line(text: str) -> str:
    """An editor's name for a thing may hold anything; a header may not hold a line break."""
    return " ".join(text.split())
