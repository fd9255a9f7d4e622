"""Let the state of an exercise go the ways that there are alone, and let one that is closed say for ever what it said."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

# State and title are columns of the record, which no trigger of the exercise's own table sees.
GUARD = """
CREATE FUNCTION response_record_goes_its_way() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'planned' THEN
            RAISE EXCEPTION 'An exercise begins as planned.' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.kind <> OLD.kind THEN
        RAISE EXCEPTION 'An exercise stays one.' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (
        ('planned', 'held'), ('planned', 'cancelled'), ('held', 'closed')
    ) THEN
        RAISE EXCEPTION 'An exercise does not go this way.' USING ERRCODE = 'check_violation';
    END IF;
    IF OLD.state IN ('closed', 'cancelled') AND (NEW.title, NEW.reference) IS DISTINCT FROM (OLD.title, OLD.reference) THEN
        RAISE EXCEPTION 'What a closed exercise says is fixed.' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER response_record_goes_its_way BEFORE UPDATE ON records_record
    FOR EACH ROW WHEN (OLD.kind = 'exercise') EXECUTE FUNCTION response_record_goes_its_way();
CREATE TRIGGER response_record_begins BEFORE INSERT ON records_record
    FOR EACH ROW WHEN (NEW.kind = 'exercise') EXECUTE FUNCTION response_record_goes_its_way();
"""

NO_GUARD = """
DROP TRIGGER response_record_begins ON records_record;
DROP TRIGGER response_record_goes_its_way ON records_record;
DROP FUNCTION response_record_goes_its_way();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("response", "0003_exercises_listed"),
    ]

    operations = [
        migrations.RunSQL(GUARD, NO_GUARD),
        pgtrigger.migrations.RemoveTrigger(
            model_name="exercise",
            name="exercise_fixed_once_closed",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="exercise",
            trigger=pgtrigger.compiler.Trigger(
                name="exercise_fixed_once_closed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    IF EXISTS (SELECT FROM records_record WHERE id = OLD.record_ptr_id AND state IN ('closed', 'cancelled'))\n            AND (NEW.record_ptr_id, NEW.plan_id, NEW.version_in_force_id, NEW.type, NEW.planned_on, NEW.rrule, NEW.held_on,\n                NEW.scenario, NEW.what_happened)\n            IS DISTINCT FROM\n            (OLD.record_ptr_id, OLD.plan_id, OLD.version_in_force_id, OLD.type, OLD.planned_on, OLD.rrule, OLD.held_on,\n                OLD.scenario, OLD.what_happened) THEN\n        RAISE EXCEPTION 'What a closed exercise says is fixed.' USING ERRCODE = 'check_violation';\n    END IF;\n    RETURN NEW;\n",
                    hash="75e4e9a903338ccfd860aedf504ed54a43ba5855",
                    operation="UPDATE",
                    pgid="pgtrigger_exercise_fixed_once_closed_13340",
                    table="response_exercise",
                    when="BEFORE",
                ),
            ),
        ),
    ]
