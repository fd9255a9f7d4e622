"""Asking for an approval, and deciding it."""

import hashlib
import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.approvals.choices import ENDS, RequestState, Verdict
from foundation.approvals.kinds import ApprovalKind, Outcome, judged
from foundation.approvals.models import ApprovalDecision, ApprovalRequest, ApprovalStep, RouteStage
from foundation.approvals.permissions import may_withdraw, voice_of
from foundation.approvals.selectors import candidates_of, first_short, stages_for, who_is_out
from foundation.approvals.services.calling import date_meet, notice_of, step_begin, step_call_off
from foundation.lifecycle.services import TransitionRefused
from foundation.notifications.services import notices_write
from foundation.records.models import Record
from foundation.records.plain import plain
from foundation.records.selectors import pairs_that_see, specific
from foundation.registry import registry
from foundation.trail.services import entry_write


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
    locked = judged(locked)
    stages = stages_for(locked)
    authors = {key for key in kind.authors(locked) if key is not None}
    _fill_check(stages, locked, actor, authors, now)
    request = ApprovalRequest.objects.create(
        record_id=locked.pk,
        content=content,
        digest=content_digest(content),
        authors=sorted(authors),
        requested_by=actor,
        requested_at=now,
    )
    for position, stage in enumerate(stages, start=1):
        ApprovalStep.objects.create(
            request=request,
            position=position,
            unit=locked.unit,
            **{
                name: getattr(stage, name)
                for name in ("label", "needed", "days", "people", "parts", "rights", "roles", "units")
            },
        )
    entry_write(action="approvals.request.made", actor=actor, record=locked, after={"digest": request.digest})
    step_begin(request=request, record=locked, now=now)
    return request


def _fill_check(
    stages: Sequence[RouteStage], record: Record, actor: User, authors: Collection[int], now: datetime
) -> None:
    """Raise ApprovalRefused, with who can't decide and why, where a stage has too few people for what it needs."""
    on = organisation_day(now)
    circles = [
        candidates_of(stage, unit=record.unit, record=record, requester=actor, authors=authors, on=on)
        for stage in stages
    ]
    needs = [
        (stage.needed, [one.person.pk for one in circle if not one.refusal])
        for stage, circle in zip(stages, circles, strict=True)
    ]
    short = first_short(needs)
    if short is None:
        return
    stage = stages[short]
    words = _("“%(step)s” needs %(needed)d people who did not ask for it, and there are fewer.") % {
        "step": stage.label,
        "needed": stage.needed,
    }
    out = who_is_out(circles[short])
    raise ApprovalRefused(f"{words} {_('Who can’t decide: %(people)s.') % {'people': out}}" if out else words)


def approval_decide(
    *,
    request: ApprovalRequest,
    actor: User,
    verdict: Verdict,
    seen_digest: str,
    now: datetime,
    comment: str = "",
) -> ApprovalRequest:
    """Approve, reject or ask for changes of the content with the digest that the person saw, in the own name or for whom they stand in.

    Who decides has opened it: `content_seen`. The request is locked: of two people at once one decides and the other is told when the step is complete. Raises
    ApprovalRefused, and ApprovalVoid when the record's content is no longer what was handed in or what was seen.
    """
    with transaction.atomic():
        locked, record = request_lock(request)
        voice = voice_of(locked, actor)
        if voice.refusal:
            raise ApprovalRefused(voice.refusal)
        pair = (record.pk, actor.pk)
        if pair not in pairs_that_see({pair}, on=organisation_day(now)):
            raise ApprovalRefused(_("This is decided by those who may read it."))
        if verdict != Verdict.APPROVE and not comment.strip():
            raise ApprovalRefused(
                _("Say why you reject it.") if verdict == Verdict.REJECT else _("Say what is to be changed.")
            )
        kind = registry.get(ApprovalKind, record.kind)
        if verdict == Verdict.APPROVE and (late := kind.late_on(record, organisation_day(now))):
            raise ApprovalRefused(late)
        changed = has_changed(locked, record)
        is_as_seen = not changed and locked.digest == seen_digest
        if is_as_seen:
            if not locked.seen.filter(person=actor).exists():
                raise ApprovalRefused(_("Open what is to be approved first: you have not seen it yet."))
            state = ENDS.get(verdict, RequestState.APPROVED)
            _decide(
                locked,
                verdict,
                voice.on_behalf_of,
                Outcome(record=record, state=state, actor=actor, now=now, comment=comment.strip()),
            )
        elif changed:
            _settle(locked, Outcome(record=record, state=RequestState.VOID, actor=actor, now=now, comment=""))
    if not is_as_seen:
        raise ApprovalVoid(_("The content changed meanwhile, so nothing was decided. Look at it again."))
    return locked


