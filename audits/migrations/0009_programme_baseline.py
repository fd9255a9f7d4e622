"""Let series carry frameworks, index audits by programme, and tell from the history with what start audits were approved."""

from django.conf import settings
from django.db import migrations, models


# The start at the moment of the approval, as the history has it; where it does not reach back that far, none.
TELL_FROM_HISTORY = """
UPDATE audits_audit AS audit SET approved_starts_on = told.starts_on
FROM (
    SELECT DISTINCT ON (event.pgh_obj_id) event.pgh_obj_id, event.starts_on, event.programme_id
    FROM audits_auditevent AS event
    JOIN audits_audit AS one ON one.record_ptr_id = event.pgh_obj_id
    JOIN audits_programme AS programme ON programme.record_ptr_id = one.programme_id
    WHERE programme.approved_at IS NOT NULL AND event.pgh_created_at <= programme.approved_at
    ORDER BY event.pgh_obj_id, event.pgh_created_at DESC, event.pgh_id DESC
) AS told
WHERE told.pgh_obj_id = audit.record_ptr_id
    AND told.programme_id = audit.programme_id
    AND audit.approved_starts_on IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_what_waits"),
        ("audits", "0008_findings_listed"),
        ("compliance", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="auditseries",
            name="frameworks",
            field=models.ManyToManyField(
                blank=True, related_name="+", to="compliance.framework", verbose_name="frameworks"
            ),
        ),
        migrations.AddIndex(
            model_name="auditlisting",
            index=models.Index(
                condition=models.Q(("programme__isnull", False)),
                fields=["programme", "starts_on"],
                include=("audit", "unit", "owner", "confidentiality", "is_archived", "state"),
                name="listing_programme",
            ),
        ),
        migrations.RunSQL(TELL_FROM_HISTORY, migrations.RunSQL.noop),
    ]
