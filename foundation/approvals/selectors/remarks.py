"""Remarks on what is to be approved, with what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from foundation.accounts.models import User
from foundation.approvals.models import ApprovalCall, ApprovalRequest, Remark


@dataclass(frozen=True)
class Thread:
    """A remark and its answers, the oldest first."""

    remark: Remark
    answers: Sequence[Remark]


def threads_of(request: ApprovalRequest) -> list[Thread]:
    """Return the remarks on a request's content, the oldest first. One query."""
    remarks = list(request.remarks.select_related("by", "settled_by").order_by("id"))
    answers: dict[int, list[Remark]] = {}
    for one in remarks:
        if one.answers_id is not None:
            answers.setdefault(one.answers_id, []).append(one)
    return [Thread(one, answers.get(one.pk, ())) for one in remarks if one.answers_id is None]


def is_reader(request: ApprovalRequest, user: User) -> bool:
    """Tell whether somebody was asked to read it. One query."""
    return ApprovalCall.objects.filter(step__request=request, person=user, asked_by__isnull=False).exists()
