"""Let corrective actions be verified and found to be effective, by others; list them by what they wait for."""

from importlib import import_module

import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

before = import_module("foundation.actions.migrations.0006_listing")

# What an action follows from does not change later, nor does the kind of a record.
KEEP = """
CREATE FUNCTION actions_root_kind(of_record bigint) RETURNS varchar LANGUAGE sql STABLE AS $$
    WITH RECURSIVE chain(id, depth) AS (
        SELECT of_record, 0
        UNION ALL
        SELECT action.source_id, chain.depth + 1
        FROM chain JOIN actions_action AS action ON action.record_ptr_id = chain.id WHERE chain.depth < 20
    )
    SELECT record.kind FROM chain JOIN records_record AS record ON record.id = chain.id
    ORDER BY chain.depth DESC LIMIT 1
$$;

CREATE OR REPLACE FUNCTION actions_listing_write(listed_id bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO actions_actionlisting (
        action_id, source_id, from_kind, root_kind, reference, title, needle, state, is_settled, nature, confidentiality,
        is_archived, unit_id, owner_id, verifier_id, due_on, done_at
    )
    SELECT
        record.id, action.source_id, source.kind, actions_root_kind(source.id), record.reference, record.title,
        lower(record.title || ' ' || record.reference), record.state,
        record.state IN ('done', 'effective', 'cancelled'), action.nature, record.confidentiality,
        record.archived_at IS NOT NULL, record.unit_id, record.owner_id, action.verifier_id,
        CASE
            WHEN record.state = 'to_verify' THEN coalesce(action.verification_due_on, action.due_on)
            WHEN record.state = 'verified' THEN coalesce(action.effectiveness_due_on, action.due_on)
            ELSE action.due_on
        END,
        action.done_at
    FROM actions_action AS action
    JOIN records_record AS record ON record.id = action.record_ptr_id
    JOIN records_record AS source ON source.id = action.source_id
    WHERE action.record_ptr_id = listed_id
    ON CONFLICT (action_id) DO UPDATE SET
        source_id = excluded.source_id, from_kind = excluded.from_kind, root_kind = excluded.root_kind,
        reference = excluded.reference, title = excluded.title, needle = excluded.needle, state = excluded.state,
        is_settled = excluded.is_settled, nature = excluded.nature, confidentiality = excluded.confidentiality,
        is_archived = excluded.is_archived, unit_id = excluded.unit_id, owner_id = excluded.owner_id,
        verifier_id = excluded.verifier_id, due_on = excluded.due_on, done_at = excluded.done_at
$$;
"""

