"""Keep a narrow row beside each control, which lists and counts read."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WRITE = """
CREATE FUNCTION controls_controllisting_write(listed_id bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO controls_controllisting (
        control_id, reference, title, needle, state, type, nature, is_key, frequency, implementation, effectiveness, rated_on,
        confidentiality, is_archived, unit_id, owner_id, due_on
    )
    SELECT
        record.id, record.reference, record.title, lower(record.title || ' ' || record.reference), record.state,
        control.type, control.nature, control.is_key, control.frequency, control.implementation, control.effectiveness,
        control.rated_on, record.confidentiality, record.archived_at IS NOT NULL, record.unit_id, record.owner_id,
        CASE WHEN record.state IN ('in_force', 'revising', 'revision_review')
                AND control.implementation IN ('partial', 'implemented') THEN control.evidence_on END
    FROM controls_control AS control
    JOIN records_record AS record ON record.id = control.record_ptr_id
    WHERE control.record_ptr_id = listed_id
    ON CONFLICT (control_id) DO UPDATE SET
        reference = excluded.reference, title = excluded.title, needle = excluded.needle, state = excluded.state,
        type = excluded.type, nature = excluded.nature, is_key = excluded.is_key, frequency = excluded.frequency,
        implementation = excluded.implementation, effectiveness = excluded.effectiveness, rated_on = excluded.rated_on,
        confidentiality = excluded.confidentiality, is_archived = excluded.is_archived, unit_id = excluded.unit_id,
        owner_id = excluded.owner_id, due_on = excluded.due_on
$$;

CREATE FUNCTION controls_controllisting_follow_control() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM controls_controllisting_write(NEW.record_ptr_id);
    RETURN NULL;
END
$$;

CREATE FUNCTION controls_controllisting_follow_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM controls_controllisting_write(NEW.id);
    RETURN NULL;
END
$$;

CREATE TRIGGER controls_controllisting_follow_control AFTER INSERT OR UPDATE ON controls_control
    FOR EACH ROW EXECUTE FUNCTION controls_controllisting_follow_control();

CREATE TRIGGER controls_controllisting_follow_record AFTER UPDATE ON records_record
    FOR EACH ROW WHEN (NEW.kind = 'control' AND OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION controls_controllisting_follow_record();
"""

LEAVE = """
DROP TRIGGER controls_controllisting_follow_record ON records_record;
DROP TRIGGER controls_controllisting_follow_control ON controls_control;
DROP FUNCTION controls_controllisting_follow_record();
DROP FUNCTION controls_controllisting_follow_control();
DROP FUNCTION controls_controllisting_write(bigint);
"""

FILL = "SELECT controls_controllisting_write(record_ptr_id) FROM controls_control ORDER BY record_ptr_id"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_what_waits"),
        ("controls", "0001_controls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ControlListing",
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
                    "control",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="listing",
                        serialize=False,
                        to="controls.control",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Draft"),
                            ("in_review", "In review"),
                            ("in_force", "In force"),
                            ("revising", "Being revised"),
                            ("revision_review", "Revision in review"),
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
                            ("preventive", "Preventive"),
                            ("detective", "Detective"),
                            ("corrective", "Corrective"),
                            ("deterrent", "Deterrent"),
                            ("recovery", "Recovery"),
                            ("compensating", "Compensating"),
                            ("directive", "Directive"),
                        ],
                        max_length=12,
                        verbose_name="type",
                    ),
                ),
                (
                    "nature",
                    models.CharField(
                        choices=[
                            ("manual", "Manual"),
                            ("automated", "Automated"),
                            ("partly", "Partly automated"),
                        ],
                        max_length=12,
                        verbose_name="nature",
                    ),
                ),
                ("is_key", models.BooleanField(verbose_name="key control")),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("continuous", "Continuously"),
                            ("event", "At each event"),
                            ("daily", "Daily"),
                            ("weekly", "Weekly"),
                            ("monthly", "Monthly"),
                            ("quarterly", "Quarterly"),
                            ("half_yearly", "Twice a year"),
                            ("yearly", "Yearly"),
                        ],
                        max_length=12,
                        verbose_name="frequency",
                    ),
                ),
                (
                    "implementation",
                    models.CharField(
                        choices=[
                            ("not_started", "Not started"),
                            ("planned", "Planned"),
                            ("partial", "Partially implemented"),
                            ("implemented", "Implemented"),
                            ("not_applicable", "Not applicable"),
                        ],
                        max_length=16,
                        verbose_name="implementation",
                    ),
                ),
                (
                    "effectiveness",
                    models.CharField(
                        choices=[
                            ("effective", "Effective"),
                            ("largely", "Largely effective"),
                            ("partly", "Partly effective"),
                            ("ineffective", "Ineffective"),
                        ],
                        max_length=12,
                        verbose_name="effectiveness",
                    ),
                ),
                ("rated_on", models.DateField(null=True, verbose_name="rated on")),
                ("due_on", models.DateField(null=True, verbose_name="evidence due")),
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
                "verbose_name": "listed control",
                "verbose_name_plural": "listed controls",
                "indexes": [
                    models.Index(
                        fields=["control"],
                        include=(
                            "unit",
                            "owner",
                            "confidentiality",
                            "is_archived",
                            "state",
                            "type",
                            "implementation",
                            "effectiveness",
                            "is_key",
                            "due_on",
                            "needle",
                        ),
                        name="control_listing_order",
                    ),
                    models.Index(
                        fields=["unit", "control"],
                        include=(
                            "owner",
                            "confidentiality",
                            "is_archived",
                            "state",
                            "type",
                            "implementation",
                            "effectiveness",
                            "is_key",
                            "due_on",
                            "needle",
                        ),
                        name="control_listing_unit",
                    ),
                    models.Index(
                        fields=["state", "control"],
                        include=(
                            "unit",
                            "owner",
                            "confidentiality",
                            "is_archived",
                            "type",
                            "implementation",
                            "effectiveness",
                            "is_key",
                            "due_on",
                            "needle",
                        ),
                        name="control_listing_state",
                    ),
                    models.Index(
                        condition=models.Q(("due_on__isnull", False)),
                        fields=["due_on", "control"],
                        include=(
                            "unit",
                            "owner",
                            "confidentiality",
                            "is_archived",
                            "state",
                            "type",
                            "implementation",
                            "effectiveness",
                            "is_key",
                            "needle",
                        ),
                        name="control_listing_due",
                    ),
                    models.Index(fields=["title", "control"], name="control_listing_title"),
                    models.Index(fields=["owner", "control"], name="control_listing_owner"),
                ],
            },
        ),
        migrations.RunSQL(WRITE, LEAVE),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
