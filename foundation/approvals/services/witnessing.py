"""Keeping who opened exactly what is to be approved."""

from datetime import datetime

from foundation.accounts.models import User
from foundation.approvals.models import ApprovalRequest, ApprovalSeen


def content_seen(*, request: ApprovalRequest, person: User, now: datetime) -> None:
    """Write that a person opened what is to be approved, the first time; once it is decided nothing more is kept. One query."""
    if request.is_open:
        ApprovalSeen.objects.bulk_create(
            [ApprovalSeen(request=request, person=person, digest=request.digest, at=now)],
            ignore_conflicts=True,
        )
