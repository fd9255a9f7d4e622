"""What happens to approvals when a person leaves: the decisions that wait are left to those who may take them."""

from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.approvals.choices import RequestState
from foundation.approvals.following import date_pass_on, hand_ons_follow, stage_short, stages_left
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.selectors import requests_waiting_for
from foundation.approvals.services import approval_void_if_changed
from foundation.records.models import Record
from foundation.records.selectors import held_of, name_for, specific
from foundation.registry import HandOverRefused, Held


def decisions_held(*, person: User, reader: User, now: datetime) -> Held:
    """Return a preview of the approvals that wait for a person's decision, or for that of a colleague in its place."""
    waiting = [request.record_id for request in _requests_of(person)]
    records: QuerySet[Any] = Record.objects.filter(pk__in=waiting).order_by("pk")
    return held_of(records, reader=reader)


def decisions_hand_over(*, person: User, to: User, actor: User, now: datetime) -> int:
    """See to it that others can take the decisions that wait for a person, and return how many there are.

    Who may decide follows from rights, so nothing is given away here: HandOverRefused says where too few would be left. The
    date to decide goes to one of those who may. Requests whose content names the former owner become void, as after any
    change. Must be called inside a transaction, after the owners of records.
    """
    waiting = _requests_of(person)
    for request in waiting:
        _leave_to_others(request, person=person, actor=actor, now=now)
    for request in ApprovalRequest.objects.filter(state=RequestState.OPEN).select_related("record"):
        approval_void_if_changed(record=specific(request.record), actor=actor, now=now)
    return len(waiting)


def _requests_of(person: User) -> list[ApprovalRequest]:
    """Return the open requests that wait for a person, and those of which the person handed the decision on."""
    handed = ApprovalRequest.objects.filter(
        state=RequestState.OPEN,
        hand_ons__by=person,
        hand_ons__ended_at=None,
        hand_ons__step__position=F("current_step"),
    )
    found = {one.pk: one for one in (*requests_waiting_for(person), *handed.select_related("record"))}
    return [found[key] for key in sorted(found)]


def _leave_to_others(request: ApprovalRequest, *, person: User, actor: User, now: datetime) -> None:
    hand_ons_follow(request=request, record=specific(request.record), now=now, leaving=person)
    request = ApprovalRequest.objects.select_related("record").get(pk=request.pk)  # who handed on was read
    left = stages_left(request, now=now, besides=person)
    if stage_short(left):
        raise HandOverRefused(
            _("Too few would be left who may decide on %(reference)s: give someone the right to first.")
            % {"reference": name_for(request.record, actor)}
        )
    date_pass_on(request=request, record=specific(request.record), deciders=left[0].deciders, now=now)
