"""Note with each narrow row from which kind of record it follows, by which the calendar is narrowed to one duty."""

from importlib import import_module

from django.db import migrations, models

before = import_module("foundation.calendar.migrations.0002_narrow_dates")

# An action follows from a record, perhaps another action. It is written before its dates, or after: both ways are kept up.
# What an action follows from does not change later.
KEEP = """
CREATE FUNCTION calendar_root_kind(of_record bigint) RETURNS varchar LANGUAGE sql STABLE AS $$
    WITH RECURSIVE chain(id, depth) AS (
        SELECT of_record, 0
        UNION ALL
        SELECT action.source_id, chain.depth + 1
        FROM chain JOIN actions_action AS action ON action.record_ptr_id = chain.id WHERE chain.depth < 20
    )
    SELECT record.kind FROM chain JOIN records_record AS record ON record.id = chain.id
    ORDER BY chain.depth DESC LIMIT 1
$$;

CREATE OR REPLACE FUNCTION calendar_date_follow_deadline() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    became smallint := CASE WHEN NEW.closed_at IS NULL THEN 0 WHEN NEW.was_dropped THEN 2 ELSE 1 END;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.record_id = OLD.record_id THEN
        UPDATE calendar_calendardate
        SET due_on = NEW.due_on, due_at = NEW.due_at, outcome = became, assignee_id = NEW.assignee_id
        WHERE deadline_id = NEW.id;
        RETURN NULL;
    END IF;
    PERFORM 1 FROM records_record WHERE id = NEW.record_id FOR NO KEY UPDATE;
    INSERT INTO calendar_calendardate (
        deadline_id, record_id, kind, root_kind, due_on, due_at, outcome, confidentiality, unit_id, owner_id, assignee_id
    )
    SELECT NEW.id, record.id, record.kind, calendar_root_kind(record.id), NEW.due_on, NEW.due_at, became,
           record.confidentiality, record.unit_id, record.owner_id, NEW.assignee_id
    FROM records_record AS record WHERE record.id = NEW.record_id
    ON CONFLICT (deadline_id) DO UPDATE SET
        record_id = excluded.record_id, kind = excluded.kind, root_kind = excluded.root_kind, due_on = excluded.due_on,
        due_at = excluded.due_at, outcome = excluded.outcome, confidentiality = excluded.confidentiality,
        unit_id = excluded.unit_id, owner_id = excluded.owner_id, assignee_id = excluded.assignee_id;
    RETURN NULL;
END
$$;

CREATE OR REPLACE FUNCTION calendar_date_follow_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE calendar_calendardate
    SET kind = NEW.kind, confidentiality = NEW.confidentiality, unit_id = NEW.unit_id, owner_id = NEW.owner_id,
        root_kind = CASE WHEN NEW.kind = OLD.kind THEN root_kind ELSE calendar_root_kind(NEW.id) END
    WHERE record_id = NEW.id;
    RETURN NULL;
END
$$;

CREATE FUNCTION calendar_date_follow_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE calendar_calendardate SET root_kind = calendar_root_kind(record_id) WHERE record_id = NEW.record_ptr_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER calendar_date_follow_action AFTER INSERT OR UPDATE OF source_id ON actions_action
    FOR EACH ROW EXECUTE FUNCTION calendar_date_follow_action();
"""

LEAVE = f"""
DROP TRIGGER calendar_date_follow_action ON actions_action;
DROP FUNCTION calendar_date_follow_action();
{before.LEAVE}
DROP FUNCTION calendar_root_kind(bigint);
{before.KEEP}
"""

FILL = """
UPDATE calendar_calendardate SET root_kind = kind;
UPDATE calendar_calendardate SET root_kind = calendar_root_kind(record_id)
FROM actions_action AS action WHERE action.record_ptr_id = calendar_calendardate.record_id;
"""

INCLUDED = ("record", "kind", "root_kind", "due_on", "confidentiality", "unit", "owner", "assignee")


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0005_find_undone"),
        ("calendar", "0002_narrow_dates"),
    ]

    operations = [
        migrations.AddField(
            model_name="calendardate",
            name="root_kind",
            field=models.CharField(default="", max_length=40, verbose_name="kind of what it follows from"),
            preserve_default=False,
        ),
        migrations.RunSQL(KEEP, LEAVE),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="calendardate", name="calendar_date_due"),
        migrations.AddIndex(
            model_name="calendardate",
            index=models.Index(
                fields=["due_at", "outcome", "deadline"], include=INCLUDED, name="calendar_date_due"
            ),
        ),
    ]
