"""Let an audit's report wait for its approval: the state between reporting and follow-up."""

from django.db import migrations

BEFORE = ("planned", "preparing", "fieldwork", "reporting", "follow_up", "closed", "cancelled")
AFTER = (*BEFORE, "report_review")


def known(states: tuple[str, ...]) -> str:
    listed = ", ".join(f"'{state}'" for state in states)
    return f"""
        ALTER TABLE records_record DROP CONSTRAINT audit_known_state;
        ALTER TABLE records_record ADD CONSTRAINT audit_known_state CHECK (
            kind <> 'audit' OR state IN ({listed})
        );
    """


class Migration(migrations.Migration):
    dependencies = [("audits", "0009_programme_baseline")]

    operations = [migrations.RunSQL(known(AFTER), known(BEFORE))]
