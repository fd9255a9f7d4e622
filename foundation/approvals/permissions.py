"""Who may decide."""

from django.utils.translation import gettext as _

from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.approvals.kinds import ApprovalKind
from foundation.approvals.models import ApprovalRequest
from foundation.records.selectors import specific
from foundation.registry import registry


def refusal_to_decide(request: ApprovalRequest, user: User) -> str | None:
    """Return why this person may not decide the request now, or None."""
    if not request.is_open:
        return _("This request is closed.")
    if request.requested_by_id == user.pk:
        return _("You asked for this approval, so someone else must decide it.")
    step = next(step for step in request.steps.all() if step.position == request.current_step)
    if not access_of(user).has(step.right, step.unit_id):
        return _("This step is decided by others.")
    if any(decision.decided_by_id == user.pk for decision in request.decisions.all()):
        return _("You have decided this already.")
    record = specific(request.record)
    return registry.get(ApprovalKind, record.kind).refusal(record, user)


def may_withdraw(request: ApprovalRequest, user: User) -> bool:
    """Tell whether someone may take a request back: who made it, or the record's owner where that person has left."""
    if request.requested_by_id == user.pk:
        return True
    return not request.requested_by.is_active and request.record.owner_id == user.pk
