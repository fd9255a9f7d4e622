"""Reads of approvals for pages."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from foundation.accounts.models import User
from foundation.approvals.choices import RequestState
from foundation.approvals.models import ApprovalDecision, ApprovalRequest, ApprovalStep, HandOn
from foundation.approvals.selectors.deciders import step_candidates, step_stand_ins, who_is_out
from foundation.records.models import Record
from foundation.records.querysets import visible_records


@dataclass(frozen=True)
class StepProgress:
    """A step as shown: its decisions so far, and who may still decide it; where too few may, who can't and why (`out`)."""

    step: ApprovalStep
    decisions: list[ApprovalDecision]
    deciders: list[User]
    out: str
    stand_ins: list[tuple[User, User]]
    hand_ons: list[HandOn]
    is_current: bool
    is_done: bool
    is_end: bool


def ended_at(request: ApprovalRequest, step: ApprovalStep) -> bool:
    """Tell whether a request came to an end at this stage that is no approval."""
    is_over = request.state not in (RequestState.OPEN, RequestState.APPROVED)
    return is_over and step.position == request.current_step


def requests_visible_to(user: User) -> QuerySet[ApprovalRequest]:
    """Return the requests on records that the person may know of."""
    return ApprovalRequest.objects.filter(visible_records(user, prefix="record__"))


def with_steps(requests: QuerySet[ApprovalRequest]) -> QuerySet[ApprovalRequest]:
    """Fetch the steps and decisions along with the requests: two queries, whatever their number."""
    return requests.select_related("record", "requested_by").prefetch_related(
        Prefetch("steps", ApprovalStep.objects.select_related("unit").order_by("position")),
        Prefetch(
            "decisions", ApprovalDecision.objects.select_related("decided_by", "on_behalf_of").order_by("id")
        ),
    )


def latest_request(record: Record) -> ApprovalRequest | None:
    """Return the record's newest request for approval, if there ever was one."""
    return record.approval_requests.select_related("requested_by").order_by("-id").first()


def progress(request: ApprovalRequest, now: datetime) -> list[StepProgress]:
    """Return the steps of a request with who decided what; deciders are listed for the step under way only.

    Reads no more than `with_steps()` has fetched, but for the deciders and their stand-ins.
    """
    decisions: dict[int, list[ApprovalDecision]] = {}
    for decision in request.decisions.all():
        decisions.setdefault(decision.step_id, []).append(decision)
    shown = []
    for step in request.steps.all():
        step.request = request
        made = decisions.get(step.pk, [])
        is_current = request.state == RequestState.OPEN and step.position == request.current_step
        decided = {pk for one in made for pk in (one.decided_by_id, one.on_behalf_of_id)}
        circle = step_candidates(step, now) if is_current else []
        deciders = [one.person for one in circle if not one.refusal and one.person.pk not in decided]
        is_short = is_current and len(deciders) < step.needed - len(made)
        shown.append(
            StepProgress(
                step=step,
                decisions=made,
                deciders=deciders,
                out=who_is_out(circle) if is_short else "",
                stand_ins=step_stand_ins(request, deciders, now) if deciders else [],
                hand_ons=[
                    one for one in request.hand_ons.all() if one.step_id == step.pk and one.ended_at is None
                ],
                is_current=is_current,
                is_done=step.position < request.current_step or request.state == RequestState.APPROVED,
                is_end=ended_at(request, step),
            )
        )
    return shown
