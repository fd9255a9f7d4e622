"""Reads of approvals for pages."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils.html import format_html_join

from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.rights import RIGHTS
from foundation.accounts.selectors import people_with_right
from foundation.approvals.choices import RequestState
from foundation.approvals.kinds import ApprovalKind
from foundation.approvals.models import ApprovalDecision, ApprovalRequest, ApprovalStep
from foundation.records.models import Record
from foundation.records.querysets import visible_records
from foundation.records.selectors import pairs_that_see, specific, specific_all
from foundation.registry import registry
from foundation.ui.structure import Fact

WAITING = 500


@dataclass(frozen=True)
class StepProgress:
    """A step as shown: its decisions so far, and who may still decide it."""

    step: ApprovalStep
    decisions: list[ApprovalDecision]
    deciders: list[User]
    is_current: bool
    is_done: bool


def requests_visible_to(user: User) -> QuerySet[ApprovalRequest]:
    """Return the requests on records that the person may know of."""
    return ApprovalRequest.objects.filter(visible_records(user, prefix="record__"))


def with_steps(requests: QuerySet[ApprovalRequest]) -> QuerySet[ApprovalRequest]:
    """Fetch the steps and decisions along with the requests: two queries, whatever their number."""
    return requests.select_related("record", "requested_by").prefetch_related(
        Prefetch("steps", ApprovalStep.objects.select_related("unit").order_by("position")),
        Prefetch("decisions", ApprovalDecision.objects.select_related("decided_by").order_by("id")),
    )


def requests_waiting_for(user: User) -> list[ApprovalRequest]:
    """Return the open requests whose current step this person may decide and has not decided, oldest first.

    Looks at the oldest WAITING of them. A query, and one for each kind of record: whom the kind bars is known by its own.
    """
    access = access_of(user)
    mine = Q(pk__in=[])
    for right in RIGHTS:
        scope = access.scope(right)
        if scope.everywhere:
            mine |= Q(right=right)
        elif scope.unit_ids:
            mine |= Q(right=right, unit_id__in=sorted(scope.unit_ids))
    steps = ApprovalStep.objects.filter(
        mine, request__state=RequestState.OPEN, position=F("request__current_step")
    )
    waiting = (
        requests_visible_to(user)
        .filter(pk__in=steps.values("request_id"))
        .exclude(requested_by=user)
        .exclude(decisions__decided_by=user)
        .select_related("record", "requested_by")
        .defer("content")
        .order_by("requested_at", "id")
    )
    found = list(waiting[:WAITING])
    records = specific_all([request.record for request in found])
    return [
        request
        for request in found
        if not registry.get(ApprovalKind, request.record.kind).refusal(records[request.record_id], user)
    ]


def content_shown(request: ApprovalRequest) -> list[Fact]:
    """Return what is to be approved as the page shows it, in the order in which the kind names it."""
    kind = registry.find(ApprovalKind, request.record.kind)
    labels = kind.labels if kind else {}
    codes = [
        *(code for code in labels if code in request.content),
        *sorted(request.content.keys() - labels.keys()),
    ]
    return [Fact(labels.get(code, code), _shown(request.content[code])) for code in codes]


def _shown(value: Any) -> Any:
    return (
        format_html_join("", "<div>{}</div>", ((item,) for item in value))
        if isinstance(value, list)
        else value
    )


def step_deciders(step: ApprovalStep, requester: User, now: datetime) -> list[User]:
    """Return who may decide a step: holders of its right who see the record and whom the kind does not bar, never the requester."""
    on = organisation_day(now)
    people = list(people_with_right(right=step.right, unit=step.unit, on=on).exclude(pk=requester.pk))
    record = specific(step.request.record)
    kind = registry.get(ApprovalKind, record.kind)
    seeing = pairs_that_see(((record.pk, person.pk) for person in people), on=on)
    return [
        person for person in people if (record.pk, person.pk) in seeing and not kind.refusal(record, person)
    ]


def latest_request(record: Record) -> ApprovalRequest | None:
    """Return the record's newest request for approval, if there ever was one."""
    return record.approval_requests.select_related("requested_by").order_by("-id").first()


def progress(request: ApprovalRequest, now: datetime) -> list[StepProgress]:
    """Return the steps of a request with who decided what; deciders are listed for the step under way only.

    Reads no more than `with_steps()` has fetched, but for the deciders.
    """
    decisions: dict[int, list[ApprovalDecision]] = {}
    for decision in request.decisions.all():
        decisions.setdefault(decision.step_id, []).append(decision)
    shown = []
    for step in request.steps.all():
        made = decisions.get(step.pk, [])
        is_current = request.state == RequestState.OPEN and step.position == request.current_step
        decided = {decision.decided_by_id for decision in made}
        deciders = step_deciders(step, request.requested_by, now) if is_current else []
        shown.append(
            StepProgress(
                step=step,
                decisions=made,
                deciders=[person for person in deciders if person.pk not in decided],
                is_current=is_current,
                is_done=step.position < request.current_step or request.state == RequestState.APPROVED,
            )
        )
    return shown
