"""Check no key of the narrow rows: that waits for whoever holds the exception, while the document is held that both wait for."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("exceptions", "0003_exceptions_listed"),
    ]

    operations = [
        migrations.AlterField(
            model_name="exceptionlisting",
            name="exception",
            field=models.OneToOneField(
                db_constraint=False,
                on_delete=django.db.models.deletion.CASCADE,
                primary_key=True,
                related_name="listing",
                serialize=False,
                to="exceptions.policyexception",
            ),
        ),
    ]
