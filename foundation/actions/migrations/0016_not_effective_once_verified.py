"""Let an action be found not effective only once it was verified, and count it for ever."""

from django.db import migrations, models

# The step clears what was judged, and counts: what it started from is in the row before. The state is a column of the record,
# which the step has written by then.
COUNTED = """
CREATE FUNCTION actions_not_effective_once_verified() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.times_reopened <> OLD.times_reopened + 1 OR OLD.verified_at IS NULL OR OLD.effect_checked_at IS NOT NULL
        OR NEW.verified_at IS NOT NULL OR NEW.done_at IS NOT NULL OR NEW.open_because = ''
        OR NOT EXISTS (SELECT FROM records_record WHERE id = NEW.record_ptr_id AND state = 'open')
    THEN
        RAISE EXCEPTION 'Action % is found not effective only once it was verified, and that is counted.', NEW.record_ptr_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'action_not_effective_once_verified';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER actions_not_effective_once_verified
    BEFORE UPDATE OF times_reopened ON actions_action
    FOR EACH ROW WHEN (NEW.times_reopened IS DISTINCT FROM OLD.times_reopened)
    EXECUTE FUNCTION actions_not_effective_once_verified();
"""

NOT_COUNTED = """
DROP TRIGGER actions_not_effective_once_verified ON actions_action;
DROP FUNCTION actions_not_effective_once_verified();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0015_agreed_by_whom_and_when"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("effect_checked_at__isnull", True), ("effect_checked_by__isnull", True)),
                    models.Q(
                        ("effect_checked_at__isnull", False),
                        ("effect_checked_by__isnull", False),
                        ("verified_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="action_effect_checked_once_verified",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(("times_reopened", 0), ("nature", "corrective"), _connector="OR"),
                name="action_not_effective_if_corrective",
            ),
        ),
        migrations.RunSQL(COUNTED, NOT_COUNTED),
    ]
