"""Keep a narrow row beside each exercise, which lists and counts read."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

WRITE = """
CREATE FUNCTION response_exerciselisting_write(listed_id bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO response_exerciselisting (
        exercise_id, reference, title, needle, state, type, confidentiality, is_archived, unit_id, owner_id, planned_on, held_on,
        due_on, plan_id
    )
    SELECT
        record.id, record.reference, record.title, lower(record.title || ' ' || record.reference), record.state,
        exercise.type, record.confidentiality, record.archived_at IS NOT NULL, record.unit_id, record.owner_id,
        exercise.planned_on, exercise.held_on, CASE record.state WHEN 'planned' THEN exercise.planned_on END, exercise.plan_id
    FROM response_exercise AS exercise
    JOIN records_record AS record ON record.id = exercise.record_ptr_id
    WHERE exercise.record_ptr_id = listed_id
    ON CONFLICT (exercise_id) DO UPDATE SET
        reference = excluded.reference, title = excluded.title, needle = excluded.needle, state = excluded.state,
        type = excluded.type, confidentiality = excluded.confidentiality, is_archived = excluded.is_archived,
        unit_id = excluded.unit_id, owner_id = excluded.owner_id, planned_on = excluded.planned_on,
        held_on = excluded.held_on, due_on = excluded.due_on, plan_id = excluded.plan_id
$$;

CREATE FUNCTION response_exerciselisting_follow_exercise() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM response_exerciselisting_write(NEW.record_ptr_id);
    RETURN NULL;
END
$$;

CREATE FUNCTION response_exerciselisting_follow_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM response_exerciselisting_write(NEW.id);
    RETURN NULL;
END
$$;

CREATE TRIGGER response_exerciselisting_follow_exercise AFTER INSERT OR UPDATE ON response_exercise
    FOR EACH ROW EXECUTE FUNCTION response_exerciselisting_follow_exercise();

CREATE TRIGGER response_exerciselisting_follow_record AFTER UPDATE ON records_record
    FOR EACH ROW WHEN (NEW.kind = 'exercise' AND OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION response_exerciselisting_follow_record();
"""

LEAVE = """
DROP TRIGGER response_exerciselisting_follow_record ON records_record;
DROP TRIGGER response_exerciselisting_follow_exercise ON response_exercise;
DROP FUNCTION response_exerciselisting_follow_record();
DROP FUNCTION response_exerciselisting_follow_exercise();
DROP FUNCTION response_exerciselisting_write(bigint);
"""

FILL = "SELECT response_exerciselisting_write(record_ptr_id) FROM response_exercise ORDER BY record_ptr_id"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_what_waits"),
        ("policies", "0007_documents_listed"),
        ("response", "0002_exercises"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ExerciseListing",
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
                    "exercise",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="listing",
                        serialize=False,
                        to="response.exercise",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("held", "Held"),
                            ("closed", "Closed"),
                            ("cancelled", "Cancelled"),
                        ],
                        max_length=40,
                        verbose_name="state",
                    ),
                ),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("tabletop", "Tabletop"),
                            ("technical", "Technical"),
                            ("call_out", "Call-out test"),
                        ],
                        max_length=10,
                        verbose_name="type",
                    ),
                ),
                ("planned_on", models.DateField(verbose_name="planned on")),
                ("held_on", models.DateField(null=True, verbose_name="held on")),
                ("due_on", models.DateField(null=True, verbose_name="to be held on")),
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
                    "plan",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="policies.document",
                        verbose_name="plan",
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
                "verbose_name": "listed exercise",
                "verbose_name_plural": "listed exercises",
                "indexes": [
                    models.Index(
                        fields=["planned_on", "exercise"],
                        include=(
                            "unit",
                            "owner",
                            "confidentiality",
                            "is_archived",
                            "state",
                            "type",
                            "due_on",
                            "needle",
                        ),
                        name="exercise_listing_day",
                    ),
                    models.Index(
                        fields=["unit", "planned_on", "exercise"],
                        include=(
                            "owner",
                            "confidentiality",
                            "is_archived",
                            "state",
                            "type",
                            "due_on",
                            "needle",
                        ),
                        name="exercise_listing_unit_day",
                    ),
                    models.Index(
                        condition=models.Q(("state__in", ("planned", "held"))),
                        fields=["planned_on", "exercise"],
                        include=(
                            "unit",
                            "owner",
                            "confidentiality",
                            "is_archived",
                            "state",
                            "type",
                            "due_on",
                            "needle",
                        ),
                        name="exercise_listing_open",
                    ),
                    models.Index(
                        condition=models.Q(("due_on__isnull", False)),
                        fields=["due_on", "exercise"],
                        include=(
                            "unit",
                            "owner",
                            "confidentiality",
                            "is_archived",
                            "state",
                            "type",
                            "needle",
                        ),
                        name="exercise_listing_due",
                    ),
                    models.Index(fields=["plan", "exercise"], name="exercise_listing_plan"),
                    models.Index(fields=["title", "exercise"], name="exercise_listing_title"),
                    models.Index(fields=["owner", "exercise"], name="exercise_listing_owner"),
                ],
            },
        ),
        migrations.RunSQL(WRITE, LEAVE),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
