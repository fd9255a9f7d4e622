"""Write who agreed on each action, and when, also of those that nobody proposed."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

# Whoever agrees on an action without a proposal may own it as well; only a proposal is agreed on by another than its owner.
OF_PROPOSALS = """
DROP TRIGGER actions_agreed_by_another ON actions_action;
DROP TRIGGER actions_agreed_by_another_from_the_start ON actions_action;

CREATE TRIGGER actions_agreed_by_another_from_the_start
    AFTER INSERT ON actions_action
    FOR EACH ROW WHEN (NEW.proposed_by_id IS NOT NULL AND NEW.agreed_by_id IS NOT NULL)
    EXECUTE FUNCTION actions_agreed_by_another();

CREATE TRIGGER actions_agreed_by_another
    AFTER UPDATE OF agreed_by_id ON actions_action
    FOR EACH ROW WHEN (
        NEW.proposed_by_id IS NOT NULL AND NEW.agreed_by_id IS NOT NULL
        AND NEW.agreed_by_id IS DISTINCT FROM OLD.agreed_by_id
    )
    EXECUTE FUNCTION actions_agreed_by_another();
"""

OF_ALL = """
DROP TRIGGER actions_agreed_by_another ON actions_action;
DROP TRIGGER actions_agreed_by_another_from_the_start ON actions_action;

CREATE TRIGGER actions_agreed_by_another_from_the_start
    AFTER INSERT ON actions_action
    FOR EACH ROW WHEN (NEW.agreed_by_id IS NOT NULL) EXECUTE FUNCTION actions_agreed_by_another();

CREATE TRIGGER actions_agreed_by_another
    AFTER UPDATE OF agreed_by_id ON actions_action
    FOR EACH ROW WHEN (NEW.agreed_by_id IS NOT NULL AND NEW.agreed_by_id IS DISTINCT FROM OLD.agreed_by_id)
    EXECUTE FUNCTION actions_agreed_by_another();
"""

# Whoever wrote an action that nobody proposed agreed on it; of a proposal the trail tells when. Before the history is kept
# again: it is no change of the action.
WHO_AGREED = """
UPDATE actions_action AS action SET agreed_by_id = record.created_by_id, agreed_at = record.created_at
FROM records_record AS record
WHERE record.id = action.record_ptr_id AND action.proposed_by_id IS NULL AND action.agreed_by_id IS NULL
    AND record.created_by_id IS NOT NULL;

UPDATE actions_action AS action SET agreed_at = coalesce(
    (SELECT max(entry.at) FROM trail_entry AS entry
     WHERE entry.record_id = action.record_ptr_id AND entry.action = 'actions.action.agree'),
    record.created_at)
FROM records_record AS record
WHERE record.id = action.record_ptr_id AND action.proposed_by_id IS NOT NULL AND action.agreed_by_id IS NOT NULL;

SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0014_agreed_by_another_than_its_owner"),
        ("files", "0008_versions_are_fixed"),
        ("records", "0007_withheld_records"),
        ("trail", "0003_words"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="action",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="action",
            name="update_update",
        ),
        migrations.AddField(
            model_name="action",
            name="agreed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="agreed on at"),
        ),
        migrations.AddField(
            model_name="actionevent",
            name="agreed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="agreed on at"),
        ),
        migrations.RunSQL(OF_PROPOSALS, OF_ALL),
        migrations.RunSQL(WHO_AGREED, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name="action",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "actions_actionevent" ("agreed_at", "agreed_by_id", "description", "done_at", "done_by_id", "due_on", "effect", "effect_checked_at", "effect_checked_by_id", "effectiveness_days", "effectiveness_due_on", "nature", "open_because", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposal_due_on", "proposed_by_id", "record_ptr_id", "returned_because", "source_id", "times_reopened", "verification", "verification_due_on", "verified_at", "verified_by_id", "verifier_id") VALUES (NEW."agreed_at", NEW."agreed_by_id", NEW."description", NEW."done_at", NEW."done_by_id", NEW."due_on", NEW."effect", NEW."effect_checked_at", NEW."effect_checked_by_id", NEW."effectiveness_days", NEW."effectiveness_due_on", NEW."nature", NEW."open_because", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."record_ptr_id", NEW."proposal_due_on", NEW."proposed_by_id", NEW."record_ptr_id", NEW."returned_because", NEW."source_id", NEW."times_reopened", NEW."verification", NEW."verification_due_on", NEW."verified_at", NEW."verified_by_id", NEW."verifier_id"); RETURN NULL;',
                    hash="bd06ebe5d171246e52e614593c2f3145b1fa0d60",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_bc7f0",
                    table="actions_action",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="action",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."agreed_at" IS DISTINCT FROM (NEW."agreed_at") OR OLD."agreed_by_id" IS DISTINCT FROM (NEW."agreed_by_id") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."done_at" IS DISTINCT FROM (NEW."done_at") OR OLD."done_by_id" IS DISTINCT FROM (NEW."done_by_id") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."effect" IS DISTINCT FROM (NEW."effect") OR OLD."effect_checked_at" IS DISTINCT FROM (NEW."effect_checked_at") OR OLD."effect_checked_by_id" IS DISTINCT FROM (NEW."effect_checked_by_id") OR OLD."effectiveness_days" IS DISTINCT FROM (NEW."effectiveness_days") OR OLD."effectiveness_due_on" IS DISTINCT FROM (NEW."effectiveness_due_on") OR OLD."nature" IS DISTINCT FROM (NEW."nature") OR OLD."open_because" IS DISTINCT FROM (NEW."open_because") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."proposal_due_on" IS DISTINCT FROM (NEW."proposal_due_on") OR OLD."proposed_by_id" IS DISTINCT FROM (NEW."proposed_by_id") OR OLD."record_ptr_id" IS DISTINCT FROM (NEW."record_ptr_id") OR OLD."returned_because" IS DISTINCT FROM (NEW."returned_because") OR OLD."source_id" IS DISTINCT FROM (NEW."source_id") OR OLD."times_reopened" IS DISTINCT FROM (NEW."times_reopened") OR OLD."verification" IS DISTINCT FROM (NEW."verification") OR OLD."verification_due_on" IS DISTINCT FROM (NEW."verification_due_on") OR OLD."verified_at" IS DISTINCT FROM (NEW."verified_at") OR OLD."verified_by_id" IS DISTINCT FROM (NEW."verified_by_id") OR OLD."verifier_id" IS DISTINCT FROM (NEW."verifier_id"))',
                    func='INSERT INTO "actions_actionevent" ("agreed_at", "agreed_by_id", "description", "done_at", "done_by_id", "due_on", "effect", "effect_checked_at", "effect_checked_by_id", "effectiveness_days", "effectiveness_due_on", "nature", "open_because", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposal_due_on", "proposed_by_id", "record_ptr_id", "returned_because", "source_id", "times_reopened", "verification", "verification_due_on", "verified_at", "verified_by_id", "verifier_id") VALUES (NEW."agreed_at", NEW."agreed_by_id", NEW."description", NEW."done_at", NEW."done_by_id", NEW."due_on", NEW."effect", NEW."effect_checked_at", NEW."effect_checked_by_id", NEW."effectiveness_days", NEW."effectiveness_due_on", NEW."nature", NEW."open_because", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."record_ptr_id", NEW."proposal_due_on", NEW."proposed_by_id", NEW."record_ptr_id", NEW."returned_because", NEW."source_id", NEW."times_reopened", NEW."verification", NEW."verification_due_on", NEW."verified_at", NEW."verified_by_id", NEW."verifier_id"); RETURN NULL;',
                    hash="c06e24d191cf6d125ef5eae258c51551f7d7121f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_1d90e",
                    table="actions_action",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("agreed_at__isnull", True), ("agreed_by__isnull", True)),
                    models.Q(("agreed_at__isnull", False), ("agreed_by__isnull", False)),
                    _connector="OR",
                ),
                name="action_agreed_once",
            ),
        ),
    ]
