"""Keep a narrow row beside each finding, which lists read, and know the states of findings."""

import datetime
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


WRITE = """
-- Whether a finding repeats an earlier one changes with those before it: for all of a requirement and a unit at once.
CREATE FUNCTION audits_findinglisting_repeats(of_requirement bigint, of_unit bigint) RETURNS void LANGUAGE sql AS $$
    UPDATE audits_findinglisting AS listed SET has_earlier = told.has_earlier
    FROM (
        SELECT one.finding_id, EXISTS (
            SELECT 1 FROM audits_findinglisting AS earlier
            WHERE earlier.requirement_id = of_requirement AND earlier.unit_id = of_unit
                AND earlier.finding_id < one.finding_id AND earlier.audit_id <> one.audit_id
                AND earlier.state <> 'withdrawn'
        ) AS has_earlier
        FROM audits_findinglisting AS one
        WHERE one.requirement_id = of_requirement AND one.unit_id = of_unit
    ) AS told
    WHERE listed.finding_id = told.finding_id AND listed.has_earlier <> told.has_earlier
$$;

CREATE FUNCTION audits_findinglisting_write(listed_id bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    was audits_findinglisting;
    became audits_findinglisting;
BEGIN
    SELECT * INTO was FROM audits_findinglisting WHERE finding_id = listed_id;
    INSERT INTO audits_findinglisting AS listed (
        finding_id, audit_id, requirement_id, framework_id, reference, title, needle, grade, state, confidentiality,
        is_archived, unit_id, owner_id, due_on, raised_on, closed_at, has_earlier
    )
    SELECT
        record.id, finding.audit_id, finding.requirement_id, requirement.framework_id, record.reference, record.title,
        lower(record.title || ' ' || record.reference), finding.grade, record.state, record.confidentiality,
        record.archived_at IS NOT NULL, record.unit_id, record.owner_id,
        CASE WHEN record.state = 'raised' THEN finding.answer_due_on END, finding.raised_on, finding.closed_at, false
    FROM audits_finding AS finding
    JOIN records_record AS record ON record.id = finding.record_ptr_id
    LEFT JOIN compliance_requirement AS requirement ON requirement.id = finding.requirement_id
    WHERE finding.record_ptr_id = listed_id
    ON CONFLICT (finding_id) DO UPDATE SET
        audit_id = excluded.audit_id, requirement_id = excluded.requirement_id, framework_id = excluded.framework_id,
        reference = excluded.reference, title = excluded.title, needle = excluded.needle, grade = excluded.grade,
        state = excluded.state, confidentiality = excluded.confidentiality, is_archived = excluded.is_archived,
        unit_id = excluded.unit_id, owner_id = excluded.owner_id, due_on = excluded.due_on,
        raised_on = excluded.raised_on, closed_at = excluded.closed_at
    RETURNING listed.* INTO became;
    IF (was.requirement_id, was.unit_id) IS DISTINCT FROM (became.requirement_id, became.unit_id) THEN
        PERFORM audits_findinglisting_repeats(was.requirement_id, was.unit_id);
        PERFORM audits_findinglisting_repeats(became.requirement_id, became.unit_id);
    ELSIF (was.state = 'withdrawn') <> (became.state = 'withdrawn') THEN
        PERFORM audits_findinglisting_repeats(became.requirement_id, became.unit_id);
    END IF;
END
$$;

CREATE FUNCTION audits_findinglisting_follow_finding() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM audits_findinglisting_write(NEW.record_ptr_id);
    RETURN NULL;
END
$$;

CREATE FUNCTION audits_findinglisting_follow_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM audits_findinglisting_write(NEW.id);
    RETURN NULL;
END
$$;

CREATE TRIGGER audits_findinglisting_follow_finding AFTER INSERT OR UPDATE ON audits_finding
    FOR EACH ROW EXECUTE FUNCTION audits_findinglisting_follow_finding();

CREATE TRIGGER audits_findinglisting_follow_record AFTER UPDATE ON records_record
    FOR EACH ROW WHEN (NEW.kind = 'finding' AND OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION audits_findinglisting_follow_record();
"""

