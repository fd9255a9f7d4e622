from django.db import migrations

# What was made before files could be fixed: its digest is in the trail, so nobody puts another version in its place.
FIX = """
UPDATE files_file SET is_fixed = true
WHERE id IN (SELECT file_id FROM audits_auditreport UNION SELECT table_id FROM audits_auditreport)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audits", "0014_list_findings_by_answer"),
        ("files", "0007_made_by_the_portal"),
    ]

    operations = [
        migrations.RunSQL(FIX, reverse_sql=migrations.RunSQL.noop),
    ]
