"""Keep who proposed an action once it is agreed on, and let none start as found not effective."""

from django.db import migrations, models

# Without who proposed it, whoever did could agree on it. While it is returned another may propose it again.
PROPOSED = """
CREATE FUNCTION actions_proposed_by_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Who proposed action % stays as it is.', NEW.record_ptr_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'action_proposed_by_stays';
END
$$;

CREATE TRIGGER actions_proposed_by_stays
    BEFORE UPDATE OF proposed_by_id ON actions_action
    FOR EACH ROW WHEN (
        NEW.proposed_by_id IS DISTINCT FROM OLD.proposed_by_id
        AND (OLD.proposed_by_id IS NULL OR NEW.proposed_by_id IS NULL OR OLD.agreed_by_id IS NOT NULL)
    )
    EXECUTE FUNCTION actions_proposed_by_stays();

CREATE TRIGGER actions_not_effective_from_the_start
    BEFORE INSERT ON actions_action
    FOR EACH ROW WHEN (NEW.times_reopened <> 0)
    EXECUTE FUNCTION actions_not_effective_from_the_start();
"""

COUNTED = """
CREATE FUNCTION actions_not_effective_from_the_start() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Action % is found not effective only once it was verified, and that is counted.', NEW.record_ptr_id
        USING ERRCODE = 'check_violation', CONSTRAINT = 'action_not_effective_once_verified';
END
$$;
"""

BACK = """
DROP TRIGGER actions_not_effective_from_the_start ON actions_action;
DROP TRIGGER actions_proposed_by_stays ON actions_action;
DROP FUNCTION actions_not_effective_from_the_start();
DROP FUNCTION actions_proposed_by_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0016_not_effective_once_verified"),
    ]

    operations = [
        migrations.RunSQL(COUNTED + PROPOSED, BACK),
        migrations.AlterField(
            model_name="action",
            name="agreed_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="when it was agreed on"
            ),
        ),
        migrations.AlterField(
            model_name="actionevent",
            name="agreed_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="when it was agreed on"
            ),
        ),
    ]
