"""`manage.py leave_demo`: clear the samples and set up the publication's own name, zone and first editor."""

import os
from argparse import ArgumentParser
from getpass import getpass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction

from config import demo
from news.models import Publication, User
from news.models.publication import validate_time_zone
from newsletter.models import Newsletter


class Command(BaseCommand):
    help = "Delete the demo's samples and make this site your own. What you wrote yourself stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--name", help="the publication's name")
        parser.add_argument("--zone", help="its time zone, such as America/Chicago")
        parser.add_argument("--email", help="the first editor's address")

    def handle(self, *args: Any, **options: Any) -> None:
        if not demo.is_demo():
            raise CommandError("This site is not the demo any more; nothing was changed.")
        try:
            self.ask_and_leave(options)
        except (KeyboardInterrupt, EOFError):
            raise CommandError("Stopped; nothing was changed.") from None

    def ask_and_leave(self, options: dict[str, Any]) -> None:
        name = options["name"] or _asked("Name of the publication: ")
        zone = options["zone"] or _asked("Time zone [America/New_York]: ", "America/New_York")
        email = options["email"] or _asked("Email address of the first editor: ")
        try:
            validate_time_zone(zone)
            validate_email(email)
            password = os.environ.get("EDITOR_PASSWORD") if options["email"] else None
            password = password or getpass("Password of the first editor: ")
            validate_password(password, User(email=email))
        except ValidationError as error:
            raise CommandError(f"{' '.join(error.messages)} Nothing was changed.") from None
        self.leave(name, zone, email, password)
        self.stdout.write(f"This is {name} now. Log in at /admin/ as {email} and write the first story.")

    @transaction.atomic
    def leave(self, name: str, zone: str, email: str, password: str) -> None:
        demo.clear()
        demo.clear_topics_and_invented_companies()
        Publication.objects.all().delete()
        Publication.objects.create(pk=1, name=name, time_zone=zone)
        Newsletter.objects.filter(slug="daily").update(
            name=f"{name} daily", description="The day’s stories in one mail, every weekday morning."
        )
        User.objects.filter(email=os.environ.get("EDITOR_EMAIL", ""), email__endswith=".example").delete()
        if not User.objects.filter(email__iexact=email).exists():
            User.objects.create_superuser(email, password)


def _asked(question: str, default: str = "") -> str:
    while True:
        if answer := input(question).strip() or default:
            return answer
