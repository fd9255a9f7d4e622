"""Note with each narrow row the duty that its record names itself; find the first dates of each duty in a month."""

from importlib import import_module

from django.db import migrations, models

before = import_module("foundation.calendar.migrations.0003_by_duty")

# Which record another follows from in the end. The triggers of an app whose records name their duty ask it, and write `duty`.
KEEP = """
CREATE FUNCTION calendar_root(of_record bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
    WITH RECURSIVE chain(id, depth) AS (
        SELECT of_record, 0
        UNION ALL
        SELECT action.source_id, chain.depth + 1
        FROM chain JOIN actions_action AS action ON action.record_ptr_id = chain.id WHERE chain.depth < 20
    )
    SELECT id FROM chain ORDER BY depth DESC LIMIT 1
$$;
"""

LEAVE = "DROP FUNCTION calendar_root(bigint);"


class Migration(migrations.Migration):
    dependencies = [
        ("calendar", "0004_next_of_kind"),
    ]

    operations = [
        migrations.AddField(
            model_name="calendardate",
            name="duty",
            field=models.PositiveSmallIntegerField(db_default=0, default=0, verbose_name="duty"),
        ),
        migrations.RunSQL(KEEP, LEAVE),
        migrations.RemoveIndex(model_name="calendardate", name="calendar_date_due"),
        migrations.AddIndex(
            model_name="calendardate",
            index=models.Index(
                fields=["due_at", "outcome", "deadline"],
                include=("record", "kind", "root_kind", "duty", *before.INCLUDED[3:]),
                name="calendar_date_due",
            ),
        ),
        migrations.AddIndex(
            model_name="calendardate",
            index=models.Index(
                fields=["root_kind", "duty", "outcome", "due_at", "deadline"],
                include=("record", "kind", *before.INCLUDED[3:]),
                name="calendar_date_duty",
            ),
        ),
    ]
