from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("deadlines", "0007_no_index_of_met"),
    ]

    operations = [
        migrations.AddField(
            model_name="deadline",
            name="is_stuck",
            field=models.BooleanField(db_default=False, default=False, verbose_name="nobody may do it"),
        ),
    ]
