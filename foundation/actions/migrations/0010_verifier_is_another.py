"""Let nobody be named to verify an action that the person owns; whoever is, gives way."""

from django.db import migrations

# Of what is settled, who verified it stays named. Where nobody is left, the hourly task names somebody, tells
# the person and writes it to the trail: it asks who may, which is no matter of a migration.
GIVE_WAY = """
UPDATE actions_action AS action
SET verifier_id = CASE
    WHEN record.state IN ('effective', 'done', 'cancelled') THEN nullif(action.verified_by_id, record.owner_id)
END
FROM records_record AS record
WHERE record.id = action.record_ptr_id AND action.verifier_id = record.owner_id;

DELETE FROM records_participant AS part USING records_record AS record
WHERE record.id = part.record_id AND record.kind = 'action' AND part.role = 'actions.verifier'
    AND part.user_id = record.owner_id;

-- What waits for the end of the transaction would stand in the way of the triggers.
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""

# The owner is a column of the record, which no check of the action's own table can read. Deferred, since both change in one
# transaction when a person leaves.
ANOTHER = """
CREATE FUNCTION actions_verifier_is_another(of_action bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM actions_action AS action JOIN records_record AS record ON record.id = action.record_ptr_id
        WHERE action.record_ptr_id = of_action AND action.verifier_id = record.owner_id
    ) THEN
        RAISE EXCEPTION 'The owner of action % can not be its verifier.', of_action
            USING ERRCODE = 'check_violation', CONSTRAINT = 'action_verifier_is_another';
    END IF;
END
$$;

CREATE FUNCTION actions_verifier_is_another_of_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM actions_verifier_is_another(NEW.record_ptr_id);
    RETURN NULL;
END
$$;

CREATE FUNCTION actions_verifier_is_another_of_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM actions_verifier_is_another(NEW.id);
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER actions_verifier_is_another_of_action
    AFTER INSERT OR UPDATE OF verifier_id ON actions_action DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.verifier_id IS NOT NULL) EXECUTE FUNCTION actions_verifier_is_another_of_action();

CREATE CONSTRAINT TRIGGER actions_verifier_is_another_of_record
    AFTER UPDATE OF owner_id ON records_record DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.kind = 'action' AND OLD.owner_id IS DISTINCT FROM NEW.owner_id)
    EXECUTE FUNCTION actions_verifier_is_another_of_record();
"""

NOT_ANOTHER = """
DROP TRIGGER actions_verifier_is_another_of_record ON records_record;
DROP TRIGGER actions_verifier_is_another_of_action ON actions_action;
DROP FUNCTION actions_verifier_is_another_of_record();
DROP FUNCTION actions_verifier_is_another_of_action();
DROP FUNCTION actions_verifier_is_another(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0009_count_what_is_judged"),
        ("records", "0006_what_was_chosen_with_a_file"),
    ]

    operations = [
        migrations.RunSQL(GIVE_WAY, migrations.RunSQL.noop),
        migrations.RunSQL(ANOTHER, NOT_ANOTHER),
    ]
