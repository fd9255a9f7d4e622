"""Keep a narrow row beside each action, which lists read."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


WRITE = """
CREATE FUNCTION actions_listing_write(listed_id bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO actions_actionlisting (
        action_id, source_id, reference, title, needle, state, confidentiality, is_archived,
        unit_id, owner_id, due_on, done_at
    )
    SELECT
        record.id, action.source_id, record.reference, record.title,
        lower(record.title || ' ' || record.reference), record.state, record.confidentiality,
        record.archived_at IS NOT NULL, record.unit_id, record.owner_id, action.due_on, action.done_at
    FROM actions_action AS action
    JOIN records_record AS record ON record.id = action.record_ptr_id
    WHERE action.record_ptr_id = listed_id
    ON CONFLICT (action_id) DO UPDATE SET
        source_id = excluded.source_id, reference = excluded.reference, title = excluded.title,
        needle = excluded.needle, state = excluded.state, confidentiality = excluded.confidentiality,
        is_archived = excluded.is_archived, unit_id = excluded.unit_id, owner_id = excluded.owner_id,
        due_on = excluded.due_on, done_at = excluded.done_at
$$;

CREATE FUNCTION actions_listing_follow_action() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM actions_listing_write(NEW.record_ptr_id);
    RETURN NULL;
END
$$;

CREATE FUNCTION actions_listing_follow_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM actions_listing_write(NEW.id);
    RETURN NULL;
END
$$;

CREATE TRIGGER actions_listing_follow_action AFTER INSERT OR UPDATE ON actions_action
    FOR EACH ROW EXECUTE FUNCTION actions_listing_follow_action();

CREATE TRIGGER actions_listing_follow_record AFTER UPDATE ON records_record
    FOR EACH ROW WHEN (NEW.kind = 'action' AND OLD.* IS DISTINCT FROM NEW.*)
    EXECUTE FUNCTION actions_listing_follow_record();
"""

LEAVE = """
DROP TRIGGER actions_listing_follow_record ON records_record;
DROP TRIGGER actions_listing_follow_action ON actions_action;
DROP FUNCTION actions_listing_follow_record();
DROP FUNCTION actions_listing_follow_action();
DROP FUNCTION actions_listing_write(bigint);
"""

FILL = "SELECT actions_listing_write(record_ptr_id) FROM actions_action"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_delegations"),
        ("actions", "0005_find_undone"),
        ("records", "0005_index_of_unit"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ActionListing",
            fields=[
                (
                    "action",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="listing",
                        serialize=False,
                        to="actions.action",
                    ),
                ),
                ("reference", models.CharField(max_length=40, verbose_name="reference")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("needle", models.TextField()),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("done", "Done"), ("cancelled", "Cancelled")],
                        max_length=40,
                        verbose_name="state",
                    ),
                ),
                (
                    "confidentiality",
                    models.CharField(
                        choices=[("internal", "Internal"), ("restricted", "Restricted")],
                        max_length=12,
                        verbose_name="confidentiality",
                    ),
                ),
                ("is_archived", models.BooleanField(verbose_name="archived")),
                ("due_on", models.DateField(verbose_name="due on")),
                ("done_at", models.DateTimeField(null=True, verbose_name="done at")),
            ],
            options={
                "verbose_name": "listed action",
                "verbose_name_plural": "listed actions",
            },
        ),
        migrations.RemoveIndex(
            model_name="action",
            name="action_due",
        ),
        migrations.RemoveIndex(
            model_name="action",
            name="action_due_undone",
        ),
        migrations.AddField(
            model_name="actionlisting",
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
            model_name="actionlisting",
            name="source",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="records.record",
                verbose_name="follows from",
            ),
        ),
        migrations.AddField(
            model_name="actionlisting",
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
            model_name="actionlisting",
            index=models.Index(
                fields=["due_on", "action"],
                include=("unit", "owner", "confidentiality", "is_archived", "state", "source", "needle"),
                name="action_listing_due",
            ),
        ),
        migrations.AddIndex(
            model_name="actionlisting",
            index=models.Index(
                fields=["unit", "due_on", "action"],
                include=("owner", "confidentiality", "is_archived", "state", "source", "needle"),
                name="action_listing_unit_due",
            ),
        ),
        migrations.AddIndex(
            model_name="actionlisting",
            index=models.Index(
                fields=["state", "due_on", "action"],
                include=("unit", "owner", "confidentiality", "is_archived", "source", "needle"),
                name="action_listing_state_due",
            ),
        ),
        migrations.AddIndex(
            model_name="actionlisting",
            index=models.Index(fields=["owner", "due_on"], name="action_listing_owner_due"),
        ),
        migrations.AddIndex(
            model_name="actionlisting",
            index=models.Index(fields=["title", "action"], name="action_listing_title"),
        ),
        migrations.RunSQL(WRITE, LEAVE),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
