from importlib import import_module

from django.db import migrations

make = import_module("news.migrations.0002_roles").make


class Migration(migrations.Migration):
    """Editors may correct, curate the front page and break news."""

    dependencies = [("news", "0003_corrections_slots_breaking")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
