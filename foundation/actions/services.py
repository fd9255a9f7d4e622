"""Agreeing on actions, changing them, and what follows from their steps."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.permissions import right_check
from foundation.actions.choices import ActionState
from foundation.actions.models import DUE_MESSAGE, Action
from foundation.deadlines.services import deadline_close, deadline_set
from foundation.records.models import Record
from foundation.records.services import participants_name, participants_set, record_create, record_update
from foundation.ui.dates import FIRST_DAY, LAST_DAY

DUE = "actions.due"
CONCERNED = "actions.concerned"  # the part of those who own the source or take part in it


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
) -> Action:
    """Agree on an action that follows from a record; its owner is reminded of it.

    Whoever owns the source or takes part in it is named in the action, so that they see it even when it is restricted.
    The source is locked, so that it can't become restricted, or another unit's, past an action just agreed. Raises
    ValidationError for an owner who is not active.
    """
    _check_owner(owner)
    locked = Record.objects.select_for_update(no_key=True).get(pk=source.pk)
    action = Action(
        title=title,
        owner=owner,
        unit_id=locked.unit_id,
        confidentiality=locked.confidentiality,
        source_id=source.pk,
        description=description,
        due_on=due_on,
    )
    record_create(record=action, kind="action", actor=actor, state=ActionState.OPEN)
    participants_name(record=action, parts={CONCERNED: _concerned_by(locked)}, actor=actor)
    deadline_set(record=action, kind=DUE, assignee=owner, due_on=due_on, now=now)
    return action


@transaction.atomic
def action_change(
    *, action: Action, changes: dict[str, Any], actor: User, now: datetime, version: int
) -> Action:
    """Change an open action that was read at `version`; its date and owner move the reminders.

    Raises StaleRecord when somebody was faster, ValidationError once it is done or cancelled.
    """
    if owner := changes.get("owner"):
        _check_owner(owner)
    changed = record_update(record=action, changes=changes, actor=actor, version=version)
    if refusal := change_refusal(changed):
        raise ValidationError(refusal)
    deadline_set(record=changed, kind=DUE, assignee=changed.owner, due_on=changed.due_on, now=now)
    actions_follow(source=changed, actor=actor)
    return changed


def change_refusal(action: Action) -> str | None:
    """Return why the action can't be changed in its state, or None."""
    return None if action.state == ActionState.OPEN else _("Only an open action can be changed.")


def action_move_refusal(*, record: Record, user: User) -> str | None:
    """Return why the action's date can't be moved in its state, or None; raise PermissionDenied for who may not change it."""
    right_check(user=user, right="actions.manage", unit_id=record.unit_id)
    return change_refusal(_action(record))


def action_move(*, record: Record, to: date, version: int, actor: User, now: datetime) -> None:
    """Let an open action be due on another day. Raises what `action_change()` does, and ValidationError for years out of range."""
    if not FIRST_DAY <= to <= LAST_DAY:
        raise ValidationError(DUE_MESSAGE)
    action_change(action=_action(record), changes={"due_on": to}, actor=actor, now=now, version=version)


def _action(record: Record) -> Action:
    """Return the action that a record is; lists have it in hand, the calendar only the record."""
    action: Action = record if isinstance(record, Action) else Action.objects.get(pk=record.pk)
    return action


@transaction.atomic
def actions_follow(*, source: Record, actor: User) -> None:
    """Let all that follows from a record belong to its unit, be as confidential as it is, and name who is concerned by it.

    Call it when those of the record changed, its owner or its participants.
    """
    changes = {"unit": source.unit, "confidentiality": source.confidentiality}
    for action in Action.objects.filter(source_id=source.pk).order_by("pk").select_for_update():
        changed = record_update(record=action, changes=changes, actor=actor, version=action.version)
        participants_set(record=changed, role=CONCERNED, users=_concerned_by(source), actor=actor)
        actions_follow(source=changed, actor=actor)


def action_step_follow(*, action: Action, now: datetime, comment: str) -> None:
    """Write what follows from a step: what came of it and when, and its reminders. Runs inside the step's transaction."""
    is_done = action.state == ActionState.DONE
    Action.objects.filter(pk=action.pk).update(
        outcome=comment if is_done else "", done_at=now if is_done else None
    )
    if action.state == ActionState.OPEN:
        deadline_set(record=action, kind=DUE, assignee=action.owner, due_on=action.due_on, now=now)
    else:
        deadline_close(record=action, kind=DUE, now=now, was_dropped=not is_done)


def _concerned_by(source: Record) -> QuerySet[User]:
    """Return who owns a record or takes part in it."""
    return User.objects.filter(
        Q(pk=source.owner_id) | Q(pk__in=source.participants.values("user_id"))
    ).order_by("pk")


def _check_owner(owner: User) -> None:
    if not owner.is_active:
        raise ValidationError({"owner": _("%(name)s has left; choose somebody else.") % {"name": owner}})
