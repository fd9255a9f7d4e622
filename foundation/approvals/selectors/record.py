"""The record of an approval: who was asked, who saw, who signed, for whom and when, and what changed since the request before."""

from collections.abc import Sequence
from dataclasses import dataclass

from foundation.approvals.choices import RequestState
from foundation.approvals.models import (
    ApprovalCall,
    ApprovalDecision,
    ApprovalRequest,
    ApprovalSeen,
    ApprovalStep,
    HandOn,
)
from foundation.approvals.selectors.remarks import Thread, threads_of
from foundation.approvals.selectors.requests import ended_at


@dataclass(frozen=True)
class StageRecord:
    """A stage with all that people did in it."""

    step: ApprovalStep
    calls: Sequence[ApprovalCall]
    hand_ons: Sequence[HandOn]
    decisions: Sequence[ApprovalDecision]
    is_current: bool
    is_done: bool
    is_end: bool


@dataclass(frozen=True)
class ApprovalRecord:
    """All that is kept of a request, and the requests of the same record before it, the newest first."""

    request: ApprovalRequest
    stages: Sequence[StageRecord]
    seen: Sequence[ApprovalSeen]
    threads: Sequence[Thread]
    earlier: Sequence[ApprovalRequest]

    @property
    def before(self) -> ApprovalRequest | None:
        """Return the request before this one, if there was one."""
        return self.earlier[0] if self.earlier else None


def approval_record(request: ApprovalRequest) -> ApprovalRecord:
    """Return what is kept of a request that was read `with_steps()`. Five queries, whatever is kept."""
    calls: dict[int, list[ApprovalCall]] = {}
    for call in ApprovalCall.objects.filter(step__request=request).select_related(
        "person", "stands_in_for", "asked_by"
    ):
        calls.setdefault(call.step_id, []).append(call)
    stages = [
        StageRecord(
            step=step,
            calls=calls.get(step.pk, []),
            hand_ons=[one for one in request.hand_ons.all() if one.step_id == step.pk],
            decisions=[one for one in request.decisions.all() if one.step_id == step.pk],
            is_current=request.is_open and step.position == request.current_step,
            is_done=step.position < request.current_step or request.state == RequestState.APPROVED,
            is_end=ended_at(request, step),
        )
        for step in request.steps.all()
    ]
    earlier = ApprovalRequest.objects.filter(record_id=request.record_id, pk__lt=request.pk)
    found = list(earlier.select_related("requested_by").defer("content").order_by("-pk"))
    if found:
        found[0].content = ApprovalRequest.objects.values_list("content", flat=True).get(pk=found[0].pk)
    return ApprovalRecord(
        request=request,
        stages=stages,
        seen=list(request.seen.select_related("person").order_by("id")),
        threads=threads_of(request),
        earlier=found,
    )
