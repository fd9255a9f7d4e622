"""Let actions be proposed: they count, and are done, only once another has agreed; list them by when that is to be decided."""

from importlib import import_module

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

before = import_module("foundation.actions.migrations.0007_corrective")

LISTED_BEFORE = before.KEEP.partition("\n\n")[2]
LISTED = LISTED_BEFORE.replace(
    "('done', 'effective', 'cancelled')", "('done', 'effective', 'cancelled', 'withdrawn')"
).replace(
    "WHEN record.state = 'to_verify'",
    "WHEN record.state IN ('proposed', 'returned') THEN coalesce(action.proposal_due_on, action.due_on)\n"
    "            WHEN record.state = 'to_verify'",
)

# The state is a column of the record, which no check of the action's own table can read. Deferred, since a step writes the
# state first, and then who took it.
AGREED = """
CREATE FUNCTION actions_agreed_on(of_action bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM actions_action AS action JOIN records_record AS record ON record.id = action.record_ptr_id
        WHERE action.record_ptr_id = of_action AND action.proposed_by_id IS NOT NULL AND action.agreed_by_id IS NULL
            AND record.state NOT IN ('proposed', 'returned', 'withdrawn')
    ) THEN
        RAISE EXCEPTION 'Nobody agreed on action %, which was proposed.', of_action
            USING ERRCODE = 'check_violation', CONSTRAINT = 'action_agreed_on';
    END IF;
END
$$;

CREATE FUNCTION actions_agreed_on_of_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM actions_agreed_on(NEW.record_ptr_id);
    RETURN NULL;
END
$$;

CREATE FUNCTION actions_agreed_on_of_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM actions_agreed_on(NEW.id);
    RETURN NULL;
END
$$;

CREATE CONSTRAINT TRIGGER actions_agreed_on_of_action
    AFTER INSERT OR UPDATE OF proposed_by_id, agreed_by_id ON actions_action DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.proposed_by_id IS NOT NULL) EXECUTE FUNCTION actions_agreed_on_of_action();

CREATE CONSTRAINT TRIGGER actions_agreed_on_of_record
    AFTER UPDATE OF state ON records_record DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW WHEN (NEW.kind = 'action' AND OLD.state IN ('proposed', 'returned', 'withdrawn'))
    EXECUTE FUNCTION actions_agreed_on_of_record();
"""

