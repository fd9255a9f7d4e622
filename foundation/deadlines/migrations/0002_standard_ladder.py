"""Give every installation the ladder that dates are reminded of unless their kind names another."""

from django.db import migrations

STANDARD = {
    "name": "Standard",
    "days_before": [30, 7, 1],
    "on_the_day": True,
    "late_daily_for": 3,
    "late_weekly": True,
    "escalate_after": 3,
}


def standard_make(apps, schema_editor):
    ladders = apps.get_model("deadlines", "Ladder").objects.using(schema_editor.connection.alias)
    ladders.get_or_create(key="standard", defaults=STANDARD)


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0001_initial")]

    operations = [migrations.RunPython(standard_make, migrations.RunPython.noop)]
