from django.db import migrations

# What was asked for before: each auditee of an audit knows of the own requests alone.
WITHHOLD = """
    INSERT INTO records_withheld (record_id, user_id)
    SELECT request.record_ptr_id, part.user_id
    FROM audits_evidencerequest AS request
    JOIN records_participant AS part ON part.record_id = request.audit_id AND part.role = 'audits.auditee'
    ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audits", "0017_files_as_they_were_judged"),
        ("records", "0007_withheld_records"),
    ]

    operations = [migrations.RunSQL(WITHHOLD, migrations.RunSQL.noop)]