LEAVE = """
DROP TRIGGER audits_findinglisting_follow_record ON records_record;
DROP TRIGGER audits_findinglisting_follow_finding ON audits_finding;
DROP FUNCTION audits_findinglisting_follow_record();
DROP FUNCTION audits_findinglisting_follow_finding();
DROP FUNCTION audits_findinglisting_write(bigint);
DROP FUNCTION audits_findinglisting_repeats(bigint, bigint);
"""

FILL = "SELECT audits_findinglisting_write(record_ptr_id) FROM audits_finding ORDER BY record_ptr_id"

STATES = """
ALTER TABLE records_record ADD CONSTRAINT finding_known_state CHECK (
    kind <> 'finding' OR state IN ('raised', 'answered', 'agreed', 'closed', 'withdrawn')
);
"""

FREE_STATES = "ALTER TABLE records_record DROP CONSTRAINT finding_known_state"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_what_waits"),
        ("audits", "0007_checklists"),
        ("compliance", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="FindingListing",
            fields=[
                ("reference", models.CharField(max_length=40, verbose_name="reference")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("needle", models.TextField()),
                (
                    "confidentiality",
                    models.CharField(
                        choices=[("internal", "Internal"), ("restricted", "Restricted")],
                        max_length=12,
                        verbose_name="confidentiality",
                    ),
                ),
                ("is_archived", models.BooleanField(verbose_name="archived")),
                (
                    "finding",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="listing",
                        serialize=False,
                        to="audits.finding",
                    ),
                ),
                (
                    "grade",
                    models.CharField(
                        choices=[
                            ("major", "Major nonconformity"),
                            ("minor", "Minor nonconformity"),
                            ("observation", "Observation"),
                            ("opportunity", "Opportunity for improvement"),
                        ],
                        max_length=20,
                        verbose_name="grade",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("raised", "Raised"),
                            ("answered", "Answered"),
                            ("agreed", "Actions agreed"),
                            ("closed", "Closed"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=40,
                        verbose_name="state",
                    ),
                ),
                ("due_on", models.DateField(null=True, verbose_name="answer due")),
                ("raised_on", models.DateField(verbose_name="raised on")),
                ("closed_at", models.DateTimeField(null=True, verbose_name="closed at")),
                ("has_earlier", models.BooleanField(default=False, verbose_name="repeats another")),
            ],
            options={
                "verbose_name": "listed finding",
                "verbose_name_plural": "listed findings",
            },
        ),
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
            name="raised_on",
            field=models.DateField(
                default=datetime.date(2026, 1, 1), editable=False, verbose_name="raised on"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="findingevent",
            name="raised_on",
            field=models.DateField(
                default=datetime.date(2026, 1, 1), editable=False, verbose_name="raised on"
            ),
            preserve_default=False,
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="finding",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "audits_findingevent" ("answer_due_on", "audit_id", "closed_at", "correction", "description", "evidence", "from_check_id", "grade", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_on", "record_ptr_id", "requirement_id", "response", "risk", "root_cause", "whys") VALUES (NEW."answer_due_on", NEW."audit_id", NEW."closed_at", NEW."correction", NEW."description", NEW."evidence", NEW."from_check_id", NEW."grade", _pgh_attach_context(), NOW(), \'insert\', NEW."record_ptr_id", NEW."raised_on", NEW."record_ptr_id", NEW."requirement_id", NEW."response", NEW."risk", NEW."root_cause", NEW."whys"); RETURN NULL;',
                    hash="018ded10bf40a9db37f4b71c7e3aefdf7c9d81e6",
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
                    condition='WHEN (OLD."answer_due_on" IS DISTINCT FROM (NEW."answer_due_on") OR OLD."audit_id" IS DISTINCT FROM (NEW."audit_id") OR OLD."closed_at" IS DISTINCT FROM (NEW."closed_at") OR OLD."correction" IS DISTINCT FROM (NEW."correction") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."evidence" IS DISTINCT FROM (NEW."evidence") OR OLD."from_check_id" IS DISTINCT FROM (NEW."from_check_id") OR OLD."grade" IS DISTINCT FROM (NEW."grade") OR OLD."raised_on" IS DISTINCT FROM (NEW."raised_on") OR OLD."record_ptr_id" IS DISTINCT FROM (NEW."record_ptr_id") OR OLD."requirement_id" IS DISTINCT FROM (NEW."requirement_id") OR OLD."response" IS DISTINCT FROM (NEW."response") OR OLD."risk" IS DISTINCT FROM (NEW."risk") OR OLD."root_cause" IS DISTINCT FROM (NEW."root_cause") OR OLD."whys" IS DISTINCT FROM (NEW."whys"))',
                    func='INSERT INTO "audits_findingevent" ("answer_due_on", "audit_id", "closed_at", "correction", "description", "evidence", "from_check_id", "grade", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_on", "record_ptr_id", "requirement_id", "response", "risk", "root_cause", "whys") VALUES (NEW."answer_due_on", NEW."audit_id", NEW."closed_at", NEW."correction", NEW."description", NEW."evidence", NEW."from_check_id", NEW."grade", _pgh_attach_context(), NOW(), \'update\', NEW."record_ptr_id", NEW."raised_on", NEW."record_ptr_id", NEW."requirement_id", NEW."response", NEW."risk", NEW."root_cause", NEW."whys"); RETURN NULL;',
                    hash="9fc1e25efe20f75b12abe7898841c75d15dd05b5",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_79e16",
                    table="audits_finding",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddField(
            model_name="findinglisting",
            name="audit",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="audits.audit",
                verbose_name="audit",
            ),
        ),
        migrations.AddField(
            model_name="findinglisting",
            name="framework",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="compliance.framework",
                verbose_name="framework",
            ),
        ),
        migrations.AddField(
            model_name="findinglisting",
            name="owner",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="owner",
            ),
        ),
        migrations.AddField(
            model_name="findinglisting",
            name="requirement",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="compliance.requirement",
                verbose_name="requirement",
            ),
        ),
        migrations.AddField(
            model_name="findinglisting",
            name="unit",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="accounts.businessunit",
                verbose_name="business unit",
            ),
        ),
        migrations.AddIndex(
            model_name="findinglisting",
            index=models.Index(
                fields=["-finding"],
                include=(
                    "unit",
                    "owner",
                    "confidentiality",
                    "is_archived",
                    "state",
                    "grade",
                    "audit",
                    "requirement",
                    "framework",
                    "due_on",
                    "has_earlier",
                    "needle",
                ),
                name="finding_listing_new",
            ),
        ),
        migrations.AddIndex(
            model_name="findinglisting",
            index=models.Index(
                fields=["unit", "-finding"],
                include=(
                    "owner",
                    "confidentiality",
                    "is_archived",
                    "state",
                    "grade",
                    "audit",
                    "requirement",
                    "framework",
                    "due_on",
                    "has_earlier",
                    "needle",
                ),
                name="finding_listing_unit_new",
            ),
        ),
        migrations.AddIndex(
            model_name="findinglisting",
            index=models.Index(
                fields=["state", "-finding"],
                include=(
                    "unit",
                    "owner",
                    "confidentiality",
                    "is_archived",
                    "grade",
                    "audit",
                    "requirement",
                    "framework",
                    "due_on",
                    "has_earlier",
                    "needle",
                ),
                name="finding_listing_state_new",
            ),
        ),
        migrations.AddIndex(
            model_name="findinglisting",
            index=models.Index(
                condition=models.Q(("due_on__isnull", False)),
                fields=["due_on", "finding"],
                name="finding_listing_due",
            ),
        ),
        migrations.AddIndex(
            model_name="findinglisting",
            index=models.Index(fields=["title", "finding"], name="finding_listing_title"),
        ),
        migrations.AddIndex(
            model_name="findinglisting",
            index=models.Index(fields=["owner", "-finding"], name="finding_listing_owner_new"),
        ),
        migrations.AddIndex(
            model_name="findinglisting",
            index=models.Index(
                fields=["audit", "finding"], include=("grade", "state"), name="finding_listing_audit"
            ),
        ),
        migrations.AddIndex(
            model_name="findinglisting",
            index=models.Index(fields=["requirement", "unit", "finding"], name="finding_listing_requirement"),
        ),
        migrations.RunSQL(WRITE, LEAVE),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(STATES, FREE_STATES),
    ]
