"""Keep a narrow row beside each evidence request, which lists read, and know the states of requests."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


WRITE = """
CREATE FUNCTION audits_evidencelisting_write(listed_id bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO audits_evidencelisting (
        evidence_request_id, audit_id, reference, title, needle, state, confidentiality, is_archived, unit_id, owner_id,
        due_on, answered_at
    )
    SELECT
        record.id, request.audit_id, record.reference, record.title, lower(record.title || ' ' || record.reference),
        record.state, record.confidentiality, record.archived_at IS NOT NULL, record.unit_id, record.owner_id,
        CASE WHEN record.state IN ('pending', 'returned') THEN request.due_on END, request.answered_at
    FROM audits_evidencerequest AS request
    JOIN records_record AS record ON record.id = request.record_ptr_id
    WHERE request.record_ptr_id = listed_id
    ON CONFLICT (evidence_request_id) DO UPDATE SET
        audit_id = excluded.audit_id, reference = excluded.reference, title = excluded.title, needle = excluded.needle,
        state = excluded.state, confidentiality = excluded.confidentiality, is_archived = excluded.is_archived,
        unit_id = excluded.unit_id, owner_id = excluded.owner_id, due_on = excluded.due_on,
        answered_at = excluded.answered_at
$$;

CREATE FUNCTION audits_evidencelisting_follow_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM audits_evidencelisting_write(NEW.record_ptr_id);
    RETURN NULL;
END
$$;

CREATE FUNCTION audits_evidencelisting_follow_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM audits_evidencelisting_write(NEW.id);
    RETURN NULL;
END
$$;

CREATE TRIGGER audits_evidencelisting_follow_request AFTER INSERT OR UPDATE ON audits_evidencerequest
    FOR EACH ROW EXECUTE FUNCTION audits_evidencelisting_follow_request();

CREATE TRIGGER audits_evidencelisting_follow_record AFTER UPDATE ON records_record
    FOR EACH ROW WHEN (NEW.kind = 'evidence_request' AND OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION audits_evidencelisting_follow_record();
"""

LEAVE = """
DROP TRIGGER audits_evidencelisting_follow_record ON records_record;
DROP TRIGGER audits_evidencelisting_follow_request ON audits_evidencerequest;
DROP FUNCTION audits_evidencelisting_follow_record();
DROP FUNCTION audits_evidencelisting_follow_request();
DROP FUNCTION audits_evidencelisting_write(bigint);
"""

FILL = "SELECT audits_evidencelisting_write(record_ptr_id) FROM audits_evidencerequest ORDER BY record_ptr_id"

STATES = """
ALTER TABLE records_record ADD CONSTRAINT evidence_request_known_state CHECK (
    kind <> 'evidence_request' OR state IN ('pending', 'answered', 'returned', 'accepted', 'withdrawn')
);
"""

FREE_STATES = "ALTER TABLE records_record DROP CONSTRAINT evidence_request_known_state"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_what_waits"),
        ("audits", "0011_agreed_in_short"),
        ("records", "0006_what_was_chosen_with_a_file"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="EvidenceListing",
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
                    "evidence_request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="listing",
                        serialize=False,
                        to="audits.evidencerequest",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("pending", "Pending"),
                            ("answered", "Answered"),
                            ("returned", "Returned"),
                            ("accepted", "Accepted"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=40,
                        verbose_name="state",
                    ),
                ),
                ("due_on", models.DateField(null=True, verbose_name="due")),
                ("answered_at", models.DateTimeField(null=True, verbose_name="answered")),
            ],
            options={
                "verbose_name": "listed evidence request",
                "verbose_name_plural": "listed evidence requests",
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="evidencerequest",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="evidencerequest",
            name="update_update",
        ),
        migrations.AddField(
            model_name="evidencerequest",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="answered by",
            ),
        ),
        migrations.AddField(
            model_name="evidencerequest",
            name="return_reason",
            field=models.TextField(
                blank=True, editable=False, max_length=2000, verbose_name="why it was returned"
            ),
        ),
        migrations.AddField(
            model_name="evidencerequestevent",
            name="answered_by",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="answered by",
            ),
        ),
        migrations.AddField(
            model_name="evidencerequestevent",
            name="return_reason",
            field=models.TextField(
                blank=True, editable=False, max_length=2000, verbose_name="why it was returned"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evidencerequest",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "audits_evidencerequestevent" ("answer", "answered_at", "answered_by_id", "audit_id", "description", "due_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "record_ptr_id", "return_reason") VALUES (NEW."answer", NEW."answered_at", NEW."answered_by_id", NEW."audit_id", NEW."description", NEW."due_on", _pgh_attach_context(), NOW(), \'insert\', NEW."record_ptr_id", NEW."record_ptr_id", NEW."return_reason"); RETURN NULL;',
                    hash="b76f3b5a6c725a773ddbb693a283d1ebd9a65e60",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_7807a",
                    table="audits_evidencerequest",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="evidencerequest",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."answer" IS DISTINCT FROM (NEW."answer") OR OLD."answered_at" IS DISTINCT FROM (NEW."answered_at") OR OLD."answered_by_id" IS DISTINCT FROM (NEW."answered_by_id") OR OLD."audit_id" IS DISTINCT FROM (NEW."audit_id") OR OLD."description" IS DISTINCT FROM (NEW."description") OR OLD."due_on" IS DISTINCT FROM (NEW."due_on") OR OLD."record_ptr_id" IS DISTINCT FROM (NEW."record_ptr_id") OR OLD."return_reason" IS DISTINCT FROM (NEW."return_reason"))',
                    func='INSERT INTO "audits_evidencerequestevent" ("answer", "answered_at", "answered_by_id", "audit_id", "description", "due_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "record_ptr_id", "return_reason") VALUES (NEW."answer", NEW."answered_at", NEW."answered_by_id", NEW."audit_id", NEW."description", NEW."due_on", _pgh_attach_context(), NOW(), \'update\', NEW."record_ptr_id", NEW."record_ptr_id", NEW."return_reason"); RETURN NULL;',
                    hash="5770165ec2a6b95a50b3c5549ed73fa35dcd3dda",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_66684",
                    table="audits_evidencerequest",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="evidencerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answered_at__isnull", True), ("answered_by__isnull", True)),
                    models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                    _connector="OR",
                ),
                name="evidence_answered_by_somebody",
            ),
        ),
        migrations.AddField(
            model_name="evidencelisting",
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
            model_name="evidencelisting",
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
            model_name="evidencelisting",
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
            model_name="evidencelisting",
            index=models.Index(
                fields=["-evidence_request"],
                include=(
                    "unit",
                    "owner",
                    "confidentiality",
                    "is_archived",
                    "state",
                    "audit",
                    "due_on",
                    "needle",
                ),
                name="evidence_listing_new",
            ),
        ),
        migrations.AddIndex(
            model_name="evidencelisting",
            index=models.Index(
                fields=["unit", "-evidence_request"],
                include=("owner", "confidentiality", "is_archived", "state", "audit", "due_on", "needle"),
                name="evidence_listing_unit_new",
            ),
        ),
        migrations.AddIndex(
            model_name="evidencelisting",
            index=models.Index(
                fields=["state", "-evidence_request"],
                include=("unit", "owner", "confidentiality", "is_archived", "audit", "due_on", "needle"),
                name="evidence_listing_state_new",
            ),
        ),
        migrations.AddIndex(
            model_name="evidencelisting",
            index=models.Index(
                condition=models.Q(("due_on__isnull", False)),
                fields=["due_on", "evidence_request"],
                name="evidence_listing_due",
            ),
        ),
        migrations.AddIndex(
            model_name="evidencelisting",
            index=models.Index(fields=["title", "evidence_request"], name="evidence_listing_title"),
        ),
        migrations.AddIndex(
            model_name="evidencelisting",
            index=models.Index(fields=["owner", "-evidence_request"], name="evidence_listing_owner_new"),
        ),
        migrations.AddIndex(
            model_name="evidencelisting",
            index=models.Index(
                fields=["audit", "evidence_request"], include=("state",), name="evidence_listing_audit"
            ),
        ),
        migrations.RunSQL(WRITE, LEAVE),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.RunSQL(STATES, FREE_STATES),
    ]
