"""Handing a single decision on to a colleague, and taking it back."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.approvals.choices import RequestState
from foundation.approvals.kinds import judged
from foundation.approvals.models import ApprovalRequest, HandOn
from foundation.approvals.permissions import (
    hand_ons_standing,
    handed_on_by,
    holds,
    only_audits_there,
    refusal_as,
    voice_of,
)
from foundation.approvals.selectors import step_deciders
from foundation.approvals.services.calling import (
    HANDED_BACK,
    LAPSED,
    dates_follow,
    notice_of,
    request_call_off,
    step_call,
)
from foundation.approvals.services.requests import ApprovalRefused, request_lock
from foundation.notifications.services import notices_write, told
from foundation.records.models import Record
from foundation.records.plain import plain
from foundation.records.selectors import pairs_that_see
from foundation.trail.services import entry_write


def hand_on_refusal(request: ApprovalRequest, actor: User) -> str | None:
    """Return why a person can't hand a request on: it is not theirs to decide, or they only stand in for another."""
    voice = voice_of(request, actor)
    if voice.on_behalf_of:
        return _("You stand in for another here: decide it, or leave it to them.")
    return voice.refusal


@transaction.atomic
def approval_hand_on(
    *, request: ApprovalRequest, actor: User, to: User, reason: str, now: datetime
) -> HandOn:
    """Leave one's decision to a colleague, who is told and gets the date; one's own voice is silent until it is taken back.

    Raises ApprovalRefused where it is not the actor's to decide, and where the colleague may not: who asked or made it, has
    a side in it, may not know of it, decides it anyway or has.
    """
    locked, record = request_lock(request)
    record = judged(record)
    if refusal := hand_on_refusal(locked, actor):
        raise ApprovalRefused(refusal)
    if not reason.strip():
        raise ApprovalRefused(_("Say why you hand it on."))
    hand_ons_lapse(request=locked, record=record, now=now)
    if refusal := _refusal_to(locked, record, to, now):
        raise ApprovalRefused(refusal)
    step = locked.steps.get(position=locked.current_step)
    handed = HandOn.objects.create(request=locked, step=step, by=actor, to=to, reason=reason.strip(), at=now)
    entry_write(
        action="approvals.request.handed_on",
        actor=actor,
        record=record,
        after={"to": plain(to), "step": step.label, "digest": locked.digest},
        comment=reason.strip(),
    )
    _follow(locked, record, now)
    request_call_off(request=locked, record=record, person=actor)
    return handed


@transaction.atomic
def hand_on_take_back(*, request: ApprovalRequest, actor: User, now: datetime) -> HandOn:
    """Take back what one handed on, so that one decides again. Raises ApprovalRefused where there is nothing to take back."""
    locked, record = request_lock(request)
    handed = handed_on_by(locked, actor) if locked.is_open else None
    if handed is None:
        raise ApprovalRefused(_("There is nothing to take back: it was decided, or taken back before."))
    hand_on_end(handed=handed, record=record, actor=actor, now=now)
    _follow(locked, record, now)
    return handed


def hand_on_end(*, handed: HandOn, record: Record, actor: User | None, now: datetime) -> None:
    """Let the decision be whose it was. `actor` None: the portal itself, since the other may not decide any more.

    Runs in a transaction; the dates follow by themselves each hour, or by who calls.
    """
    handed.ended_at = now
    handed.save(update_fields=["ended_at"])
    request = handed.request
    entry_write(
        action="approvals.request.handed_back",
        actor=actor,
        record=record,
        after={"to": plain(handed.by), "from": plain(handed.to), "step": handed.step.label},
    )
    request_call_off(request=request, record=record, person=handed.to)
    if actor != handed.by and request.state == RequestState.OPEN:
        what = told(lambda: _("Yours to decide again: %(person)s can’t.") % {"person": handed.to})
        notice = notice_of(request, record, handed.by_id, HANDED_BACK, sentence=what, about=str(handed.pk))
        notices_write(notices=[notice], now=now)


def hand_ons_lapse(
    *, request: ApprovalRequest, record: Record, now: datetime, leaving: User | None = None
) -> None:
    """End what was handed on by people whose decision it is not any more, or who leave, and tell to whom; the last of a chain first.

    Runs in a transaction; the dates follow by who calls.
    """
    step = request.steps.get(position=request.current_step)
    step.request = request
    there = list(step.hand_ons.filter(ended_at=None).select_related("by", "to", "step").order_by("id"))
    standing = hand_ons_standing(step, there, besides=leaving)
    for handed in reversed(there):
        if handed not in standing:
            handed.ended_at = now
            handed.save(update_fields=["ended_at"])
            entry_write(
                action="approvals.request.hand_on_lapsed",
                actor=None,
                record=record,
                after={"to": plain(handed.to), "from": plain(handed.by), "step": handed.step.label},
            )
            request_call_off(request=request, record=record, person=handed.to)
            what = told(_lapsed_words(handed))
            notice = notice_of(request, record, handed.to_id, LAPSED, sentence=what, about=str(handed.pk))
            notices_write(notices=[notice], now=now)


def _lapsed_words(handed: HandOn) -> Callable[[], str]:
    return lambda: _("No longer yours to decide: it is not %(person)s’s any more.") % {"person": handed.by}


def _follow(request: ApprovalRequest, record: Record, now: datetime) -> None:
    """Call whose decision it is now, and move the dates. The request is read anew: who decides was read already."""
    fresh = ApprovalRequest.objects.get(pk=request.pk)
    step = fresh.steps.get(position=fresh.current_step)
    step.request = fresh
    decided = {key for one in fresh.decisions.all() for key in (one.decided_by_id, one.on_behalf_of_id)}
    deciders = [person for person in step_deciders(step, now) if person.pk not in decided]
    step_call(request=fresh, deciders=deciders, now=now)
    dates_follow(request=fresh, record=record, deciders=deciders, now=now)


def _refusal_to(request: ApprovalRequest, record: Record, to: User, now: datetime) -> str | None:
    if not to.is_active:
        return _("%(person)s has left.") % {"person": to}
    step = request.steps.get(position=request.current_step)
    if handed_on_by(request, to):
        return _("%(person)s handed it on before.") % {"person": to}
    if holds(step, to, request.hand_ons.all()):
        return _("%(person)s decides it anyway.") % {"person": to}
    pair = (record.pk, to.pk)
    if pair not in pairs_that_see({pair}, on=organisation_day(now)):
        return _("%(person)s may not know of it.") % {"person": to}
    if only_audits_there(access_of(to, now), record.unit_id):
        return _("%(person)s is an auditor, who approves nothing.") % {"person": to}
    if refusal_as(to, request, record, request.decisions.all(), to):
        return _(
            "%(person)s may not decide it: asked for it, made it, has a side in it or has decided before."
        ) % {"person": to}
    return None
