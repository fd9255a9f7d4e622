from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("files", "0006_kept_from_a_part"),
    ]

    operations = [
        migrations.AddField(
            model_name="file",
            name="is_fixed",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, verbose_name="made by the portal"
            ),
        ),
    ]
