"""What follows from a step in an audit's lifecycle."""

from datetime import datetime

from audits.choices import OPEN_AUDIT_STATES, AuditState
from audits.models import Audit
from audits.services.dates import dates_follow
from audits.services.evidence import evidence_end
from audits.services.occurrences import occurrence_next
from foundation.accounts.models import User

UNREPORTED = (
    AuditState.PLANNED,
    AuditState.PREPARING,
    AuditState.FIELDWORK,
    AuditState.REPORTING,
    AuditState.REPORT_REVIEW,
)


def report_approved(*, audit: Audit, actor: User, now: datetime) -> None:
    """Write who approved the audit's report, and when. Must be called inside the step's transaction."""
    _approval_write(audit, actor, now)


def _approval_write(audit: Audit, by: User | None, at: datetime | None) -> None:
    Audit.objects.filter(pk=audit.pk).update(report_approved_by=by, report_approved_at=at)
    audit.report_approved_by, audit.report_approved_at = by, at


def audit_step_follow(*, audit: Audit, actor: User | None, now: datetime) -> None:
    """Write when the audit was closed, set and close its deadlines, and plan the next of its series once it is over.

    The approval of a report ends where the audit goes back behind it: the next report is approved anew. Must be called inside the step's transaction.
    """
    is_open = audit.state in OPEN_AUDIT_STATES
    closed_at = None if is_open else now
    if closed_at != audit.closed_at:
        Audit.objects.filter(pk=audit.pk).update(closed_at=closed_at)
        audit.closed_at = closed_at
    if audit.state in UNREPORTED and audit.report_approved_at is not None:
        _approval_write(audit, None, None)
    dates_follow(audit=audit, now=now)
    if not is_open:
        assert actor is not None, "people end audits"
        evidence_end(audit=audit, actor=actor, now=now)
        occurrence_next(audit=audit, now=now)
