"""What follows from a step in an audit's lifecycle."""

from datetime import datetime

from audits.choices import OPEN_AUDIT_STATES
from audits.models import Audit
from audits.services.dates import dates_follow
from audits.services.occurrences import occurrence_next
from foundation.accounts.models import User


def audit_step_follow(*, audit: Audit, actor: User, now: datetime) -> None:
    """Write when the audit was closed, set and close its deadlines, and plan the next of its series once it is over.

    Must be called inside the step's transaction.
    """
    is_open = audit.state in OPEN_AUDIT_STATES
    closed_at = None if is_open else now
    if closed_at != audit.closed_at:
        Audit.objects.filter(pk=audit.pk).update(closed_at=closed_at)
        audit.closed_at = closed_at
    dates_follow(audit=audit, now=now)
    if not is_open:
        occurrence_next(audit=audit, now=now)
