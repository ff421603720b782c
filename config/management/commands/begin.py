"""`manage.py begin`: from an empty database to a publication that can print its first story."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from config import beginning, demo
from news.models import Article, Publication, Section
from newsletter.models import Newsletter
from tickers.models import Company


class Command(BaseCommand):
    help = "Begin a publication in an empty database: its name and first editor, sections, newsletters and the strip."

    def add_arguments(self, parser: ArgumentParser) -> None:
        beginning.add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        refuse_content()
        answers = beginning.ask(options)
        with transaction.atomic():
            demo.fill_start()
            said = answers.make()
        self.stdout.write(said)


def refuse_content() -> None:
    if demo.is_demo():
        raise CommandError(
            "This is the demo newsroom. Run leave_demo: it asks the same and clears the samples. Nothing was changed."
        )
    for model in (Publication, Article, Section, Company, Newsletter):
        if found := model._default_manager.first():
            raise CommandError(
                f"There is something here already, such as the {model._meta.verbose_name} “{found}”. "
                "A publication begins in an empty database; nothing was changed."
            )
