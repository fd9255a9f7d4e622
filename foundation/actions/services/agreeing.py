"""Agreeing on actions, and changing them."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.actions.choices import ActionNature, ActionState
from foundation.actions.models import DAYS_MESSAGE, MOST_EFFECTIVENESS_DAYS, Action
from foundation.actions.services.awaiting import decider_follow
from foundation.actions.services.dates import VERIFICATION, dates_follow
from foundation.actions.services.judging import verifier_for, verifier_refusal
from foundation.actions.services.telling import owner_told
from foundation.actions.services.verifying import (
    VERIFIER,
    verifier_follow,
    verifier_named,
    verifier_set,
    verifier_told,
)
from foundation.actions.sources import (
    agreed_side_refusal,
    agreeing_refusal,
    owning_refusal,
    proposers_of,
    source_held,
    source_held_first,
    source_moved,
    takes_side,
    usual_nature,
)
from foundation.deadlines.models import Deadline
from foundation.records.models import Record
from foundation.records.services import participants_name, participants_set, record_create, record_update

CONCERNED = "actions.concerned"  # the part of those who own the source or take part in it
PROPOSER = "actions.proposer"  # the part of who may revise a proposal, and withdraw it
USUAL_EFFECTIVENESS_DAYS = 90

# What can be changed, by state: once it is reported done, who judges it and when.
CHANGEABLE: dict[str, frozenset[str]] = {
    ActionState.OPEN: frozenset(
        {"title", "owner", "due_on", "description", "nature", "verifier", "effectiveness_days"}
    ),
    ActionState.TO_VERIFY: frozenset({"verifier", "verification_due_on", "effectiveness_days"}),
    ActionState.VERIFIED: frozenset({"verifier", "effectiveness_due_on"}),
}

# What others agreed on: who has a side there does not rewrite it, nor who owns a corrective action.
AGREED = frozenset(
    {"title", "owner", "due_on", "description", "nature", "effectiveness_days", "effectiveness_due_on"}
)


@transaction.atomic
def action_create(
    *,
    source: Record,
    title: str,
    owner: User,
    due_on: date,
    actor: User,
    now: datetime,
    description: str = "",
    nature: str = "",
    verifier: User | None = None,
    effectiveness_days: int = USUAL_EFFECTIVENESS_DAYS,
) -> Action:
    """Agree on an action that follows from a record; its owner is told, and reminded of it.

    Its nature is the usual one of what it follows from, unless given. A corrective action is verified by `verifier`, by
    default by who agrees on it, and its effect is checked so many days after. Whoever owns the source or takes part in it is
    named in the action, so that they see it even when it is restricted. What it follows from is held first. Raises
    ValidationError where nothing more is agreed on, for who agrees on nothing there, for an owner who is not active, and a
    verifier who may not verify it.
    """
    owner_check(owner)
    source_held(source)
    of = Record.objects.select_related("unit", "owner").get(pk=source.pk)
    if refusal := agreeing_refusal(source=of, person=actor):
        raise ValidationError(refusal)
    if refusal := owning_refusal(source=of, person=owner):
        raise ValidationError({"owner": refusal})
    action = Action(
        title=title,
        owner=owner,
        unit=of.unit,
        confidentiality=of.confidentiality,
        source_id=source.pk,
        description=description,
        due_on=due_on,
        nature=nature or usual_nature(of),
        effectiveness_days=effectiveness_days,
        agreed_by=actor,
        agreed_at=now,
    )
    _check_nature(action)
    if action.is_corrective and owner.pk == actor.pk:
        raise ValidationError(
            {"owner": _("Nobody agrees on a corrective action of their own: somebody else must, or own it.")}
        )
    if action.is_corrective:
        action.verifier = _checked_verifier(action, verifier, now) or verifier_for(
            action=action, wanted=(actor, of.owner), now=now
        )
    record_create(record=action, kind="action", actor=actor, state=ActionState.OPEN)
    parts = {CONCERNED: concerned_by(of), VERIFIER: [action.verifier] if action.verifier else []}
    participants_name(record=action, parts=parts, actor=actor)
    dates_follow(action=action, now=now)
    owner_told(action=action, actor=actor, now=now)
    if action.is_corrective and action.verifier is None:
        verifier_told(action=action, actor=actor, now=now)
    source_moved(source=of, actor=actor, now=now)
    return action


@transaction.atomic
def action_change(
    *, action: Action, changes: dict[str, Any], actor: User, now: datetime, version: int
) -> Action:
    """Change an action that was read at `version`; its dates, its owner and its verifier move the reminders.

    Once it is reported done, who judges it and when is all that can be changed. What it follows from is held first, as steps
    do. Raises StaleRecord when somebody was faster, ValidationError for what can't be changed in its state, or to this, or by
    who has a side there.
    """
    if owner := changes.get("owner"):
        owner_check(owner)
    source_held_first(action)
    before = Action.objects.get(pk=action.pk)
    is_turned = before.version == version and changes.get("nature", before.nature) != before.nature
    if is_turned and (refusal := nature_refusal(action=before, actor=actor)):
        raise ValidationError({"nature": refusal})
    changed = record_update(record=action, changes=changes, actor=actor, version=version)
    moved = {name for name in changes if getattr(before, name) != getattr(changed, name)}
    if refusal := change_refusal(changed):
        raise ValidationError(refusal)
    if moved - CHANGEABLE[changed.state]:
        raise ValidationError(_("Since it was reported done, only who judges it and when can be changed."))
    _check_nature(changed)
    if "owner" in moved and (refusal := owning_refusal(source=before.source, person=changed.owner)):
        raise ValidationError({"owner": refusal})
    if "nature" in moved and not changed.is_corrective and changed.owner_id == actor.pk:
        raise ValidationError({"nature": _own_nature()})
    if moved & AGREED and (refusal := agreed_refusal(action=before, person=actor)):
        raise ValidationError(refusal)
    changed = _with_verifier(changed, moved, actor, now)
    dates_follow(action=changed, now=now)
    if "owner" in moved:
        owner_told(action=changed, actor=actor, now=now)
    if "nature" in moved:
        source_moved(source=changed.source, actor=actor, now=now)
    actions_follow(source=changed, actor=actor, now=now)
    return changed


def _with_verifier(action: Action, moved: set[str], actor: User, now: datetime) -> Action:
    """Check who was named to verify the action, or see to it that somebody does who may; a task needs nobody."""
    if not action.is_corrective:
        if action.verifier is None:
            return action
        return verifier_set(action=action, verifier=None, actor=actor, now=now)
    if "verifier" not in moved:
        if "owner" in moved and action.owner_id == action.verifier_id:
            text = _("%(person)s verifies the action, so it needs another owner or another verifier.")
            raise ValidationError({"owner": text % {"person": action.owner}})
        if action.verifier is not None:
            return verifier_follow(action=action, actor=actor, now=now)
    if action.verifier is None:
        wanted = (actor, action.source.owner)
        verifier = verifier_for(action=action, wanted=wanted, now=now)
        return verifier_set(action=action, verifier=verifier, actor=actor, now=now)
    _checked_verifier(action, action.verifier, now)
    verifier_named(action=action, actor=actor)
    verifier_told(action=action, actor=actor, now=now)
    return action


def nature_refusal(*, action: Action, actor: User) -> str | None:
    """Return why a person can't turn a corrective action into a task, or None; a task may become corrective while it is open.

    Nobody rids the own action of who verifies it, nor one of what the person has a side in, nor one that was judged before:
    what somebody has found to be not done, or not to work, is verified again.
    """
    if not action.is_corrective:
        return None
    if action.times_reopened:
        return _("It was found not effective before, so it stays a corrective action.")
    if Deadline.objects.filter(record_id=action.pk, kind=VERIFICATION).exists():
        return _("It was reported done before, so it stays a corrective action.")
    if action.owner_id == actor.pk:
        return _own_nature()
    if takes_side(action=action, person=actor):
        return _(
            "You have a side in what it follows from, so somebody else must turn it into a task, which nobody verifies."
        )
    return None


def _own_nature() -> str:
    return _("Its owner can't turn it into a task, which nobody verifies: somebody else must.")


def change_refusal(action: Action) -> str | None:
    """Return why the action can't be changed in its state, or None."""
    if action.is_settled:
        return _("Only an open action can be changed.")
    if action.is_proposal:
        return _(
            "It is only proposed: who proposed it revises it, and others agree on it as it is, or return it."
        )
    return None


