"""What happens to approvals when a person leaves: the decisions that wait are left to those who may take them."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.approvals.choices import RequestState, Verdict
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.selectors import requests_waiting_for, step_deciders
from foundation.approvals.services import DECISION_DEADLINE, approval_void_if_changed
from foundation.deadlines.models import Deadline
from foundation.deadlines.services import deadline_set
from foundation.records.models import Record
from foundation.records.selectors import held_of, name_for, specific
from foundation.registry import HandOverRefused, Held


def decisions_held(*, person: User, reader: User, now: datetime) -> Held:
    """Return a preview of the approvals that wait for a person's decision."""
    waiting = [request.record_id for request in requests_waiting_for(person)]
    records: QuerySet[Any] = Record.objects.filter(pk__in=waiting).order_by("pk")
    return held_of(records, reader=reader)


def decisions_hand_over(*, person: User, to: User, actor: User, now: datetime) -> int:
    """See to it that others can take the decisions that wait for a person, and return how many there are.

    Who may decide follows from rights, so nothing is given away here: HandOverRefused says where too few would be left. The
    date to decide goes to one of those who may. Requests whose content names the former owner become void, as after any
    change. Must be called inside a transaction, after the owners of records.
    """
    waiting = list(requests_waiting_for(person))
    for request in waiting:
        _leave_to_others(request, person=person, to=to, actor=actor, now=now)
    for request in ApprovalRequest.objects.filter(state=RequestState.OPEN).select_related("record"):
        approval_void_if_changed(record=specific(request.record), actor=actor, now=now)
    return len(waiting)


def _leave_to_others(request: ApprovalRequest, *, person: User, to: User, actor: User, now: datetime) -> None:
    step = request.steps.get(position=request.current_step)
    made = list(step.decisions.filter(verdict=Verdict.APPROVE))
    decided = {pk for one in made for pk in (one.decided_by_id, one.on_behalf_of_id)}
    deciders = [
        one
        for one in step_deciders(step, request.requested_by, now)
        if one.pk != person.pk and one.pk not in decided
    ]
    if len(deciders) < step.needed - len(made):
        raise HandOverRefused(
            _("Too few would be left who may decide on %(reference)s: give someone the right to first.")
            % {"reference": name_for(request.record, actor)}
        )
    deadline = Deadline.objects.open().filter(
        record_id=request.record_id, kind=DECISION_DEADLINE, key=str(request.pk), assignee=person
    )
    for one in deadline.select_related("ladder"):
        deadline_set(
            record=request.record,
            kind=one.kind,
            key=one.key,
            assignee=to if to in deciders else deciders[0],
            due_on=one.due_on,
            due_at=None if one.due_on else one.due_at,
            ladder=one.ladder,
            now=now,
        )
