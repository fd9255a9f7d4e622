"""Whose voice the stage under way of an open request waits for, so that what waits for somebody is found and not searched."""

from django.db import models

# Of the stages that a condition on `asked` and `step` names: a person, by name or by a part in the record, wherever; a right or a role, of the record's unit
# and wherever (0); the leads of units, of each and wherever.
AWAITED_SQL = """
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
        SELECT 'lead', place FROM unnest(step.units || 0::bigint) AS place WHERE step.units <> '{{}}'
    ) AS awaited
    WHERE asked.state = 'open' AND {stages};
"""


class AwaitedVoice(models.Model):
    """A name under which the stage under way of an open request waits, in the order in which requests were made.

    The database's triggers write it when a stage begins, a request ends, or another plays a part; nothing else does, and it has no constraints: requests
    and stages have them. `name` is a right, a role, `lead` (who leads the unit) or `person:` and a key; `unit_id` the unit of which one
    must hold it, and 0 for whoever holds it everywhere.
    """

    request = models.ForeignKey(
        "approvals.ApprovalRequest", models.DO_NOTHING, related_name="+", db_constraint=False
    )
    step = models.ForeignKey(
        "approvals.ApprovalStep", models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    name = models.CharField(max_length=60)
    unit_id = models.BigIntegerField()
    requested_at = models.DateTimeField()

    class Meta:
        verbose_name = "awaited voice"
        indexes = [
            models.Index(
                fields=["name", "unit_id", "requested_at", "request"],
                include=["step"],
                name="approval_awaited_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{self.request_id}: {self.name} {self.unit_id or ''}".strip()
