from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("compliance", "0004_what_was_read_of_files"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="edition",
            name="edition_file_once",
        ),
    ]
