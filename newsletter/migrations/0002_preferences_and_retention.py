import django.db.models.functions.text
from django.db import migrations, models

DIGESTS = """
UPDATE newsletter_suppression SET digest = encode(sha256(convert_to(lower(email), 'UTF8')), 'hex')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("newsletter", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="LinkRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "asked_at",
                    models.DateTimeField(blank=True, help_text="When somebody last typed in the address.", null=True),
                ),
                (
                    "replies",
                    models.PositiveSmallIntegerField(default=0, help_text="Replies since the person last confirmed."),
                ),
                (
                    "next_reply_at",
                    models.DateTimeField(blank=True, help_text="Until then, asking again brings no mail.", null=True),
                ),
                ("letter_due_at", models.DateTimeField(blank=True, null=True)),
                ("letter_tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "letter_failure",
                    models.CharField(blank=True, help_text="Why the last letter could not be sent.", max_length=300),
                ),
                ("email", models.EmailField(max_length=254)),
                (
                    "kind",
                    models.CharField(choices=[("preferences", "Preferences"), ("data", "Data")], max_length=12),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("letter_due_at"),
                        condition=models.Q(("letter_due_at__isnull", False)),
                        name="link_request_due",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("email"), models.F("kind"), name="link_request_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["preferences", "data"])), name="link_request_kind_known"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="edition",
            name="final_counts",
            field=models.JSONField(
                editable=False, help_text="Of mails by state, once the ledger itself is deleted.", null=True
            ),
        ),
        # A suppressed address is known by its digest from now on, so that the address itself can be erased.
        migrations.AlterModelOptions(
            name="suppression",
            options={
                "ordering": ["-created_at", "-pk"],
                "verbose_name": "suppressed address",
                "verbose_name_plural": "suppressed addresses",
            },
        ),
        migrations.RemoveConstraint(
            model_name="suppression",
            name="suppression_email_unique",
        ),
        migrations.AlterField(
            model_name="suppression",
            name="email",
            field=models.EmailField(blank=True, help_text="Empty when its owner had it erased.", max_length=254),
        ),
        migrations.AddField(
            model_name="suppression",
            name="digest",
            field=models.CharField(editable=False, help_text="SHA-256 of the address.", max_length=64, null=True),
        ),
        migrations.RunSQL(DIGESTS, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="suppression",
            name="digest",
            field=models.CharField(editable=False, help_text="SHA-256 of the address.", max_length=64, unique=True),
        ),
    ]
