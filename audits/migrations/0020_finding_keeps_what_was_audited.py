"""Keep with each finding what its requirement said in the version that was audited, which was told from days before."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# By the rule that told it until now. Before the history is kept again: it is no change of the finding.
AS_AUDITED = """
UPDATE audits_finding AS finding SET text_id = coalesce(
    (SELECT checked.text_id FROM audits_check AS checked WHERE checked.id = finding.from_check_id),
    (
        SELECT said.id
        FROM compliance_requirementtext AS said
        JOIN compliance_edition AS edition ON edition.id = said.edition_id
        JOIN compliance_framework AS framework ON framework.record_ptr_id = edition.framework_id
        CROSS JOIN LATERAL (
            SELECT EXISTS (
                SELECT FROM audits_check AS checked JOIN compliance_requirementtext AS tested ON tested.id = checked.text_id
                WHERE checked.audit_id = finding.audit_id AND tested.edition_id = edition.id
            ) AS is_tested
        ) AS of_audit
        WHERE said.requirement_id = finding.requirement_id AND edition.accepted_at IS NOT NULL
        ORDER BY of_audit.is_tested OR edition.accepted_at <= record.created_at DESC, of_audit.is_tested DESC,
            said.is_withdrawn, framework.current_id IS NOT DISTINCT FROM edition.id DESC, edition.number DESC
        LIMIT 1
    ))
FROM records_record AS record
WHERE record.id = finding.record_ptr_id AND finding.requirement_id IS NOT NULL;

SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("audits", "0019_accepted_by_another"),
        ("compliance", "0005_one_file_for_several_editions"),
        ("records", "0007_withheld_records"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="finding",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="finding",
            name="update_update",
        ),
        migrations.AddField(
            model_name="finding",
            name="text",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                help_text="In the version that was audited.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="compliance.requirementtext",
                verbose_name="text of the requirement",
            ),
        ),
        migrations.AddField(
            model_name="findingevent",
            name="text",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                help_text="In the version that was audited.",
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="compliance.requirementtext",
                verbose_name="text of the requirement",
            ),
        ),
        migrations.RunSQL(AS_AUDITED, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name="finding",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "audits_findingevent" ("answer_due_on", "audit_id", "closed_at", "correction", "description", "evidence", "from_check_id", "grade", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_on", "record_ptr_id", "requirement_id", "response", "risk", "root_cause", "text_id", "whys") VALUES (NEW."answer_due_on", NEW."audit_id", NEW."closed_at", NEW."correction", NEW."description", NEW."evidence", NEW."from_check_id", NEW."grade", _pgh_attach_context(), NOW(), \'insert\', NEW."record_ptr_id", NEW."raised_on", NEW."record_ptr_id", NEW."requirement_id", NEW."response", NEW."risk", NEW."root_cause", NEW."text_id", NEW."whys"); RETURN NULL;',
                    hash="78a63e8918a6c9134d6adf3e3ce1a1253aed9e58",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a7fc3",
                    table="audits_finding",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="finding",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."answer_due_on" IS DISTINCT FROM (NEW."answer_due_on") OR OLD."audit_id" IS DISTINCT FROM (NEW."audit_id") OR OLD."closed_at" IS DISTINCT FROM (NEW."closed_at") OR OLD."correction" IS DISTINCT FROM (NEW."correction") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."evidence" IS DISTINCT FROM (NEW."evidence") OR OLD."from_check_id" IS DISTINCT FROM (NEW."from_check_id") OR OLD."grade" IS DISTINCT FROM (NEW."grade") OR OLD."raised_on" IS DISTINCT FROM (NEW."raised_on") OR OLD."record_ptr_id" IS DISTINCT FROM (NEW."record_ptr_id") OR OLD."requirement_id" IS DISTINCT FROM (NEW."requirement_id") OR OLD."response" IS DISTINCT FROM (NEW."response") OR OLD."risk" IS DISTINCT FROM (NEW."risk") OR OLD."root_cause" IS DISTINCT FROM (NEW."root_cause") OR OLD."text_id" IS DISTINCT FROM (NEW."text_id") OR OLD."whys" IS DISTINCT FROM (NEW."whys"))',
                    func='INSERT INTO "audits_findingevent" ("answer_due_on", "audit_id", "closed_at", "correction", "description", "evidence", "from_check_id", "grade", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_on", "record_ptr_id", "requirement_id", "response", "risk", "root_cause", "text_id", "whys") VALUES (NEW."answer_due_on", NEW."audit_id", NEW."closed_at", NEW."correction", NEW."description", NEW."evidence", NEW."from_check_id", NEW."grade", _pgh_attach_context(), NOW(), \'update\', NEW."record_ptr_id", NEW."raised_on", NEW."record_ptr_id", NEW."requirement_id", NEW."response", NEW."risk", NEW."root_cause", NEW."text_id", NEW."whys"); RETURN NULL;',
                    hash="5c0e146a448b1bf24bbf0e59f68a84dcc3b31e98",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_79e16",
                    table="audits_finding",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="finding",
            constraint=models.CheckConstraint(
                condition=models.Q(("text__isnull", True), ("requirement__isnull", False), _connector="OR"),
                name="finding_text_of_requirement",
            ),
        ),
    ]
