"""`manage.py leave_demo`: clear the samples and set up the publication's own name, zone and first editor."""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from config import beginning, demo
from news.models import Publication, User


class Command(BaseCommand):
    help = "Delete the demo's samples and make this site your own. What you wrote yourself stays."

    def add_arguments(self, parser: ArgumentParser) -> None:
        beginning.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        if not demo.is_demo():
            raise CommandError("This site is not the demo any more; nothing was changed.")
        answers = beginning.ask(options)
        with transaction.atomic():
            pictures = demo.clear()
            demo.clear_topics_and_invented_companies()
            Publication.objects.all().delete()
            samples = User.objects.filter(email=os.environ.get("EDITOR_EMAIL", ""), email__endswith=".example")
            samples.exclude(email__iexact=answers.email).delete()
            said = answers.make()
        for picture in pictures:  # Now that no row shows them for sure.
            picture.delete_files()
        self.stdout.write(said)