LEAVE = before.WRITE.partition("\n\n")[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
LEAVE += "\nDROP FUNCTION actions_root_kind(bigint);"

# Whoever owns an action never judges it. The owner is a column of the record, which no check of the action's own table can
# read, and may change later: at the moment of judging it counts who owns it then.
INDEPENDENT = """
CREATE FUNCTION actions_action_judged_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    owner bigint := (SELECT owner_id FROM records_record WHERE id = NEW.record_ptr_id);
    was_verified_by bigint := CASE WHEN TG_OP = 'UPDATE' THEN OLD.verified_by_id END;
    was_checked_by bigint := CASE WHEN TG_OP = 'UPDATE' THEN OLD.effect_checked_by_id END;
BEGIN
    IF (NEW.verified_by_id = owner AND NEW.verified_by_id IS DISTINCT FROM was_verified_by)
        OR (NEW.effect_checked_by_id = owner AND NEW.effect_checked_by_id IS DISTINCT FROM was_checked_by)
    THEN
        RAISE EXCEPTION 'The owner of action % can not judge it.', NEW.record_ptr_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'action_judged_by_another';
    END IF;
    RETURN NEW;
END
$$;

CREATE TRIGGER actions_action_judged_by_another
    BEFORE INSERT OR UPDATE OF verified_by_id, effect_checked_by_id ON actions_action
    FOR EACH ROW EXECUTE FUNCTION actions_action_judged_by_another();
"""

NOT_INDEPENDENT = """
DROP TRIGGER actions_action_judged_by_another ON actions_action;
DROP FUNCTION actions_action_judged_by_another();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_what_waits"),
        ("actions", "0006_listing"),
        ("records", "0005_index_of_unit"),
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
        migrations.RemoveIndex(
            model_name="actionlisting",
            name="action_listing_due",
        ),
        migrations.RemoveIndex(
            model_name="actionlisting",
            name="action_listing_unit_due",
        ),
        migrations.RemoveIndex(
            model_name="actionlisting",
            name="action_listing_state_due",
        ),
        migrations.AddField(
            model_name="action",
            name="done_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="reported done by",
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="effect",
            field=models.TextField(
                blank=True, editable=False, max_length=10000, verbose_name="what shows that it worked"
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="effect_checked_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="effect checked at"
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="effect_checked_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="effect checked by",
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="effectiveness_days",
            field=models.PositiveSmallIntegerField(
                default=90,
                validators=[
                    django.core.validators.MinValueValidator(1, "Use a number of days between 1 and 730."),
                    django.core.validators.MaxValueValidator(730, "Use a number of days between 1 and 730."),
                ],
                verbose_name="days until the effect is checked",
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="effectiveness_due_on",
            field=models.DateField(
                blank=True, editable=False, null=True, verbose_name="effect to be checked on"
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="nature",
            field=models.CharField(
                choices=[("task", "Task"), ("corrective", "Corrective action")],
                default="task",
                max_length=12,
                verbose_name="nature",
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="open_because",
            field=models.TextField(
                blank=True, editable=False, max_length=10000, verbose_name="why it is open again"
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="times_reopened",
            field=models.PositiveSmallIntegerField(
                default=0, editable=False, verbose_name="times found not effective"
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="verification",
            field=models.TextField(
                blank=True, editable=False, max_length=10000, verbose_name="how it was verified"
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="verification_due_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="to be verified by"),
        ),
        migrations.AddField(
            model_name="action",
            name="verified_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="verified at"),
        ),
        migrations.AddField(
            model_name="action",
            name="verified_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="verified by",
            ),
        ),
        migrations.AddField(
            model_name="action",
            name="verifier",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="verifier",
            ),
        ),
        migrations.AddField(
            model_name="actionevent",
            name="done_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="reported done by",
            ),
        ),
        migrations.AddField(
            model_name="actionevent",
            name="effect",
            field=models.TextField(
                blank=True, editable=False, max_length=10000, verbose_name="what shows that it worked"
            ),
        ),
        migrations.AddField(
            model_name="actionevent",
            name="effect_checked_at",
            field=models.DateTimeField(
                blank=True, editable=False, null=True, verbose_name="effect checked at"
            ),
        ),
        migrations.AddField(
            model_name="actionevent",
            name="effect_checked_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="effect checked by",
            ),
        ),
        migrations.AddField(
            model_name="actionevent",
            name="effectiveness_days",
            field=models.PositiveSmallIntegerField(
                default=90,
                validators=[
                    django.core.validators.MinValueValidator(1, "Use a number of days between 1 and 730."),
                    django.core.validators.MaxValueValidator(730, "Use a number of days between 1 and 730."),
                ],
                verbose_name="days until the effect is checked",
            ),
        ),
        migrations.AddField(
            model_name="actionevent",
            name="effectiveness_due_on",
            field=models.DateField(
                blank=True, editable=False, null=True, verbose_name="effect to be checked on"
            ),
        ),
        migrations.AddField(
            model_name="actionevent",
            name="nature",
            field=models.CharField(
                choices=[("task", "Task"), ("corrective", "Corrective action")],
                default="task",
                max_length=12,
                verbose_name="nature",
            ),
        ),
        migrations.AddField(
            model_name="actionevent",
            name="open_because",
            field=models.TextField(
                blank=True, editable=False, max_length=10000, verbose_name="why it is open again"
            ),
        ),
        migrations.AddField(
            model_name="actionevent",
            name="times_reopened",
            field=models.PositiveSmallIntegerField(
                default=0, editable=False, verbose_name="times found not effective"
            ),
        ),
        migrations.AddField(
            model_name="actionevent",
            name="verification",
            field=models.TextField(
                blank=True, editable=False, max_length=10000, verbose_name="how it was verified"
            ),
        ),
        migrations.AddField(
            model_name="actionevent",
            name="verification_due_on",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="to be verified by"),
        ),
        migrations.AddField(
            model_name="actionevent",
            name="verified_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="verified at"),
        ),
        migrations.AddField(
            model_name="actionevent",
            name="verified_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="verified by",
            ),
        ),
        migrations.AddField(
            model_name="actionevent",
            name="verifier",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="verifier",
            ),
        ),
        migrations.AddField(
            model_name="actionlisting",
            name="from_kind",
            field=models.CharField(default="", max_length=40, verbose_name="kind of what it follows from"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="actionlisting",
            name="is_settled",
            field=models.BooleanField(default=False, verbose_name="settled"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="actionlisting",
            name="nature",
            field=models.CharField(
                choices=[("task", "Task"), ("corrective", "Corrective action")],
                default="task",
                max_length=12,
                verbose_name="nature",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="actionlisting",
            name="root_kind",
            field=models.CharField(default="", max_length=40, verbose_name="kind of where it started"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="actionlisting",
            name="verifier",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="verifier",
            ),
        ),
        migrations.AlterField(
            model_name="actionlisting",
            name="due_on",
            field=models.DateField(verbose_name="next due on"),
        ),
        migrations.AlterField(
            model_name="actionlisting",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "Open"),
                    ("to_verify", "To be verified"),
                    ("verified", "Verified"),
                    ("effective", "Effective"),
                    ("done", "Done"),
                    ("cancelled", "Cancelled"),
                ],
                max_length=40,
                verbose_name="state",
            ),
        ),
        migrations.AddIndex(
            model_name="actionlisting",
            index=models.Index(
                fields=["due_on", "action"],
                include=(
                    "unit",
                    "owner",
                    "confidentiality",
                    "is_archived",
                    "is_settled",
                    "state",
                    "nature",
                    "source",
                    "from_kind",
                    "root_kind",
                    "needle",
                ),
                name="action_listing_due",
            ),
        ),
        migrations.AddIndex(
            model_name="actionlisting",
            index=models.Index(
                fields=["unit", "due_on", "action"],
                include=(
                    "owner",
                    "confidentiality",
                    "is_archived",
                    "is_settled",
                    "state",
                    "nature",
                    "source",
                    "from_kind",
                    "root_kind",
                    "needle",
                ),
                name="action_listing_unit_due",
            ),
        ),
        migrations.AddIndex(
            model_name="actionlisting",
            index=models.Index(
                fields=["is_settled", "due_on", "action"],
                include=(
                    "unit",
                    "owner",
                    "confidentiality",
                    "is_archived",
                    "state",
                    "nature",
                    "source",
                    "from_kind",
                    "root_kind",
                    "needle",
                ),
                name="action_listing_settled_due",
            ),
        ),
        migrations.AddIndex(
            model_name="actionlisting",
            index=models.Index(
                condition=models.Q(("is_settled", False), ("verifier__isnull", False)),
                fields=["verifier", "due_on"],
                name="action_listing_verifier_due",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="action",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "actions_actionevent" ("description", "done_at", "done_by_id", "due_on", "effect", "effect_checked_at", "effect_checked_by_id", "effectiveness_days", "effectiveness_due_on", "nature", "open_because", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "record_ptr_id", "source_id", "times_reopened", "verification", "verification_due_on", "verified_at", "verified_by_id", "verifier_id") VALUES (NEW."description", NEW."done_at", NEW."done_by_id", NEW."due_on", NEW."effect", NEW."effect_checked_at", NEW."effect_checked_by_id", NEW."effectiveness_days", NEW."effectiveness_due_on", NEW."nature", NEW."open_because", NEW."outcome", _pgh_attach_context(), NOW(), \'insert\', NEW."record_ptr_id", NEW."record_ptr_id", NEW."source_id", NEW."times_reopened", NEW."verification", NEW."verification_due_on", NEW."verified_at", NEW."verified_by_id", NEW."verifier_id"); RETURN NULL;',
                    hash="b70f97aa41ec507dafadf982d8c134f4bcf21d9e",
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
                    condition='WHEN (OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."done_at" IS DISTINCT FROM (NEW."done_at") OR OLD."done_by_id" IS DISTINCT FROM (NEW."done_by_id") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."effect" IS DISTINCT FROM (NEW."effect") OR OLD."effect_checked_at" IS DISTINCT FROM (NEW."effect_checked_at") OR OLD."effect_checked_by_id" IS DISTINCT FROM (NEW."effect_checked_by_id") OR OLD."effectiveness_days" IS DISTINCT FROM (NEW."effectiveness_days") OR OLD."effectiveness_due_on" IS DISTINCT FROM (NEW."effectiveness_due_on") OR OLD."nature" IS DISTINCT FROM (NEW."nature") OR OLD."open_because" IS DISTINCT FROM (NEW."open_because") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."record_ptr_id" IS DISTINCT FROM (NEW."record_ptr_id") OR OLD."source_id" IS DISTINCT FROM (NEW."source_id") OR OLD."times_reopened" IS DISTINCT FROM (NEW."times_reopened") OR OLD."verification" IS DISTINCT FROM (NEW."verification") OR OLD."verification_due_on" IS DISTINCT FROM (NEW."verification_due_on") OR OLD."verified_at" IS DISTINCT FROM (NEW."verified_at") OR OLD."verified_by_id" IS DISTINCT FROM (NEW."verified_by_id") OR OLD."verifier_id" IS DISTINCT FROM (NEW."verifier_id"))',
                    func='INSERT INTO "actions_actionevent" ("description", "done_at", "done_by_id", "due_on", "effect", "effect_checked_at", "effect_checked_by_id", "effectiveness_days", "effectiveness_due_on", "nature", "open_because", "outcome", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "record_ptr_id", "source_id", "times_reopened", "verification", "verification_due_on", "verified_at", "verified_by_id", "verifier_id") VALUES (NEW."description", NEW."done_at", NEW."done_by_id", NEW."due_on", NEW."effect", NEW."effect_checked_at", NEW."effect_checked_by_id", NEW."effectiveness_days", NEW."effectiveness_due_on", NEW."nature", NEW."open_because", NEW."outcome", _pgh_attach_context(), NOW(), \'update\', NEW."record_ptr_id", NEW."record_ptr_id", NEW."source_id", NEW."times_reopened", NEW."verification", NEW."verification_due_on", NEW."verified_at", NEW."verified_by_id", NEW."verifier_id"); RETURN NULL;',
                    hash="0759dc519a854afa89b0f1f5b0a39f885a4833ff",
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
                condition=models.Q(("nature__in", ["task", "corrective"])), name="action_known_nature"
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(("effectiveness_days__range", (1, 730))),
                name="action_effectiveness_days",
                violation_error_message="Use a number of days between 1 and 730.",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(("verified_by", models.F("done_by")), _negated=True),
                name="action_verified_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(("effect_checked_by", models.F("done_by")), _negated=True),
                name="action_effect_checked_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("verified_at__isnull", True), ("verified_by__isnull", True)),
                    models.Q(
                        ("done_by__isnull", False),
                        ("nature", "corrective"),
                        ("verified_at__isnull", False),
                        ("verified_by__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="action_verified_once_done",
            ),
        ),
        migrations.RunSQL(KEEP, LEAVE),
        migrations.RunSQL(INDEPENDENT, NOT_INDEPENDENT),
        migrations.RunSQL(before.FILL, migrations.RunSQL.noop),
    ]
