"""The letters about a subscription or a person, as messages ready to send. They hold no word that a visitor typed."""

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse

from news import mail
from news.models import Publication
from newsletter import tokens
from newsletter.models import LinkRequest, Newsletter, Subscriber, Subscription
from newsletter.tokens import Purpose


def compose(subscription: Subscription) -> EmailMultiAlternatives:
    """The letter that the subscription owes, chosen by how things stand now."""
    newsletter, person = subscription.newsletter, subscription.subscriber
    if subscription.letter == Subscription.Kind.WELCOME:
        name, subject = "welcome", f"You’re on the list for {newsletter.name}"
    elif subscription.is_running:
        name, subject = "already", f"You already get {newsletter.name}"
    else:
        name, subject = "confirm", f"Confirm your subscription to {newsletter.name}"
    publication = Publication.load()
    about = {
        "newsletter": newsletter,
        "confirm_url": link(Purpose.CONFIRM, person, newsletter),
        "unsubscribe_url": (unsubscribe_url := link(Purpose.UNSUBSCRIBE, person, newsletter)),
        "preferences_url": link(Purpose.PREFERENCES, person),
    }
    headers = list_headers(newsletter, unsubscribe_url) if subscription.is_running else {}
    return _message(publication, person, name, subject, about, headers)


def with_link(kind: str, person: Subscriber) -> EmailMultiAlternatives:
    """The letter with the link that somebody asked for (a kind of LinkRequest's)."""
    publication = Publication.load()
    subject = "Your newsletters" if kind == LinkRequest.Kind.PREFERENCES else "Your data"
    about = {"url": link(Purpose(kind), person)}
    return _message(publication, person, kind, f"{subject} at {publication.name}", about, {})


def _message(
    publication: Publication,
    person: Subscriber,
    name: str,
    subject: str,
    about: dict[str, Any],
    headers: dict[str, str],
) -> EmailMultiAlternatives:
    context: dict[str, Any] = {
        "publication": publication,
        "subject": mail.one_line(subject),
        "site_url": f"{settings.SITE_URL}/",
        "privacy_url": settings.SITE_URL + reverse("privacy"),
        **about,
    }
    message = EmailMultiAlternatives(
        subject=context["subject"],
        body=render_to_string(f"newsletter/mail/{name}.txt", context).strip() + "\n",
        from_email=mail.sender(publication),
        to=[person.email],
        headers={**mail.headers(), **headers},
    )
    message.attach_alternative(render_to_string(f"newsletter/mail/{name}.html", context), "text/html")
    return message


def link(purpose: Purpose, person: Subscriber, newsletter: Newsletter | None = None) -> str:
    token = tokens.make(purpose, person.key, newsletter.pk if newsletter else tokens.ANY)
    path = reverse(f"newsletter_{purpose}", args=[token])
    return f"{settings.SITE_URL}{path}"


def list_headers(newsletter: Newsletter, unsubscribe_url: str) -> dict[str, str]:
    """List-Unsubscribe with its one-click form (RFC 8058) and List-Id (RFC 2919)."""
    return {
        "List-Unsubscribe": f"<{unsubscribe_url}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<{newsletter.slug}.{mail.domain()}>",
    }
