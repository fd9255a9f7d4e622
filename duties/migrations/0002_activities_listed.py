"""Keep a narrow row beside each activity, which lists and counts read; and let none be done of which something is missing."""

from django.db import migrations

WRITE = """
CREATE FUNCTION duties_activitylisting_write(listed_id bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO duties_activitylisting (
        activity_id, reference, title, needle, state, duty, confidentiality, is_archived, unit_id, owner_id, due_on, late_on, done_on
    )
    SELECT
        record.id, record.reference, record.title, lower(record.title || ' ' || record.reference), record.state,
        activity.duty, record.confidentiality, record.archived_at IS NOT NULL, record.unit_id, record.owner_id,
        activity.due_on, CASE WHEN record.state IN ('planned', 'in_progress') THEN activity.due_on END, activity.done_on
    FROM duties_activity AS activity
    JOIN records_record AS record ON record.id = activity.record_ptr_id
    WHERE activity.record_ptr_id = listed_id
    ON CONFLICT (activity_id) DO UPDATE SET
        reference = excluded.reference, title = excluded.title, needle = excluded.needle, state = excluded.state,
        duty = excluded.duty, confidentiality = excluded.confidentiality, is_archived = excluded.is_archived,
        unit_id = excluded.unit_id, owner_id = excluded.owner_id, due_on = excluded.due_on, late_on = excluded.late_on,
        done_on = excluded.done_on
$$;

CREATE FUNCTION duties_activitylisting_follow_activity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM duties_activitylisting_write(NEW.record_ptr_id);
    RETURN NULL;
END
$$;

CREATE FUNCTION duties_activitylisting_follow_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM duties_activitylisting_write(NEW.id);
    RETURN NULL;
END
$$;

CREATE TRIGGER duties_activitylisting_follow_activity AFTER INSERT OR UPDATE ON duties_activity
    FOR EACH ROW EXECUTE FUNCTION duties_activitylisting_follow_activity();

CREATE TRIGGER duties_activitylisting_follow_record AFTER UPDATE ON records_record
    FOR EACH ROW WHEN (NEW.kind = 'activity' AND OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION duties_activitylisting_follow_record();
"""

LEAVE = """
DROP TRIGGER duties_activitylisting_follow_record ON records_record;
DROP TRIGGER duties_activitylisting_follow_activity ON duties_activity;
DROP FUNCTION duties_activitylisting_follow_record();
DROP FUNCTION duties_activitylisting_follow_activity();
DROP FUNCTION duties_activitylisting_write(bigint);
"""

CHECK = """
CREATE FUNCTION duties_activity_is_complete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM duties_activity WHERE record_ptr_id = NEW.id AND outcome !~ '\\S')
            OR EXISTS (SELECT FROM duties_checklistitem WHERE activity_id = NEW.id AND is_required AND ticked_at IS NULL) THEN
        RAISE EXCEPTION 'An activity is done once its outcome is written and its checklist ticked.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER duties_activity_is_complete BEFORE UPDATE ON records_record
    FOR EACH ROW WHEN (NEW.kind = 'activity' AND NEW.state IN ('sign_off', 'done') AND OLD.state IS DISTINCT FROM NEW.state)
    EXECUTE FUNCTION duties_activity_is_complete();
"""

LEAVE_CHECK = """
DROP TRIGGER duties_activity_is_complete ON records_record;
DROP FUNCTION duties_activity_is_complete();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("duties", "0001_activities"),
    ]

    operations = [
        migrations.RunSQL(WRITE, LEAVE),
        migrations.RunSQL(CHECK, LEAVE_CHECK),
    ]
