"""Telling people that a stage waits for them, and by when: each who may decide has a date of the own."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.approvals.choices import DECISION_DEADLINE, RequestState
from foundation.approvals.kinds import ApprovalKind
from foundation.approvals.models import ApprovalCall, ApprovalRequest, ApprovalStep, HandOn
from foundation.approvals.selectors import step_deciders, step_stand_ins
from foundation.deadlines.models import Deadline
from foundation.deadlines.services import deadline_close, deadline_set
from foundation.notifications.services import NoticeDraft, notices_cancel, notices_write, told
from foundation.records.models import Record
from foundation.records.selectors import specific
from foundation.registry import registry
from foundation.ui.components import Text

REQUESTED = "approvals.requested"
DECIDERS = "approvals.deciders"
HANDED_BACK = "approvals.handed_back"
LAPSED = "approvals.lapsed"
REMARKED = "approvals.remarked"
READ = "approvals.read"
SENTENCES = {
    REQUESTED: lazy("Waits for your decision."),
    "approvals.approved": lazy("Approved."),
    "approvals.rejected": lazy("Rejected."),
    "approvals.changes": lazy("To be changed before it can be approved."),
    "approvals.void": lazy("Changed since it was submitted, so the request for approval is void."),
}
# These lead to the page on which one decides, all others to the record.
TO_DECISION = frozenset({REQUESTED, DECIDERS, HANDED_BACK, REMARKED, READ})


def step_begin(*, request: ApprovalRequest, record: Record, now: datetime) -> None:
    """Tell the deciders of the current stage, and set the dates by which they are to decide. Runs in a transaction."""
    step = request.steps.get(position=request.current_step)
    deciders = step_deciders(step, now)
    step_call(request=request, deciders=deciders, now=now)
    due_on = step_due(step, record, now)
    for person in deciders:
        _date_set(request, record, person, due_on, now)


def step_due(step: ApprovalStep, record: Record, now: datetime) -> date:
    """Return the day by which a stage that begins now is to be decided: as the route says, else as the kind does."""
    today = organisation_day(now)
    if step.days is not None:
        return today + timedelta(days=step.days)
    return registry.get(ApprovalKind, record.kind).decide_by(record, today)


def dates_of(request: ApprovalRequest) -> list[Deadline]:
    """Return the open dates of a request: one for each who may decide its current stage."""
    dates = Deadline.objects.open().filter(record_id=request.record_id, kind=DECISION_DEADLINE)
    return list(dates.select_related("assignee", "ladder").order_by("due_at", "pk"))


def dates_follow(
    *, request: ApprovalRequest, record: Record, deciders: Collection[User], now: datetime
) -> list[User]:
    """Let those who may decide by now have the dates, and nobody else; return whose were dropped. Runs in a transaction."""
    dates = dates_of(request)
    step = request.steps.get(position=request.current_step)
    due_on = (dates[0].due_on if dates else None) or step_due(step, record, now)
    having = {one.assignee_id for one in dates}
    for person in deciders:
        if person.pk not in having:
            _date_set(request, record, person, due_on, now)
    dropped = [one for one in dates if one.assignee not in deciders]
    for one in dropped:
        deadline_close(record=record, kind=one.kind, key=one.key, now=now, was_dropped=True)
    return [one.assignee for one in dropped]


def date_meet(*, request: ApprovalRequest, record: Record, people: Iterable[int], now: datetime) -> None:
    """Close the dates of who decided: they have seen to it. Runs in a transaction."""
    wanted = set(people)
    for one in dates_of(request):
        if one.assignee_id in wanted:
            deadline_close(record=record, kind=one.kind, key=one.key, now=now)


def _date_set(request: ApprovalRequest, record: Record, person: User, due_on: date, now: datetime) -> None:
    deadline_set(
        record=record,
        kind=DECISION_DEADLINE,
        key=f"{request.pk}:{person.pk}",
        assignee=person,
        due_on=due_on,
        now=now,
    )


def step_call_off(*, request: ApprovalRequest, record: Record, now: datetime) -> None:
    """Close the dates of a stage that is over, and tell nobody any more that it waits. Runs in a transaction.

    Whoever is no longer needed has not met the date, but it was not dropped either where the stage came to its end.
    """
    was_dropped = request.state in (RequestState.WITHDRAWN, RequestState.VOID)
    for one in dates_of(request):
        deadline_close(record=record, kind=one.kind, key=one.key, now=now, was_dropped=was_dropped)
    notices_cancel(record_id=record.pk, kind_prefix=REQUESTED, key_prefix=f"{_key_prefix(request)}:")


def request_call_off(*, request: ApprovalRequest, record: Record, person: User) -> None:
    """Tell one person no more that the stage under way waits: it is not theirs to decide now. Runs in a transaction."""
    key = f"{_key_prefix(request)}:{request.current_step}:"
    notices_cancel(record_id=record.pk, kind_prefix=REQUESTED, key_prefix=key, recipient_id=person.pk)


def step_call(*, request: ApprovalRequest, deciders: Sequence[User], now: datetime) -> None:
    """Tell people, and who stands in for them, that the current step waits for their decision; nobody is told twice."""
    record = specific(request.record)
    stand_ins = step_stand_ins(request, deciders, now)
    _calls_write(request, deciders, stand_ins, now)
    handed = {
        one.to_id: one
        for one in request.hand_ons.all()
        if one.ended_at is None and one.step.position == request.current_step
    }
    notices = [
        notice_of(request, record, person.pk, REQUESTED, reason=_reason(handed.get(person.pk)))
        for person in deciders
    ]
    notices += [
        notice_of(
            request,
            record,
            stand_in.pk,
            REQUESTED,
            reason=_standing_in(person),
        )
        for person, stand_in in stand_ins
        if stand_in not in deciders
    ]
    notices_write(notices=notices, now=now)


def _reason(handed: HandOn | None) -> str:
    if handed is None:
        return ""
    return told(
        lambda: (
            _("%(person)s handed it on to you: %(reason)s") % {"person": handed.by, "reason": handed.reason}
        )
    )


def _standing_in(person: User) -> str:
    return told(lambda: _("You stand in for %(person)s, who may decide it.") % {"person": person})


def _calls_write(
    request: ApprovalRequest,
    deciders: Sequence[User],
    stand_ins: Sequence[tuple[User, User]],
    now: datetime,
) -> None:
    """Write who was asked when; whoever was before stays as first asked."""
    step = request.steps.get(position=request.current_step)
    calls = [ApprovalCall(step=step, person=person, at=now) for person in deciders]
    calls += [
        ApprovalCall(step=step, person=stand_in, stands_in_for=person, at=now)
        for person, stand_in in stand_ins
        if stand_in not in deciders
    ]
    ApprovalCall.objects.bulk_create(calls, ignore_conflicts=True)


def _key_prefix(request: ApprovalRequest) -> str:
    return f"approval:{request.pk}"


def notice_of(
    request: ApprovalRequest,
    record: Record,
    recipient_id: int,
    kind: str,
    *,
    reason: str = "",
    sentence: Text = "",
    about: str = "",
) -> NoticeDraft:
    """Return what is told to one person of a request; `about` tells one notice of the kind from another of the same step.

    Words of the portal's own are given as `told()`.
    """
    return NoticeDraft(
        recipient_id=recipient_id,
        kind=kind,
        dedupe_key=f"{_key_prefix(request)}:{request.current_step}:{kind}:{about and f'{about}:'}{recipient_id}",
        record_id=record.pk,
        payload={
            "title": record.title,
            "sentence": sentence or SENTENCES[kind],
            "path": request.get_absolute_url() if kind in TO_DECISION else record.get_absolute_url(),
            "reference": record.reference,
            "reason": reason,
        },
    )
