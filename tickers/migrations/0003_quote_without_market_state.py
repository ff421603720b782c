from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("tickers", "0002_symbol_active_label"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="quote",
            name="quote_state_known",
        ),
        migrations.RemoveField(
            model_name="quote",
            name="market_state",
        ),
    ]
