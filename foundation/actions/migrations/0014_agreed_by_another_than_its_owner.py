"""Let nobody agree on a proposal that the person would own; afterwards another may own it, who agreed on it too."""

from django.db import migrations

# The owner is a column of the record, which no check of the action's own table can read. Asked at once, as who agrees is
# written: whoever owns it later is another matter.
ANOTHER = """
CREATE FUNCTION actions_agreed_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM records_record AS record
        WHERE record.id = NEW.record_ptr_id AND record.owner_id = NEW.agreed_by_id
    ) THEN
        RAISE EXCEPTION 'The owner of action % can not agree on it.', NEW.record_ptr_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'action_agreed_by_another';
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER actions_agreed_by_another_from_the_start
    AFTER INSERT ON actions_action
    FOR EACH ROW WHEN (NEW.agreed_by_id IS NOT NULL) EXECUTE FUNCTION actions_agreed_by_another();

CREATE TRIGGER actions_agreed_by_another
    AFTER UPDATE OF agreed_by_id ON actions_action
    FOR EACH ROW WHEN (NEW.agreed_by_id IS NOT NULL AND NEW.agreed_by_id IS DISTINCT FROM OLD.agreed_by_id)
    EXECUTE FUNCTION actions_agreed_by_another();
"""

NOT_ANOTHER = """
DROP TRIGGER actions_agreed_by_another ON actions_action;
DROP TRIGGER actions_agreed_by_another_from_the_start ON actions_action;
DROP FUNCTION actions_agreed_by_another();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0013_proposals"),
    ]

    operations = [
        migrations.RunSQL(ANOTHER, NOT_ANOTHER),
    ]
