"""Asking for an approval, and deciding it."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.approvals.choices import RequestState, Verdict
from foundation.approvals.kinds import ApprovalKind, Outcome
from foundation.approvals.models import ApprovalDecision, ApprovalRequest, ApprovalStep
from foundation.approvals.permissions import may_withdraw, voice_of
from foundation.approvals.selectors import step_deciders, step_stand_ins
from foundation.deadlines.services import deadline_close, deadline_set
from foundation.lifecycle.services import TransitionRefused
from foundation.notifications.services import NoticeDraft, notices_cancel, notices_write
from foundation.records.models import Record
from foundation.records.plain import plain
from foundation.records.selectors import specific
from foundation.registry import registry
from foundation.trail.services import entry_write

DECISION_DEADLINE = "approvals.decision"
REQUESTED = "approvals.requested"
DECIDERS = "approvals.deciders"


class ApprovalRefused(TransitionRefused):
    """The request or the decision is not possible; the message says why, for the person who tried."""


class ApprovalVoid(ApprovalRefused):
    """The content changed since it was handed in, so nothing was decided and the request is void."""


def content_digest(content: dict[str, Any]) -> str:
    """Return the SHA-256 (hex) of a content's canonical JSON: sorted keys, no blanks, UTF-8."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def approval_request(*, record: Record, actor: User, now: datetime) -> ApprovalRequest:
    """Ask the people on the kind's route to approve the record as it stands now.

    Raises ApprovalRefused when a request is open already, or when a step has too few people besides the requester.
    """
    locked = type(record)._default_manager.select_for_update().get(pk=record.pk)
    if locked.approval_requests.filter(state=RequestState.OPEN).exists():
        raise ApprovalRefused(
            _("%(reference)s waits for a decision already.") % {"reference": locked.reference}
        )
    kind = registry.get(ApprovalKind, locked.kind)
    content = kind.content(locked)
    request = ApprovalRequest.objects.create(
        record_id=locked.pk,
        content=content,
        digest=content_digest(content),
        requested_by=actor,
        requested_at=now,
    )
    for position, plan in enumerate(kind.steps(locked), start=1):
        step = ApprovalStep.objects.create(
            request=request,
            position=position,
            label=str(plan.label),
            needed=plan.needed,
            right=plan.right,
            unit=locked.unit,
        )
        if len(step_deciders(step, actor, now)) < plan.needed:
            raise ApprovalRefused(
                _("“%(step)s” needs %(needed)d people who did not ask for it, and there are fewer.")
                % {"step": plan.label, "needed": plan.needed}
            )
    entry_write(action="approvals.request.made", actor=actor, record=locked, after={"digest": request.digest})
    _call_step(request, now)
    return request


def approval_decide(
    *,
    request: ApprovalRequest,
    actor: User,
    verdict: Verdict,
    seen_digest: str,
    now: datetime,
    comment: str = "",
) -> ApprovalRequest:
    """Approve or reject the content with the digest that the person saw, in the own name or for whom they stand in.

    The request is locked: of two people at once one decides and the other is told when the step is complete. Raises
    ApprovalRefused, and ApprovalVoid when the record's content is no longer what was handed in or what was seen.
    """
    with transaction.atomic():
        locked, record = request_lock(request)
        voice = voice_of(locked, actor)
        if voice.refusal:
            raise ApprovalRefused(voice.refusal)
        if verdict == Verdict.REJECT and not comment.strip():
            raise ApprovalRefused(_("Say why you reject it."))
        current = content_digest(registry.get(ApprovalKind, record.kind).content(record))
        is_as_seen = current == locked.digest == seen_digest
        if is_as_seen:
            state = RequestState.APPROVED if verdict == Verdict.APPROVE else RequestState.REJECTED
            _decide(
                locked,
                verdict,
                voice.on_behalf_of,
                Outcome(record=record, state=state, actor=actor, now=now, comment=comment.strip()),
            )
        elif current != locked.digest:
            _settle(locked, Outcome(record=record, state=RequestState.VOID, actor=actor, now=now, comment=""))
    if not is_as_seen:
        raise ApprovalVoid(_("The content changed meanwhile, so nothing was decided. Look at it again."))
    return locked


def _decide(request: ApprovalRequest, verdict: Verdict, on_behalf_of: User | None, outcome: Outcome) -> None:
    """Write a decision, and go on to the next step or to the outcome when the step is complete."""
    step = request.steps.get(position=request.current_step)
    ApprovalDecision.objects.create(
        request=request,
        step=step,
        decided_by=outcome.actor,
        on_behalf_of=on_behalf_of,
        verdict=verdict,
        digest=request.digest,
        comment=outcome.comment,
        decided_at=outcome.now,
    )
    entry_write(
        action="approvals.request.decided",
        actor=outcome.actor,
        record=outcome.record,
        after={
            "verdict": verdict,
            "digest": request.digest,
            "step": step.label,
            **({"on_behalf_of": plain(on_behalf_of)} if on_behalf_of else {}),
        },
        comment=outcome.comment,
    )
    if verdict == Verdict.REJECT:
        _settle(request, outcome)
    elif step.decisions.filter(verdict=Verdict.APPROVE).count() >= step.needed:
        if request.steps.filter(position=request.current_step + 1).exists():
            request.current_step += 1
            request.save(update_fields=["current_step"])
            _call_off(request, outcome)
            _call_step(request, outcome.now)
        else:
            _settle(request, outcome)


