"""What a publication of one's own begins with, as `begin` and `leave_demo` ask for it."""

import os
from argparse import ArgumentParser
from getpass import getpass
from typing import Any, NamedTuple

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import CommandError
from django.core.validators import validate_email

from news.models import Publication, User
from news.models.publication import validate_time_zone
from newsletter.models import Newsletter


class Beginning(NamedTuple):
    """The publication and its first editor; the password is empty for somebody who has one already."""

    name: str
    zone: str
    email: str
    password: str

    def make(self) -> str:
        """Store it; returns what to tell the operator."""
        Publication.objects.create(pk=1, name=self.name, time_zone=self.zone)
        daily = {"name": f"{self.name} daily", "description": "The day’s stories in one mail, every weekday morning."}
        Newsletter.objects.update_or_create(slug="daily", defaults=daily)
        if self.password:
            User.objects.create_superuser(self.email, self.password)
        return f"This is {self.name} now. Log in at /admin/ as {self.email} and write the first story."


def add_arguments(parser: ArgumentParser) -> None:
    """With the address, the password may come from EDITOR_PASSWORD."""
    parser.add_argument("--name", help="the publication's name")
    parser.add_argument("--zone", help="its time zone, such as America/Chicago")
    parser.add_argument("--email", help="the first editor's address")


def ask(options: dict[str, Any]) -> Beginning:
    """Ask for what the options do not say; raises CommandError, with nothing changed."""
    try:
        name = options["name"] or _asked("Name of the publication: ")
        zone = options["zone"] or _asked("Time zone [America/New_York]: ", "America/New_York")
        validate_time_zone(zone)
        email = options["email"] or _asked("Email address of the first editor: ")
        validate_email(email)
        return Beginning(name, zone, email, _password(email, may_be_set=bool(options["email"])))
    except ValidationError as error:
        raise CommandError(f"{' '.join(error.messages)} Nothing was changed.") from None
    except (KeyboardInterrupt, EOFError):
        raise CommandError("Stopped; nothing was changed.") from None


def _password(email: str, *, may_be_set: bool) -> str:
    if User.objects.filter(email__iexact=email).exists():
        return ""
    password = (os.environ.get("EDITOR_PASSWORD") if may_be_set else None) or getpass("Password of the first editor: ")
    validate_password(password, User(email=email))
    return password


def _asked(question: str, default: str = "") -> str:
    while True:
        if answer := input(question).strip() or default:
            return answer
