"""Keep a narrow row beside each document, which lists and counts read."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


WRITE = """
CREATE FUNCTION policies_documentlisting_write(listed_id bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO policies_documentlisting (
        document_id, reference, title, needle, state, type, confidentiality, is_archived, unit_id, owner_id, review_on,
        label, since, coming
    )
    SELECT
        record.id, record.reference, record.title, lower(record.title || ' ' || record.reference), record.state,
        document.type, record.confidentiality, record.archived_at IS NOT NULL, record.unit_id, record.owner_id,
        document.review_on, coalesce(held.major || '.' || held.minor, ''), held.published_at,
        coalesce(coming.major || '.' || coming.minor, '')
    FROM policies_document AS document
    JOIN records_record AS record ON record.id = document.record_ptr_id
    LEFT JOIN policies_documentversion AS held ON held.id = document.current_id
    LEFT JOIN policies_documentversion AS coming
        ON coming.document_id = record.id AND coming.state IN ('draft', 'in_review', 'approved')
    WHERE document.record_ptr_id = listed_id
    ON CONFLICT (document_id) DO UPDATE SET
        reference = excluded.reference, title = excluded.title, needle = excluded.needle, state = excluded.state,
        type = excluded.type, confidentiality = excluded.confidentiality, is_archived = excluded.is_archived,
        unit_id = excluded.unit_id, owner_id = excluded.owner_id, review_on = excluded.review_on,
        label = excluded.label, since = excluded.since, coming = excluded.coming
$$;

CREATE FUNCTION policies_documentlisting_follow_document() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM policies_documentlisting_write(NEW.record_ptr_id);
    RETURN NULL;
END
$$;

CREATE FUNCTION policies_documentlisting_follow_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM policies_documentlisting_write(NEW.document_id);
    RETURN NULL;
END
$$;

CREATE FUNCTION policies_documentlisting_follow_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM policies_documentlisting_write(NEW.id);
    RETURN NULL;
END
$$;

CREATE TRIGGER policies_documentlisting_follow_document AFTER INSERT OR UPDATE ON policies_document
    FOR EACH ROW EXECUTE FUNCTION policies_documentlisting_follow_document();

CREATE TRIGGER policies_documentlisting_follow_version
    AFTER INSERT OR UPDATE OF state, major, minor, published_at ON policies_documentversion
    FOR EACH ROW EXECUTE FUNCTION policies_documentlisting_follow_version();

CREATE TRIGGER policies_documentlisting_follow_record AFTER UPDATE ON records_record
    FOR EACH ROW WHEN (NEW.kind = 'document' AND OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION policies_documentlisting_follow_record();
"""

LEAVE = """
DROP TRIGGER policies_documentlisting_follow_record ON records_record;
DROP TRIGGER policies_documentlisting_follow_version ON policies_documentversion;
DROP TRIGGER policies_documentlisting_follow_document ON policies_document;
DROP FUNCTION policies_documentlisting_follow_record();
DROP FUNCTION policies_documentlisting_follow_version();
DROP FUNCTION policies_documentlisting_follow_document();
DROP FUNCTION policies_documentlisting_write(bigint);
"""

FILL = "SELECT policies_documentlisting_write(record_ptr_id) FROM policies_document ORDER BY record_ptr_id"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_what_waits"),
        ("policies", "0006_announcements"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DocumentListing",
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
                    "document",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="listing",
                        serialize=False,
                        to="policies.document",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("approved", "Approved"),
                            ("published", "Published"),
                            ("revising", "Being revised"),
                            ("revision_review", "Revision in review"),
                            ("revision_approved", "Revision approved"),
                            ("retired", "Retired"),
                        ],
                        max_length=40,
                        verbose_name="state",
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("policy", "Policy"),
                            ("standard", "Standard"),
                            ("procedure", "Procedure"),
                            ("guideline", "Guideline"),
                            ("plan", "Incident response plan"),
                        ],
                        max_length=20,
                        verbose_name="type",
                    ),
                ),
                ("review_on", models.DateField(null=True, verbose_name="next review")),
                ("label", models.CharField(max_length=20, verbose_name="version in force")),
                ("since", models.DateTimeField(null=True, verbose_name="in force since")),
                ("coming", models.CharField(max_length=20, verbose_name="next version")),
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
                "verbose_name": "listed document",
                "verbose_name_plural": "listed documents",
                "indexes": [
                    models.Index(
                        fields=["title", "document"],
                        include=(
                            "unit",
                            "owner",
                            "confidentiality",
                            "is_archived",
                            "state",
                            "type",
                            "review_on",
                            "needle",
                        ),
                        name="document_listing_title",
                    ),
                    models.Index(
                        fields=["unit", "title", "document"],
                        include=(
                            "owner",
                            "confidentiality",
                            "is_archived",
                            "state",
                            "type",
                            "review_on",
                            "needle",
                        ),
                        name="document_listing_unit_title",
                    ),
                    models.Index(
                        fields=["state", "title", "document"],
                        include=(
                            "unit",
                            "owner",
                            "confidentiality",
                            "is_archived",
                            "type",
                            "review_on",
                            "needle",
                        ),
                        name="document_listing_state_title",
                    ),
                    models.Index(
                        condition=models.Q(("review_on__isnull", False)),
                        fields=["review_on", "document"],
                        include=(
                            "unit",
                            "owner",
                            "confidentiality",
                            "is_archived",
                            "state",
                            "type",
                            "needle",
                        ),
                        name="document_listing_review",
                    ),
                    models.Index(fields=["unit", "-document"], name="document_listing_unit_new"),
                    models.Index(fields=["owner", "title"], name="document_listing_owner"),
                ],
            },
        ),
        migrations.RunSQL(WRITE, LEAVE),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