@transaction.atomic
def approval_withdraw(
    *, request: ApprovalRequest, actor: User, now: datetime, comment: str = ""
) -> ApprovalRequest:
    """Take a request back; only the person who made it may, or the record's owner where that person has left.

    Raises ApprovalRefused.
    """
    locked, record = request_lock(request)
    if locked.state != RequestState.OPEN:
        raise ApprovalRefused(_("This request is closed."))
    if not may_withdraw(locked, actor):
        raise ApprovalRefused(_("Only the person who asked for the approval may withdraw it."))
    _settle(
        locked,
        Outcome(record=record, state=RequestState.WITHDRAWN, actor=actor, now=now, comment=comment.strip()),
    )
    return locked


@transaction.atomic
def approval_void_if_changed(*, record: Record, actor: User, now: datetime) -> bool:
    """Void the record's open request when its content has changed; tell whether it was. Call it after each change."""
    request = record.approval_requests.filter(state=RequestState.OPEN).first()
    if request is None:
        return False
    locked, current = request_lock(request)
    kind = registry.get(ApprovalKind, current.kind)
    if locked.state != RequestState.OPEN or content_digest(kind.content(current)) == locked.digest:
        return False
    _settle(locked, Outcome(record=current, state=RequestState.VOID, actor=actor, now=now, comment=""))
    return True


def request_lock(request: ApprovalRequest) -> tuple[ApprovalRequest, Record]:
    """Lock the record, then the request: the order in which everything else locks them too."""
    model = type(specific(request.record))
    record = model._default_manager.select_for_update().get(pk=request.record_id)
    return ApprovalRequest.objects.select_for_update().get(pk=request.pk), record


def _settle(request: ApprovalRequest, outcome: Outcome) -> None:
    """Write the final state, let the record follow, and tell the requester (the owner, where that person has left).

    Nobody is told of what they did themselves.
    """
    request.state = outcome.state
    request.closed_at = outcome.now
    request.save(update_fields=["state", "closed_at"])
    record = outcome.record
    _call_off(request, outcome)
    entry_write(
        action=f"approvals.request.{outcome.state}",
        actor=outcome.actor,
        record=record,
        after={"digest": request.digest},
        comment=outcome.comment,
    )
    registry.get(ApprovalKind, record.kind).settle(outcome)
    told_id = request.requested_by_id if request.requested_by.is_active else record.owner_id
    if told_id != outcome.actor.pk:
        notice = notice_of(request, record, told_id, f"approvals.{outcome.state}")
        notices_write(notices=[notice], now=outcome.now)


def _call_off(request: ApprovalRequest, outcome: Outcome) -> None:
    """Close the date of a step that is over, and tell nobody any more that it waits."""
    deadline_close(
        record=outcome.record,
        kind=DECISION_DEADLINE,
        now=outcome.now,
        key=str(request.pk),
        was_dropped=request.state not in (RequestState.APPROVED, RequestState.REJECTED),
    )
    notices_cancel(record_id=outcome.record.pk, kind_prefix=REQUESTED, key_prefix=f"{_key_prefix(request)}:")


def _call_step(request: ApprovalRequest, now: datetime) -> None:
    """Tell the deciders of the current step, and set the date by which they are to decide."""
    record = specific(request.record)
    kind = registry.get(ApprovalKind, record.kind)
    deciders = step_deciders(request.steps.get(position=request.current_step), request.requested_by, now)
    step_call(request=request, deciders=deciders, now=now)
    deadline_set(
        record=record,
        kind=DECISION_DEADLINE,
        key=str(request.pk),
        assignee=deciders[0],
        due_on=kind.decide_by(record, organisation_day(now)),
        now=now,
    )


def step_call(*, request: ApprovalRequest, deciders: Sequence[User], now: datetime) -> None:
    """Tell people, and who stands in for them, that the current step waits for their decision; nobody is told twice."""
    record = specific(request.record)
    stand_ins = step_stand_ins(request, deciders, now)
    notices = [notice_of(request, record, person.pk, REQUESTED) for person in deciders]
    notices += [
        notice_of(
            request,
            record,
            stand_in.pk,
            REQUESTED,
            reason=_("You stand in for %(person)s, who may decide it.") % {"person": person},
        )
        for person, stand_in in stand_ins
        if stand_in not in deciders
    ]
    notices_write(notices=notices, now=now)


def _key_prefix(request: ApprovalRequest) -> str:
    return f"approval:{request.pk}"


def notice_of(
    request: ApprovalRequest,
    record: Record,
    recipient_id: int,
    kind: str,
    *,
    reason: str = "",
    sentence: str = "",
    about: str = "",
) -> NoticeDraft:
    """Return what is told to one person of a request; `about` tells one notice of the kind from another of the same step."""
    sentences = {
        REQUESTED: _("waits for your decision"),
        "approvals.approved": _("was approved"),
        "approvals.rejected": _("was rejected"),
        "approvals.void": _("changed, so the request for approval is void"),
    }
    return NoticeDraft(
        recipient_id=recipient_id,
        kind=kind,
        dedupe_key=f"{_key_prefix(request)}:{request.current_step}:{kind}:{about and f'{about}:'}{recipient_id}",
        record_id=record.pk,
        payload={
            "title": record.title,
            "sentence": f"{record.reference} {sentence or sentences[kind]}.",
            "path": record.get_absolute_url(),
            "reference": record.reference,
            "reason": reason,
        },
    )
