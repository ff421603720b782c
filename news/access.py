"""How people of the newsroom come in: the mails with a link that lets them set their password."""

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from news import mail
from news.models import Publication, User


def access_mail(user: User, invited_by: User | None = None) -> EmailMessage:
    """The invitation, or the answer to a forgotten password. Its link works once, and for days of the settings."""
    publication = Publication.load()
    context = {
        "publication": publication,
        "user": user,
        "invited_by": invited_by,
        "link": link(user),
        "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 3600),
        "login_url": settings.SITE_URL + reverse("admin:login"),
        "reset_url": settings.SITE_URL + reverse("password_reset"),
    }
    subject = (
        f"{invited_by} invites you to {publication.name}" if invited_by else f"Your password at {publication.name}"
    )
    name = "invitation" if invited_by else "password_reset"
    return EmailMessage(
        subject=mail.one_line(subject),
        body=render_to_string(f"registration/{name}.txt", context).strip() + "\n",
        from_email=mail.sender(publication),
        to=[user.email],
        headers=mail.headers(),
    )


def link(user: User) -> str:
    key, token = urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)
    return f"{settings.SITE_URL}{reverse('password_reset_confirm', args=[key, token])}"
