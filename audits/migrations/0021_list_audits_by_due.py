"""List audits by what is late or due next: the list opens so."""

from django.db import migrations, models

ASKED = ("owner", "confidentiality", "is_archived", "state", "type", "lead_auditor", "programme", "needle")


class Migration(migrations.Migration):
    dependencies = [
        ("audits", "0020_finding_keeps_what_was_audited"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="auditlisting", name="listing_due"),
        migrations.AddIndex(
            model_name="auditlisting",
            index=models.Index(fields=["next_due_on", "audit"], include=("unit", *ASKED), name="listing_due"),
        ),
        migrations.AddIndex(
            model_name="auditlisting",
            index=models.Index(
                fields=["unit", "next_due_on", "audit"], include=ASKED, name="listing_unit_due"
            ),
        ),
    ]
