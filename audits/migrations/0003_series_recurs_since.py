"""Call the series' day by what it says: since when it recurs."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audits", "0002_listing_and_states")]

    operations = [
        migrations.RenameField(model_name="auditseries", old_name="created_at", new_name="recurs_since"),
        migrations.AlterField(
            model_name="auditseries",
            name="recurs_since",
            field=models.DateTimeField(editable=False, verbose_name="recurs since"),
        ),
    ]