NOT_AGREED = """
DROP TRIGGER actions_agreed_on_of_record ON records_record;
DROP TRIGGER actions_agreed_on_of_action ON actions_action;
DROP FUNCTION actions_agreed_on_of_record();
DROP FUNCTION actions_agreed_on_of_action();
DROP FUNCTION actions_agreed_on(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("actions", "0012_proof_as_it_was_judged"),
        ("files", "0008_versions_are_fixed"),
        ("records", "0007_withheld_records"),
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
            name="agreed_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="agreed on by",
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="proposal_due_on",
            field=models.DateField(
                blank=True, editable=False, null=True, verbose_name="proposal to be decided or revised by"
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="proposed_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="proposed by",
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="returned_because",
            field=models.TextField(
                blank=True,
                db_default="",
                editable=False,
                max_length=10000,
                verbose_name="why it was returned",
            ),
        ),
        migrations.AddField(
            model_name="actionevent",
            name="agreed_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="agreed on by",
            ),
        ),
        migrations.AddField(
            model_name="actionevent",
            name="proposal_due_on",
            field=models.DateField(
                blank=True, editable=False, null=True, verbose_name="proposal to be decided or revised by"
            ),
        ),
        migrations.AddField(
            model_name="actionevent",
            name="proposed_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="proposed by",
            ),
        ),
        migrations.AddField(
            model_name="actionevent",
            name="returned_because",
            field=models.TextField(
                blank=True,
                db_default="",
                editable=False,
                max_length=10000,
                verbose_name="why it was returned",
            ),
        ),
        migrations.AlterField(
            model_name="actionlisting",
            name="state",
            field=models.CharField(
                choices=[
                    ("proposed", "Proposed"),
                    ("returned", "Returned"),
                    ("open", "Open"),
                    ("to_verify", "To be verified"),
                    ("verified", "Verified"),
                    ("effective", "Effective"),
                    ("done", "Done"),
                    ("cancelled", "Cancelled"),
                    ("withdrawn", "Withdrawn"),
                ],
                max_length=40,
                verbose_name="state",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="action",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "actions_actionevent" ("agreed_by_id", "description", "done_at", "done_by_id", "due_on", "effect", "effect_checked_at", "effect_checked_by_id", "effectiveness_days", "effectiveness_due_on", "nature", "open_because", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposal_due_on", "proposed_by_id", "record_ptr_id", "returned_because", "source_id", "times_reopened", "verification", "verification_due_on", "verified_at", "verified_by_id", "verifier_id") VALUES (NEW."agreed_by_id", NEW."description", NEW."done_at", NEW."done_by_id", NEW."due_on", NEW."effect", NEW."effect_checked_at", NEW."effect_checked_by_id", NEW."effectiveness_days", NEW."effectiveness_due_on", NEW."nature", NEW."open_because", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."record_ptr_id", NEW."proposal_due_on", NEW."proposed_by_id", NEW."record_ptr_id", NEW."returned_because", NEW."source_id", NEW."times_reopened", NEW."verification", NEW."verification_due_on", NEW."verified_at", NEW."verified_by_id", NEW."verifier_id"); RETURN NULL;',
                    hash="36b06fb80f35aa45bff33c54be587282b2e8bc73",
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
                    condition='WHEN (OLD."agreed_by_id" IS DISTINCT FROM (NEW."agreed_by_id") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."done_at" IS DISTINCT FROM (NEW."done_at") OR OLD."done_by_id" IS DISTINCT FROM (NEW."done_by_id") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."effect" IS DISTINCT FROM (NEW."effect") OR OLD."effect_checked_at" IS DISTINCT FROM (NEW."effect_checked_at") OR OLD."effect_checked_by_id" IS DISTINCT FROM (NEW."effect_checked_by_id") OR OLD."effectiveness_days" IS DISTINCT FROM (NEW."effectiveness_days") OR OLD."effectiveness_due_on" IS DISTINCT FROM (NEW."effectiveness_due_on") OR OLD."nature" IS DISTINCT FROM (NEW."nature") OR OLD."open_because" IS DISTINCT FROM (NEW."open_because") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."proposal_due_on" IS DISTINCT FROM (NEW."proposal_due_on") OR OLD."proposed_by_id" IS DISTINCT FROM (NEW."proposed_by_id") OR OLD."record_ptr_id" IS DISTINCT FROM (NEW."record_ptr_id") OR OLD."returned_because" IS DISTINCT FROM (NEW."returned_because") OR OLD."source_id" IS DISTINCT FROM (NEW."source_id") OR OLD."times_reopened" IS DISTINCT FROM (NEW."times_reopened") OR OLD."verification" IS DISTINCT FROM (NEW."verification") OR OLD."verification_due_on" IS DISTINCT FROM (NEW."verification_due_on") OR OLD."verified_at" IS DISTINCT FROM (NEW."verified_at") OR OLD."verified_by_id" IS DISTINCT FROM (NEW."verified_by_id") OR OLD."verifier_id" IS DISTINCT FROM (NEW."verifier_id"))',
                    func='INSERT INTO "actions_actionevent" ("agreed_by_id", "description", "done_at", "done_by_id", "due_on", "effect", "effect_checked_at", "effect_checked_by_id", "effectiveness_days", "effectiveness_due_on", "nature", "open_because", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "proposal_due_on", "proposed_by_id", "record_ptr_id", "returned_because", "source_id", "times_reopened", "verification", "verification_due_on", "verified_at", "verified_by_id", "verifier_id") VALUES (NEW."agreed_by_id", NEW."description", NEW."done_at", NEW."done_by_id", NEW."due_on", NEW."effect", NEW."effect_checked_at", NEW."effect_checked_by_id", NEW."effectiveness_days", NEW."effectiveness_due_on", NEW."nature", NEW."open_because", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."record_ptr_id", NEW."proposal_due_on", NEW."proposed_by_id", NEW."record_ptr_id", NEW."returned_because", NEW."source_id", NEW."times_reopened", NEW."verification", NEW."verification_due_on", NEW."verified_at", NEW."verified_by_id", NEW."verifier_id"); RETURN NULL;',
                    hash="79cd083375c7c43d242c10ef481abff82fb915b2",
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
                condition=models.Q(("agreed_by", models.F("proposed_by")), _negated=True),
                name="action_agreed_by_another",
            ),
        ),
        migrations.RunSQL(LISTED, LISTED_BEFORE),
        migrations.RunSQL(AGREED, NOT_AGREED),
    ]
