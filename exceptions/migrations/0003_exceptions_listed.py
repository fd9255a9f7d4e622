"""Keep a narrow row beside each exception, which lists and counts read."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# An exception and its document are changed by different people: each writer holds the row first, and reads then, so that whoever
# comes second reads what the first one wrote. Of several the latest comes first, as where a renewal is written before what it renews.
WRITE = """
CREATE FUNCTION exceptions_exceptionlisting_write(listed_id bigint) RETURNS void LANGUAGE sql AS $$
    SELECT FROM exceptions_exceptionlisting WHERE exception_id = listed_id FOR UPDATE;
    INSERT INTO exceptions_exceptionlisting (
        exception_id, reference, title, needle, state, risk, confidentiality, is_archived, unit_id, owner_id, asked_by_id,
        starts_on, expires_on, replaced_on, document_id, document_title, is_overtaken
    )
    SELECT
        record.id, record.reference, record.title,
        lower(record.title || ' ' || record.reference || ' ' || exception.systems), record.state, exception.risk,
        record.confidentiality, record.archived_at IS NOT NULL, record.unit_id, record.owner_id, record.created_by_id,
        exception.starts_on, exception.expires_on, exception.replaced_on, document.id, document.title,
        document.state = 'retired' OR coalesce(held.major > asked.major, FALSE)
    FROM exceptions_policyexception AS exception
    JOIN records_record AS record ON record.id = exception.record_ptr_id
    JOIN records_record AS document ON document.id = exception.document_id
    JOIN policies_document AS said ON said.record_ptr_id = exception.document_id
    JOIN policies_documentversion AS asked ON asked.id = exception.version_in_force_id
    LEFT JOIN policies_documentversion AS held ON held.id = said.current_id
    WHERE exception.record_ptr_id = listed_id
    ON CONFLICT (exception_id) DO UPDATE SET
        reference = excluded.reference, title = excluded.title, needle = excluded.needle, state = excluded.state,
        risk = excluded.risk, confidentiality = excluded.confidentiality, is_archived = excluded.is_archived,
        unit_id = excluded.unit_id, owner_id = excluded.owner_id, asked_by_id = excluded.asked_by_id,
        starts_on = excluded.starts_on, expires_on = excluded.expires_on, replaced_on = excluded.replaced_on,
        document_id = excluded.document_id, document_title = excluded.document_title, is_overtaken = excluded.is_overtaken
$$;

CREATE FUNCTION exceptions_exceptionlisting_follow_exception() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM exceptions_exceptionlisting_write(NEW.record_ptr_id);
    RETURN NULL;
END
$$;

CREATE FUNCTION exceptions_exceptionlisting_follow_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM exceptions_exceptionlisting_write(NEW.id);
    RETURN NULL;
END
$$;

CREATE FUNCTION exceptions_exceptionlisting_follow_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM exceptions_exceptionlisting_write(record_ptr_id) FROM exceptions_policyexception
    WHERE document_id = NEW.record_ptr_id ORDER BY record_ptr_id DESC;
    RETURN NULL;
END
$$;

CREATE FUNCTION exceptions_exceptionlisting_follow_name() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM exceptions_exceptionlisting_write(record_ptr_id) FROM exceptions_policyexception
    WHERE document_id = NEW.id ORDER BY record_ptr_id DESC;
    RETURN NULL;
END
$$;

CREATE TRIGGER exceptions_exceptionlisting_follow_exception AFTER INSERT OR UPDATE ON exceptions_policyexception
    FOR EACH ROW EXECUTE FUNCTION exceptions_exceptionlisting_follow_exception();

