"""Keep a narrow row beside each deadline, with what its record's visibility rests on, for the calendar to read."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# A new date locks its record until the end of the transaction, as a change of the record does: whichever of two comes
# later sees the other, so that no copy is of what a record was. Whoever sets dates has locked the record by then, mostly.
KEEP = """
CREATE FUNCTION calendar_date_follow_deadline() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    became smallint := CASE WHEN NEW.closed_at IS NULL THEN 0 WHEN NEW.was_dropped THEN 2 ELSE 1 END;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.record_id = OLD.record_id THEN
        UPDATE calendar_calendardate
        SET due_on = NEW.due_on, due_at = NEW.due_at, outcome = became, assignee_id = NEW.assignee_id
        WHERE deadline_id = NEW.id;
        RETURN NULL;
    END IF;
    PERFORM 1 FROM records_record WHERE id = NEW.record_id FOR NO KEY UPDATE;
    INSERT INTO calendar_calendardate (
        deadline_id, record_id, kind, due_on, due_at, outcome, confidentiality, unit_id, owner_id, assignee_id
    )
    SELECT NEW.id, record.id, record.kind, NEW.due_on, NEW.due_at, became,
           record.confidentiality, record.unit_id, record.owner_id, NEW.assignee_id
    FROM records_record AS record WHERE record.id = NEW.record_id
    ON CONFLICT (deadline_id) DO UPDATE SET
        record_id = excluded.record_id, kind = excluded.kind, due_on = excluded.due_on, due_at = excluded.due_at,
        outcome = excluded.outcome, confidentiality = excluded.confidentiality, unit_id = excluded.unit_id,
        owner_id = excluded.owner_id, assignee_id = excluded.assignee_id;
    RETURN NULL;
END
$$;

CREATE FUNCTION calendar_date_follow_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE calendar_calendardate
    SET kind = NEW.kind, confidentiality = NEW.confidentiality, unit_id = NEW.unit_id, owner_id = NEW.owner_id
    WHERE record_id = NEW.id;
    RETURN NULL;
END
$$;

CREATE TRIGGER calendar_date_add AFTER INSERT ON deadlines_deadline
    FOR EACH ROW EXECUTE FUNCTION calendar_date_follow_deadline();

-- Not for a ladder that moves on or a snooze: the scan of reminders stays as quick as it was.
CREATE TRIGGER calendar_date_follow_deadline AFTER UPDATE ON deadlines_deadline
    FOR EACH ROW WHEN (
        (OLD.record_id, OLD.due_on, OLD.due_at, OLD.closed_at, OLD.was_dropped, OLD.assignee_id)
        IS DISTINCT FROM (NEW.record_id, NEW.due_on, NEW.due_at, NEW.closed_at, NEW.was_dropped, NEW.assignee_id)
    )
    EXECUTE FUNCTION calendar_date_follow_deadline();

CREATE TRIGGER calendar_date_follow_record AFTER UPDATE ON records_record
    FOR EACH ROW WHEN (
        (OLD.kind, OLD.confidentiality, OLD.unit_id, OLD.owner_id)
        IS DISTINCT FROM (NEW.kind, NEW.confidentiality, NEW.unit_id, NEW.owner_id)
    )
    EXECUTE FUNCTION calendar_date_follow_record();
"""

LEAVE = """
DROP TRIGGER calendar_date_follow_record ON records_record;
DROP TRIGGER calendar_date_follow_deadline ON deadlines_deadline;
DROP TRIGGER calendar_date_add ON deadlines_deadline;
DROP FUNCTION calendar_date_follow_record();
DROP FUNCTION calendar_date_follow_deadline();
"""

FILL = """
INSERT INTO calendar_calendardate (
    deadline_id, record_id, kind, due_on, due_at, outcome, confidentiality, unit_id, owner_id, assignee_id
)
SELECT date.id, record.id, record.kind, date.due_on, date.due_at,
       CASE WHEN date.closed_at IS NULL THEN 0 WHEN date.was_dropped THEN 2 ELSE 1 END,
       record.confidentiality, record.unit_id, record.owner_id, date.assignee_id
FROM deadlines_deadline AS date JOIN records_record AS record ON record.id = date.record_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_delegations"),
        ("calendar", "0001_feeds"),
        ("deadlines", "0006_met_or_dropped"),
        ("records", "0005_index_of_unit"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CalendarDate",
            fields=[
                (
                    "deadline",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="in_calendar",
                        serialize=False,
                        to="deadlines.deadline",
                    ),
                ),
                ("kind", models.CharField(max_length=40, verbose_name="kind")),
                ("due_on", models.DateField(null=True, verbose_name="due on")),
                ("due_at", models.DateTimeField(verbose_name="due at")),
                (
                    "outcome",
                    models.SmallIntegerField(
                        choices=[(0, "Open"), (1, "Done"), (2, "Called off")], verbose_name="outcome"
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
                (
                    "assignee",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assigned to",
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
                    "record",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="records.record",
                        verbose_name="record",
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
                "verbose_name": "date of the calendar",
                "verbose_name_plural": "dates of the calendar",
                "indexes": [
                    models.Index(
                        fields=["due_at", "outcome", "deadline"],
                        include=("record", "kind", "due_on", "confidentiality", "unit", "owner", "assignee"),
                        name="calendar_date_due",
                    )
                ],
            },
        ),
        migrations.RunSQL(KEEP, LEAVE),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
