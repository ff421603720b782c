"""`manage.py demo`: fill or refill the demo newsroom."""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config import demo
from news.models import User
from tickers import history
from tickers.tasks import refresh_quotes


class Command(BaseCommand):
    help = "Fill the database with the demo newsroom. A database that has other content is never touched."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--if-empty", action="store_true", help="do nothing when there is a publication already")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_empty"] and not demo.is_empty():
            return
        try:
            demo.fill()
        except demo.OwnContent as found:
            raise CommandError(
                f"This database has content of its own, such as the {found}. The demo only goes into an empty "
                "database or over its own samples; nothing was changed."
            ) from None
        email, password = os.environ.get("EDITOR_EMAIL"), os.environ.get("EDITOR_PASSWORD")
        if email and password and not User.objects.exists():
            User.objects.create_superuser(email, password, first_name="Demo", last_name="Editor")
        refresh_quotes()
        history.fill()
        demo.fill_archive()
        self.stdout.write("The demo newsroom is ready.")
