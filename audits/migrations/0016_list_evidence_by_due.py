"""Let lists of evidence requests be read in the order of their dates, those without one among them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audits", "0015_reports_stay_as_made")]

    operations = [
        migrations.RemoveIndex(model_name="evidencelisting", name="evidence_listing_due"),
        migrations.AddIndex(
            model_name="evidencelisting",
            index=models.Index(
                fields=["due_on", "evidence_request"],
                include=("unit", "owner", "confidentiality", "is_archived", "state", "audit", "needle"),
                name="evidence_listing_answer_due",
            ),
        ),
    ]