def agreed_refusal(*, action: Action, person: User) -> str | None:
    """Return why a person can't change what was agreed on (`AGREED`), or None: who could not agree on it by their side there, or owns it, doesn't rewrite it.

    Who owns a task may: nobody judges it.
    """
    if action.is_corrective and action.owner_id == person.pk:
        return _(
            "You own this corrective action. What is to be done, by whom and until when was agreed on, so somebody else changes that."
        )
    if refusal := agreed_side_refusal(action=action, person=person):
        return _("What is to be done, by whom and until when was agreed on. %(why)s") % {"why": refusal}
    return None


def owner_refusal(*, action: Action, person: User) -> str | None:
    """Return why a person can't give the action another owner as it stands, or None."""
    if refusal := change_refusal(action):
        return refusal
    if "owner" not in CHANGEABLE[action.state]:
        return _("It was reported done, so its owner stays until it is open again.")
    return agreed_refusal(action=action, person=person)


@transaction.atomic
def actions_follow(*, source: Record, actor: User | None, now: datetime) -> None:
    """Let all that follows from a record belong to its unit, be as confidential as it is, and name who is concerned by it.

    Call it when those of the record changed, its owner or its participants. Who verifies an action and may not any more
    gives way to another.
    """
    changes = {"unit": source.unit, "confidentiality": source.confidentiality}
    for action in Action.objects.filter(source_id=source.pk).order_by("pk").select_for_update():
        changed = record_update(record=action, changes=changes, actor=actor, version=action.version)
        participants_set(record=changed, role=CONCERNED, users=concerned_by(source), actor=actor)
        if changed.is_proposal:
            participants_set(record=changed, role=PROPOSER, users=proposers_of(source), actor=actor)
        if changed.state == ActionState.PROPOSED:
            decider_follow(action=changed, actor=actor, now=now)
        elif changed.is_proposal:
            dates_follow(action=changed, now=now)
        changed = verifier_follow(action=changed, actor=actor, now=now)
        actions_follow(source=changed, actor=actor, now=now)


def concerned_by(source: Record) -> QuerySet[User]:
    """Return who owns a record or takes part in it."""
    return User.objects.filter(
        Q(pk=source.owner_id) | Q(pk__in=source.participants.values("user_id"))
    ).order_by("pk")


def owner_check(owner: User) -> None:
    """Raise ValidationError for an owner who has left."""
    if not owner.is_active:
        raise ValidationError({"owner": _("%(name)s has left; choose somebody else.") % {"name": owner}})


def _check_nature(action: Action) -> None:
    if action.nature not in ActionNature.values:
        raise ValidationError({"nature": _("There is no such nature.")})
    if not 1 <= action.effectiveness_days <= MOST_EFFECTIVENESS_DAYS:
        raise ValidationError({"effectiveness_days": DAYS_MESSAGE})


def _checked_verifier(action: Action, verifier: User | None, now: datetime) -> User | None:
    if verifier is not None and (refusal := verifier_refusal(action=action, verifier=verifier, now=now)):
        raise ValidationError({"verifier": refusal})
    return verifier