def _decide(request: ApprovalRequest, verdict: Verdict, on_behalf_of: User | None, outcome: Outcome) -> None:
    """Write a decision, and go on to the next step or to the outcome when the step is complete."""
    assert outcome.actor is not None, "people decide"
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
    people = {outcome.actor.pk, *([on_behalf_of.pk] if on_behalf_of else [])}
    date_meet(request=request, record=outcome.record, people=people, now=outcome.now)
    if verdict in ENDS:
        _settle(request, outcome)
    elif step.decisions.filter(verdict=Verdict.APPROVE).count() >= step.needed:
        if request.steps.filter(position=request.current_step + 1).exists():
            request.current_step += 1
            request.save(update_fields=["current_step"])
            step_call_off(request=request, record=outcome.record, now=outcome.now)
            step_begin(request=request, record=outcome.record, now=outcome.now)
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
def approval_void_if_changed(
    *, record: Record, actor: User | None, now: datetime, tells_actor: bool = False
) -> bool:
    """Void the record's open request when its content has changed; tell whether it was. Call it after each change.

    `actor` None: the portal found it changed. `tells_actor` where it was something else that the person changed.
    """
    request = record.approval_requests.filter(state=RequestState.OPEN).first()
    if request is None:
        return False
    locked, current = request_lock(request)
    if locked.state != RequestState.OPEN or not has_changed(locked, current):
        return False
    void = Outcome(record=current, state=RequestState.VOID, actor=actor, now=now, comment="")
    _settle(locked, void, tells_actor=tells_actor)
    return True


def has_changed(request: ApprovalRequest, record: Record) -> bool:
    """Tell whether what a request is to approve says something else by now, given its record as of its own kind."""
    return content_digest(registry.get(ApprovalKind, record.kind).content(record)) != request.digest


@transaction.atomic
def approval_follow_words(*, key: int, actor: User, now: datetime) -> None:
    """Void an open request whose content repeats words that somebody just changed elsewhere, and tell who asked for it.

    A name is a part of what is approved, word for word; nobody is to find out at the decision that it is another. Locked only
    where it changed.
    """
    request = ApprovalRequest.objects.select_related("record").get(pk=key)
    record = specific(request.record)
    if request.state == RequestState.OPEN and has_changed(request, record):
        approval_void_if_changed(record=record, actor=actor, now=now, tells_actor=True)


def request_lock(request: ApprovalRequest) -> tuple[ApprovalRequest, Record]:
    """Lock the record, then the request: the order in which everything else locks them too."""
    model = type(specific(request.record))
    record = model._default_manager.select_for_update().get(pk=request.record_id)
    return ApprovalRequest.objects.select_for_update().get(pk=request.pk), record


def _settle(request: ApprovalRequest, outcome: Outcome, *, tells_actor: bool = False) -> None:
    """Write the final state, let the record follow, and tell the requester (the owner, where that person has left).

    Nobody is told of what they did themselves, unless `tells_actor`.
    """
    request.state = outcome.state
    request.closed_at = outcome.now
    request.save(update_fields=["state", "closed_at"])
    record = outcome.record
    step_call_off(request=request, record=record, now=outcome.now)
    entry_write(
        action=f"approvals.request.{outcome.state}",
        actor=outcome.actor,
        record=record,
        after={"digest": request.digest},
        comment=outcome.comment,
    )
    registry.get(ApprovalKind, record.kind).settle(outcome)
    told_id = request.requested_by_id if request.requested_by.is_active else record.owner_id
    if tells_actor or outcome.actor is None or told_id != outcome.actor.pk:
        notice = notice_of(request, record, told_id, f"approvals.{outcome.state}")
        notices_write(notices=[notice], now=outcome.now)
