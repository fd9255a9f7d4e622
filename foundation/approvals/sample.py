"""Deciding as sample data does."""

from datetime import datetime

from foundation.accounts.models import User
from foundation.approvals.choices import Verdict
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.services import approval_decide, content_seen


def open_and_decide(
    *,
    request: ApprovalRequest,
    actor: User,
    now: datetime,
    verdict: Verdict = Verdict.APPROVE,
    comment: str = "",
) -> ApprovalRequest:
    """Let somebody open what is to be approved, and decide on exactly that; raise what `approval_decide` raises."""
    content_seen(request=request, person=actor, now=now)
    return approval_decide(
        request=request, actor=actor, verdict=verdict, seen_digest=request.digest, now=now, comment=comment
    )
