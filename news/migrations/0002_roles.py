from django.contrib.auth.management import create_permissions
from django.db import migrations

from news.roles import make_roles


def make(apps, schema_editor):
    """Make the roles. Rights are stored after all migrations as a rule, so those that are not there come first."""
    for app in apps.get_app_configs():
        # A migration's own apps have no module of models, for which create_permissions looks.
        app.models_module = True
        create_permissions(app, apps=apps, verbosity=0)
        app.models_module = None
    make_roles(apps.get_model("auth", "Group").objects, apps.get_model("auth", "Permission").objects)


class Migration(migrations.Migration):
    dependencies = [
        ("news", "0001_initial"),
        ("tickers", "0001_initial"),
        ("newsletter", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
