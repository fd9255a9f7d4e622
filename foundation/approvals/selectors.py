"""Reads of approvals for pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Prefetch, QuerySet

from foundation.accounts.access import Scope, access_of
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.rights import RIGHTS
from foundation.accounts.selectors import people_with_right, stand_ins_of, stood_in_for
from foundation.approvals.choices import RequestState
from foundation.approvals.kinds import ApprovalKind, judged, judged_all
from foundation.approvals.models import ApprovalDecision, ApprovalRequest, ApprovalStep
from foundation.approvals.permissions import refusal_as
from foundation.records.models import Record
from foundation.records.querysets import visible_records, visible_sql
from foundation.records.selectors import pairs_that_see, people_who_see
from foundation.registry import registry

WAITING = 500

WAITING_KEYS = """
    SELECT asked.id
    FROM approvals_approvalrequest AS asked
    JOIN approvals_approvalstep AS step ON step.request_id = asked.id AND step.position = asked.current_step
    JOIN records_record AS record ON record.id = asked.record_id
    WHERE asked.state = %s AND asked.requested_by_id <> %s
        AND NOT EXISTS (SELECT FROM approvals_approvaldecision WHERE request_id = asked.id AND decided_by_id = %s)
        AND ({mine}) AND {known}
    ORDER BY asked.requested_at, asked.id
    LIMIT %s
"""


@dataclass(frozen=True)
class StepProgress:
    """A step as shown: its decisions so far, and who may still decide it."""

    step: ApprovalStep
    decisions: list[ApprovalDecision]
    deciders: list[User]
    stand_ins: list[tuple[User, User]]
    is_current: bool
    is_done: bool


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


def requests_waiting_for(user: User) -> list[ApprovalRequest]:
    """Return the open requests whose current step this person may decide and has not decided, oldest first.

    In the own name, or for someone for whom the person stands in today. Looks at the oldest WAITING of them. A query for each
    voice, one for who stands in, and one for each kind of record: whom the kind bars is known by its own.
    """
    access = access_of(user)
    voices = [user, *stood_in_for(user, on=access.on)]
    keys = _waiting_keys(user, voices)
    if not keys:
        return []
    waiting = (
        ApprovalRequest.objects.filter(pk__in=keys)
        .select_related("record", "requested_by")
        .defer("content", "record__words")
        .order_by("requested_at", "id")
    )
    if len(voices) > 1:
        waiting = waiting.prefetch_related("decisions", "steps")
    found = list(waiting)
    records = judged_all([request.record for request in found])
    if len(voices) == 1:
        return [
            request
            for request in found
            if not registry.get(ApprovalKind, request.record.kind).bars(records[request.record_id], user)
        ]
    seen = pairs_that_see(
        {(request.record_id, voice.pk) for request in found for voice in voices}, on=access.on
    )
    return [
        request
        for request in found
        if any(
            (request.record_id, voice.pk) in seen
            and _may_speak(voice, request, records[request.record_id], user)
            for voice in voices
        )
    ]


def _waiting_keys(user: User, voices: Sequence[User]) -> list[int]:
    """Return the keys of the oldest WAITING open requests that a person may know of, neither asked nor decided, and whose
    current step is decided by a right which one of the voices has.

    By a statement written by hand: my desk asks each time it is opened, and mostly nothing waits.
    """
    conditions: list[str] = []
    held: list[Any] = []
    for voice in voices:
        access = access_of(voice)
        rights: dict[Scope, list[str]] = {}
        for right in RIGHTS:
            if scope := access.scope(right):
                rights.setdefault(scope, []).append(right)
        for scope, codes in rights.items():
            conditions.append(
                "step.right IN %s" if scope.everywhere else "step.right IN %s AND step.unit_id IN %s"
            )
            held += [tuple(codes)] if scope.everywhere else [tuple(codes), tuple(sorted(scope.unit_ids))]
    if not conditions:
        return []
    known, values = visible_sql(user, "record")
    sql = WAITING_KEYS.format(mine=" OR ".join(f"({one})" for one in conditions), known=known)
    with connection.cursor() as cursor:
        cursor.execute(sql, (RequestState.OPEN, user.pk, user.pk, *held, *values, WAITING))
        return [key for (key,) in cursor.fetchall()]


def _may_speak(voice: User, request: ApprovalRequest, record: Record, user: User) -> bool:
    step = next(step for step in request.steps.all() if step.position == request.current_step)
    has_right = access_of(voice).has(step.right, step.unit_id)
    return has_right and not refusal_as(voice, request, record, request.decisions.all(), user)


def step_deciders(step: ApprovalStep, requester: User, now: datetime) -> list[User]:
    """Return who may decide a step: holders of its right who see the record and whom the kind does not bar, never the requester."""
    on = organisation_day(now)
    record = judged(step.request.record)
    kind = registry.get(ApprovalKind, record.kind)
    holders = people_with_right(right=step.right, unit=step.unit, on=on).exclude(pk=requester.pk)
    seeing = people_who_see(record, on=on).order_by().values("pk")
    return [person for person in holders.filter(pk__in=seeing) if not kind.bars(record, person)]


def step_stand_ins(
    request: ApprovalRequest, deciders: Sequence[User], now: datetime
) -> list[tuple[User, User]]:
    """Return those of the deciders who are stood in for today, each with a stand-in who may decide for them."""
    on = organisation_day(now)
    stand_ins = stand_ins_of([person.pk for person in deciders], on=on)
    if not stand_ins:
        return []
    record, decisions = judged(request.record), list(request.decisions.all())
    seen = pairs_that_see({(record.pk, stand_in.pk) for stand_in in stand_ins.values()}, on=on)
    return [
        (person, stand_ins[person.pk])
        for person in deciders
        if person.pk in stand_ins
        and (record.pk, stand_ins[person.pk].pk) in seen
        and not refusal_as(person, request, record, decisions, stand_ins[person.pk])
    ]


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
        made = decisions.get(step.pk, [])
        is_current = request.state == RequestState.OPEN and step.position == request.current_step
        decided = {pk for one in made for pk in (one.decided_by_id, one.on_behalf_of_id)}
        deciders = step_deciders(step, request.requested_by, now) if is_current else []
        deciders = [person for person in deciders if person.pk not in decided]
        shown.append(
            StepProgress(
                step=step,
                decisions=made,
                deciders=deciders,
                stand_ins=step_stand_ins(request, deciders, now) if deciders else [],
                is_current=is_current,
                is_done=step.position < request.current_step or request.state == RequestState.APPROVED,
            )
        )
    return shown
