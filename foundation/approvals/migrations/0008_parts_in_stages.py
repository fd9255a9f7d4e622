"""Let stages name who plays a part in the record: whoever plays it by then decides, and what waits follows."""

import django.contrib.postgres.fields
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# Who plays a part may change while a request waits: under whose name it waits is written anew then.
FOLLOW = """
CREATE FUNCTION approvals_awaited_follow_part() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    played records_participant%ROWTYPE;
    waiting record;
BEGIN
    IF TG_OP = 'DELETE' THEN
        played := OLD;
    ELSE
        played := NEW;
    END IF;
    FOR waiting IN
        SELECT asked.id FROM approvals_approvalrequest AS asked
        JOIN approvals_approvalstep AS step ON step.request_id = asked.id AND step.position = asked.current_step
        WHERE asked.record_id = played.record_id AND asked.state = 'open' AND played.role = ANY (step.parts)
    LOOP
        DELETE FROM approvals_awaitedvoice WHERE request_id = waiting.id;
        INSERT INTO approvals_awaitedvoice (request_id, step_id, name, unit_id, requested_at)
        SELECT DISTINCT asked.id, step.id, awaited.name, awaited.unit_id, asked.requested_at
        FROM approvals_approvalrequest AS asked
        JOIN approvals_approvalstep AS step ON step.request_id = asked.id AND step.position = asked.current_step,
        LATERAL (
            SELECT 'person:' || person AS name, 0 AS unit_id FROM unnest(step.people) AS person
            UNION ALL
            SELECT 'person:' || part.user_id, 0 FROM records_participant AS part
            WHERE part.record_id = asked.record_id AND part.role = ANY (step.parts)
            UNION ALL
            SELECT held, place FROM unnest(step.rights || step.roles) AS held, unnest(ARRAY[0, step.unit_id]) AS place
            WHERE place IS NOT NULL
            UNION ALL
            SELECT 'lead', place FROM unnest(step.units || 0::bigint) AS place WHERE step.units <> '{}'
        ) AS awaited
        WHERE asked.state = 'open' AND asked.id = waiting.id;
    END LOOP;
    RETURN NULL;
END
$$;

CREATE TRIGGER approvals_awaited_follow_part AFTER INSERT OR DELETE ON records_participant
    FOR EACH ROW EXECUTE FUNCTION approvals_awaited_follow_part();
"""

LEAVE = """
DROP TRIGGER approvals_awaited_follow_part ON records_participant;
DROP FUNCTION approvals_awaited_follow_part();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_what_waits"),
        ("approvals", "0007_seen_before_decided"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="approvalrequest",
            name="approval_awaits_next",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="approvalstep",
            name="approval_awaits_first",
        ),
        migrations.RemoveConstraint(
            model_name="approvalstep",
            name="approval_step_by_somebody",
        ),
        migrations.RemoveConstraint(
            model_name="routestage",
            name="approval_stage_by_somebody",
        ),
        migrations.AddField(
            model_name="approvalstep",
            name="parts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40),
                blank=True,
                db_default=[],
                default=list,
                size=None,
                verbose_name="who plays a part in it",
            ),
        ),
        migrations.AddField(
            model_name="routestage",
            name="parts",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40),
                blank=True,
                db_default=[],
                default=list,
                size=None,
                verbose_name="who plays a part in it",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="approvalrequest",
            trigger=pgtrigger.compiler.Trigger(
                name="approval_awaits_next",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    DELETE FROM approvals_awaitedvoice WHERE request_id = NEW.id;\n    \n    INSERT INTO approvals_awaitedvoice (request_id, step_id, name, unit_id, requested_at)\n    SELECT DISTINCT asked.id, step.id, awaited.name, awaited.unit_id, asked.requested_at\n    FROM approvals_approvalrequest AS asked\n    JOIN approvals_approvalstep AS step ON step.request_id = asked.id AND step.position = asked.current_step,\n    LATERAL (\n        SELECT 'person:' || person AS name, 0 AS unit_id FROM unnest(step.people) AS person\n        UNION ALL\n        SELECT 'person:' || part.user_id, 0 FROM records_participant AS part\n        WHERE part.record_id = asked.record_id AND part.role = ANY (step.parts)\n        UNION ALL\n        SELECT held, place FROM unnest(step.rights || step.roles) AS held, unnest(ARRAY[0, step.unit_id]) AS place\n        WHERE place IS NOT NULL\n        UNION ALL\n        SELECT 'lead', place FROM unnest(step.units || 0::bigint) AS place WHERE step.units <> '{}'\n    ) AS awaited\n    WHERE asked.state = 'open' AND asked.id = NEW.id;\n\n    RETURN NULL;\n",
                    hash="0cc9bb3d982ef9a5c93eb8780e6a7ada974c8e9d",
                    operation='UPDATE OF "state", "current_step"',
                    pgid="pgtrigger_approval_awaits_next_c7b72",
                    table="approvals_approvalrequest",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="approvalstep",
            trigger=pgtrigger.compiler.Trigger(
                name="approval_awaits_first",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n    INSERT INTO approvals_awaitedvoice (request_id, step_id, name, unit_id, requested_at)\n    SELECT DISTINCT asked.id, step.id, awaited.name, awaited.unit_id, asked.requested_at\n    FROM approvals_approvalrequest AS asked\n    JOIN approvals_approvalstep AS step ON step.request_id = asked.id AND step.position = asked.current_step,\n    LATERAL (\n        SELECT 'person:' || person AS name, 0 AS unit_id FROM unnest(step.people) AS person\n        UNION ALL\n        SELECT 'person:' || part.user_id, 0 FROM records_participant AS part\n        WHERE part.record_id = asked.record_id AND part.role = ANY (step.parts)\n        UNION ALL\n        SELECT held, place FROM unnest(step.rights || step.roles) AS held, unnest(ARRAY[0, step.unit_id]) AS place\n        WHERE place IS NOT NULL\n        UNION ALL\n        SELECT 'lead', place FROM unnest(step.units || 0::bigint) AS place WHERE step.units <> '{}'\n    ) AS awaited\n    WHERE asked.state = 'open' AND step.id = NEW.id;\n RETURN NULL;",
                    hash="e39e1b76411d35c9264ee043d10e29632758d153",
                    operation="INSERT",
                    pgid="pgtrigger_approval_awaits_first_0b8e5",
                    table="approvals_approvalstep",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="approvalstep",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("people__len__gt", 0),
                    ("rights__len__gt", 0),
                    ("roles__len__gt", 0),
                    ("units__len__gt", 0),
                    ("parts__len__gt", 0),
                    _connector="OR",
                ),
                name="approval_step_by_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="routestage",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("people__len__gt", 0),
                    ("rights__len__gt", 0),
                    ("roles__len__gt", 0),
                    ("units__len__gt", 0),
                    ("parts__len__gt", 0),
                    _connector="OR",
                ),
                name="approval_stage_by_somebody",
            ),
        ),
        migrations.RunSQL(FOLLOW, LEAVE),
    ]
