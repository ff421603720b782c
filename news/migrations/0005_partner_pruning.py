from django.db import migrations, models
from django.utils import timezone


def mark_pictures(apps, schema_editor):
    """Pictures of partners' stories are told apart from now on; they are rendered anew at the widths of their own."""
    pictures = apps.get_model("news", "Picture").objects
    of_partners = pictures.filter(partner_stories__isnull=False, lead_of=None).values("pk")
    pictures.filter(pk__in=of_partners).update(is_from_partner=True, rendered_key="")


class Migration(migrations.Migration):
    dependencies = [("news", "0004_roles_of_the_desk")]

    operations = [
        migrations.AddField(
            model_name="picture",
            name="is_from_partner",
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name="partnerstory",
            name="carried_at",
            field=models.DateTimeField(default=timezone.now, editable=False),
        ),
        migrations.RunPython(mark_pictures, migrations.RunPython.noop),
    ]
