"""Note with each date of an activity, and of the actions that follow from one, the duty that the activity is of."""

from django.db import migrations

KEEP = """
-- Whoever changes the duty meanwhile is waited for: the new date would be of the old one.
CREATE FUNCTION duties_date_duty() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.duty := 0;
    IF NEW.root_kind = 'activity' THEN
        SELECT coalesce(max(duty), 0) INTO NEW.duty FROM (
            SELECT duty FROM duties_activity WHERE record_ptr_id = calendar_root(NEW.record_id) FOR SHARE
        ) AS held;
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER duties_date_duty_add BEFORE INSERT ON calendar_calendardate
    FOR EACH ROW WHEN (NEW.root_kind = 'activity') EXECUTE FUNCTION duties_date_duty();

CREATE TRIGGER duties_date_duty_follow BEFORE UPDATE ON calendar_calendardate
    FOR EACH ROW WHEN (
        (NEW.root_kind = 'activity' OR OLD.root_kind = 'activity')
        AND (OLD.record_id, OLD.root_kind) IS DISTINCT FROM (NEW.record_id, NEW.root_kind)
    )
    EXECUTE FUNCTION duties_date_duty();

CREATE FUNCTION duties_date_follow_activity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE calendar_calendardate SET duty = NEW.duty WHERE record_id IN (
        WITH RECURSIVE below(id) AS (
            SELECT NEW.record_ptr_id
            UNION
            SELECT action.record_ptr_id FROM below JOIN actions_action AS action ON action.source_id = below.id
        )
        SELECT id FROM below
    );
    RETURN NULL;
END
$$;

CREATE TRIGGER duties_date_follow_activity AFTER UPDATE OF duty ON duties_activity
    FOR EACH ROW WHEN (OLD.duty IS DISTINCT FROM NEW.duty) EXECUTE FUNCTION duties_date_follow_activity();
"""

LEAVE = """
DROP TRIGGER duties_date_follow_activity ON duties_activity;
DROP FUNCTION duties_date_follow_activity();
DROP TRIGGER duties_date_duty_follow ON calendar_calendardate;
DROP TRIGGER duties_date_duty_add ON calendar_calendardate;
DROP FUNCTION duties_date_duty();
"""

FILL = """
UPDATE calendar_calendardate SET duty = activity.duty FROM duties_activity AS activity
WHERE calendar_calendardate.root_kind = 'activity' AND activity.record_ptr_id = calendar_root(calendar_calendardate.record_id)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("calendar", "0005_first_of_a_duty"),
        ("duties", "0004_evidence_packs"),
    ]

    operations = [
        migrations.RunSQL(KEEP, LEAVE),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