CREATE TRIGGER exceptions_exceptionlisting_follow_record AFTER UPDATE ON records_record
    FOR EACH ROW WHEN (NEW.kind = 'exception' AND OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION exceptions_exceptionlisting_follow_record();

CREATE TRIGGER exceptions_exceptionlisting_follow_document AFTER UPDATE ON policies_document
    FOR EACH ROW WHEN (OLD.current_id IS DISTINCT FROM NEW.current_id)
    EXECUTE FUNCTION exceptions_exceptionlisting_follow_document();

CREATE TRIGGER exceptions_exceptionlisting_follow_name AFTER UPDATE ON records_record
    FOR EACH ROW WHEN (NEW.kind = 'document' AND (OLD.title, OLD.state) IS DISTINCT FROM (NEW.title, NEW.state))
    EXECUTE FUNCTION exceptions_exceptionlisting_follow_name();
"""

LEAVE = """
DROP TRIGGER exceptions_exceptionlisting_follow_name ON records_record;
DROP TRIGGER exceptions_exceptionlisting_follow_document ON policies_document;
DROP TRIGGER exceptions_exceptionlisting_follow_record ON records_record;
DROP TRIGGER exceptions_exceptionlisting_follow_exception ON exceptions_policyexception;
DROP FUNCTION exceptions_exceptionlisting_follow_name();
DROP FUNCTION exceptions_exceptionlisting_follow_document();
DROP FUNCTION exceptions_exceptionlisting_follow_record();
DROP FUNCTION exceptions_exceptionlisting_follow_exception();
DROP FUNCTION exceptions_exceptionlisting_write(bigint);
"""

FILL = "SELECT exceptions_exceptionlisting_write(record_ptr_id) FROM exceptions_policyexception ORDER BY record_ptr_id"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_what_waits"),
        ("exceptions", "0002_states_go_one_way"),
        ("policies", "0007_documents_listed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ExceptionListing",
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
                    "exception",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="listing",
                        serialize=False,
                        to="exceptions.policyexception",
                    ),
                ),
                ("document_title", models.CharField(max_length=200, verbose_name="title of the document")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("granted", "Granted"),
                            ("expired", "Expired"),
                            ("renewed", "Renewed"),
                            ("revoked", "Revoked"),
                            ("refused", "Refused"),
                            ("withdrawn", "Withdrawn"),
                        ],
                        max_length=40,
                        verbose_name="state",
                    ),
                ),
                (
                    "risk",
                    models.CharField(
                        choices=[
                            ("low", "Low"),
                            ("moderate", "Moderate"),
                            ("high", "High"),
                            ("critical", "Critical"),
                        ],
                        max_length=10,
                        verbose_name="risk",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="in force from")),
                ("expires_on", models.DateField(verbose_name="in force until")),
                ("replaced_on", models.DateField(null=True, verbose_name="renewal in force from")),
                ("is_overtaken", models.BooleanField(verbose_name="to decide again")),
                (
                    "asked_by",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked for by",
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="policies.document",
                        verbose_name="document",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="accounts.businessunit",
                        verbose_name="business unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "listed exception",
                "verbose_name_plural": "listed exceptions",
                "indexes": [
                    models.Index(
                        fields=["expires_on", "exception"],
                        include=(
                            "unit",
                            "owner",
                            "confidentiality",
                            "is_archived",
                            "state",
                            "risk",
                            "starts_on",
                            "replaced_on",
                            "is_overtaken",
                        ),
                        name="exception_listing_until",
                    ),
                    models.Index(
                        fields=["unit", "expires_on", "exception"],
                        include=(
                            "owner",
                            "confidentiality",
                            "is_archived",
                            "state",
                            "risk",
                            "starts_on",
                            "replaced_on",
                            "is_overtaken",
                        ),
                        name="exception_listing_unit_until",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("draft", "in_review", "granted"))),
                        fields=["expires_on", "exception"],
                        include=(
                            "unit",
                            "owner",
                            "confidentiality",
                            "is_archived",
                            "state",
                            "risk",
                            "starts_on",
                            "replaced_on",
                            "is_overtaken",
                        ),
                        name="exception_listing_open",
                    ),
                    models.Index(
                        fields=["state", "expires_on", "exception"],
                        include=(
                            "unit",
                            "owner",
                            "confidentiality",
                            "is_archived",
                            "risk",
                            "starts_on",
                            "replaced_on",
                            "is_overtaken",
                        ),
                        name="exception_listing_state",
                    ),
                    models.Index(
                        condition=models.Q(("is_overtaken", True), ("state", "granted")),
                        fields=["unit", "exception"],
                        include=(
                            "owner",
                            "confidentiality",
                            "is_archived",
                            "state",
                            "risk",
                            "starts_on",
                            "expires_on",
                            "replaced_on",
                            "is_overtaken",
                        ),
                        name="exception_listing_overtaken",
                    ),
                    models.Index(fields=["document", "exception"], name="exception_listing_document"),
                    models.Index(fields=["title", "exception"], name="exception_listing_title"),
                    models.Index(fields=["owner", "exception"], name="exception_listing_owner"),
                ],
            },
        ),
        migrations.RunSQL(WRITE, LEAVE),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
