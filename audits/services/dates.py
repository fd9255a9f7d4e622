"""What follows from an audit's state and dates: when it is due next, and its deadlines."""

from collections.abc import Iterable
from datetime import datetime

from audits.choices import AuditState
from audits.models import Audit
from audits.schedule import STEPS, next_due_on
from foundation.accounts.models import User
from foundation.deadlines.models import Deadline
from foundation.deadlines.services import DeadlineDraft, deadline_close, deadline_set, deadlines_open


def dates_open(*, audits: Iterable[Audit], now: datetime) -> None:
    """Set the dates of new audits as deadlines."""
    deadlines_open(
        drafts=[
            DeadlineDraft(
                record=audit,
                kind=step.kind,
                due_on=getattr(audit, step.field),
                assignee=_assignee(step.kind, audit),
            )
            for audit in audits
            for step in STEPS
            if audit.state in step.awaited_in
        ],
        now=now,
    )


def dates_follow(*, audit: Audit, now: datetime) -> None:
    """Write when the audit is due next, and set the dates that its state still awaits as deadlines; close the others.

    Must be called inside the transaction that changed the audit. What is as it should be is not written again.
    """
    due_on = next_due_on(audit.state, audit)
    if due_on != audit.next_due_on:
        Audit.objects.filter(pk=audit.pk).update(next_due_on=due_on)
        audit.next_due_on = due_on
    there = {deadline.kind: deadline for deadline in Deadline.objects.filter(record_id=audit.pk, key="")}
    for step in STEPS:
        kept = there.get(step.kind)
        if audit.state not in step.awaited_in:
            if kept and kept.closed_at is None:
                dropped = audit.state == AuditState.CANCELLED
                deadline_close(record=audit, kind=step.kind, now=now, was_dropped=dropped)
            continue
        step_on, assignee = getattr(audit, step.field), _assignee(step.kind, audit)
        if kept and (kept.closed_at, kept.due_on, kept.assignee_id) == (None, step_on, assignee.pk):
            continue
        deadline_set(record=audit, kind=step.kind, assignee=assignee, due_on=step_on, now=now)


def _assignee(kind: str, audit: Audit) -> User:
    """Return who sees to a step: the lead auditor up to the report, the owner to what follows from it."""
    person: User = audit.owner if kind == "audits.follow_up" else audit.lead_auditor
    return person
