"""Who may decide."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from foundation.accounts.access import Access, access_of
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.rights import RIGHTS
from foundation.accounts.selectors import stood_in_for
from foundation.approvals.kinds import ApprovalKind, judged
from foundation.approvals.models import ApprovalDecision, ApprovalRequest, ApprovalStep, HandOn
from foundation.records.models import Participant, Record
from foundation.records.selectors import pairs_that_see
from foundation.registry import registry

LEADS = Role.UNIT_LEAD
# Whoever holds these alone approves nothing: auditors read all, and everyone may be personnel.
APPROVES_NOTHING = frozenset({Role.AUDITOR, Role.PERSONNEL})


@dataclass(frozen=True)
class Voice:
    """How a person may decide a request: in the own name, for someone (`on_behalf_of`), or not, for a reason."""

    on_behalf_of: User | None = None
    refusal: str | None = None


def only_audits(access: Access) -> bool:
    """Tell whether somebody is an auditor, and nothing else that decides: such a person approves nothing."""
    return Role.AUDITOR in access.roles and access.roles.keys() <= APPROVES_NOTHING


def only_audits_there(access: Access, unit_id: int | None) -> bool:
    """Tell whether somebody is no more than an auditor for what belongs to a unit. Who leads one, wherever, decides as that."""
    if Role.AUDITOR not in access.roles or LEADS in access.roles:
        return False
    return not any(
        scope.covers(unit_id) for role, scope in access.roles.items() if role not in APPROVES_NOTHING
    )


def voice_of(request: ApprovalRequest, user: User) -> Voice:
    """Return how a person may decide the request now: in the own name if possible, else for whom they stand in.

    A stand-in decides only on what they may know of, and nobody gets round the separation of duties by another: neither
    the stand-in nor the person may have asked, be barred by the kind, or have had a voice in it already.
    """
    if not request.is_open:
        return Voice(refusal=_("This request is closed."))
    record = judged(request.record)
    own = _refusal_as(user, request, record, user)
    if own is None:
        return Voice()
    on = access_of(user).on
    for person in stood_in_for(user, on=on):
        if not _refusal_as(person, request, record, user) and _both_see(record, person, user, on):
            return Voice(on_behalf_of=person)
    return Voice(refusal=own)


def refusal_as(
    voice: User, request: ApprovalRequest, record: Record, decisions: Iterable[ApprovalDecision], user: User
) -> str | None:
    """Return why `user` may not have the voice of `voice` (the same person, or who they stand in for), besides the right."""
    if request.requested_by_id in (voice.pk, user.pk):
        return _("You asked for this approval, so someone else must decide it.")
    if any({voice.pk, user.pk} & {one.decided_by_id, one.on_behalf_of_id} for one in decisions):
        return _("You have decided this already.")
    if only_audits_there(access_of(user), record.unit_id):
        return _("You are an auditor here, who approves nothing, so somebody else must decide it.")
    kind = registry.get(ApprovalKind, record.kind)
    barred = kind.bars(record, voice) or (kind.bars(record, user) if user != voice else None)
    if not barred and {voice.pk, user.pk} & set(request.authors):
        return _("You made what is to be approved, so somebody else must decide it.")
    return barred


def in_circle(step: ApprovalStep, person: User) -> bool:
    """Tell whether somebody is named by a stage, plays a part that it names, or holds what it asks for.

    No query for whose access was read, but for a stage that names parts.
    """
    access = access_of(person)
    leads = access.roles.get(LEADS)
    return (
        (person.is_active and person.pk in step.people)
        or any(access.has(code, step.unit_id) for code in step.rights if code in RIGHTS)
        or any(
            Role(role) in access.roles and access.roles[Role(role)].covers(step.unit_id)
            for role in step.roles
        )
        or (leads is not None and any(leads.covers(unit_id) for unit_id in step.units))
        or (bool(step.parts) and person.is_active and _plays(step, person))
    )


def _plays(step: ApprovalStep, person: User) -> bool:
    playing = Participant.objects.filter(record_id=step.request.record_id, user_id=person.pk)
    return playing.filter(role__in=step.parts).exists()


def hand_ons_standing(
    step: ApprovalStep, hand_ons: Iterable[HandOn], *, besides: User | None = None
) -> list[HandOn]:
    """Return what was handed on of a stage and counts: by those whose decision it would still be, besides a person who leaves.

    A decision that is not one's own any more is not a colleague's either: it is for those who may take it by now.
    """
    standing: list[HandOn] = []
    having: set[int] = set()
    for one in sorted(hand_ons, key=lambda one: one.pk):
        if one.step_id != step.pk or one.ended_at is not None or one.by == besides:
            continue
        if one.by_id in having or in_circle(step, one.by):
            standing.append(one)
            having.add(one.to_id)
    return standing


def holds(step: ApprovalStep, person: User, hand_ons: Iterable[HandOn]) -> bool:
    """Tell whether the decision of a stage is a person's: of its circle, or handed on to, and not handed on by the person."""
    standing = hand_ons_standing(step, hand_ons)
    if any(one.by_id == person.pk for one in standing):
        return False
    return any(one.to_id == person.pk for one in standing) or in_circle(step, person)


def handed_on_by(request: ApprovalRequest, user: User) -> HandOn | None:
    """Return what a person handed on of the stage under way, if anything."""
    for one in request.hand_ons.all():
        if one.by_id == user.pk and one.ended_at is None and one.step.position == request.current_step:
            return one
    return None


def _refusal_as(voice: User, request: ApprovalRequest, record: Record, user: User) -> str | None:
    step = next(step for step in request.steps.all() if step.position == request.current_step)
    if voice == user and (handed := handed_on_by(request, user)):
        return _("You handed this on to %(person)s.") % {"person": handed.to}
    if request.requested_by_id != voice.pk and not holds(step, voice, request.hand_ons.all()):
        return _("This step is decided by others.")
    if voice != user and only_audits_there(access_of(voice), record.unit_id):
        return _("Whom you stand in for is an auditor here, who approves nothing.")
    return refusal_as(voice, request, record, request.decisions.all(), user)


def _both_see(record: Record, person: User, user: User, on: date) -> bool:
    pairs = {(record.pk, person.pk), (record.pk, user.pk)}
    return pairs_that_see(pairs, on=on) == pairs


def wrote(request: ApprovalRequest, user: User) -> bool:
    """Tell whether somebody asked, or made what is to be approved: who answers remarks, and settles them."""
    return user.pk == request.requested_by_id or user.pk in request.authors


def may_remark(request: ApprovalRequest, user: User, voice: Voice, *, is_reader: bool) -> bool:
    """Tell whether somebody may remark on what is to be approved: who may decide it or has, and who was asked to read it."""
    if not request.is_open or wrote(request, user):
        return False
    decided = any(user.pk in (one.decided_by_id, one.on_behalf_of_id) for one in request.decisions.all())
    return voice.refusal is None or decided or is_reader


def may_withdraw(request: ApprovalRequest, user: User) -> bool:
    """Tell whether someone may take a request back: who made it, or the record's owner where that person has left."""
    if request.requested_by_id == user.pk:
        return True
    return not request.requested_by.is_active and request.record.owner_id == user.pk
