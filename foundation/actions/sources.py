"""What a kind of record asks of the actions that follow from its records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from foundation.accounts.models import User
from foundation.actions.choices import ActionNature
from foundation.actions.models import Action
from foundation.records.models import Record
from foundation.records.services import record_hold
from foundation.registry import registry


@dataclass(frozen=True, kw_only=True)
class ActionSource:
    """The nature that actions have which follow from records of a kind (`key`), unless another is chosen.

    With `is_fixed`, no other can be chosen. `opened_again(source=…, action=…, actor=…, now=…, comment=…)` is called, in the
    transaction of the step, when an action that was thought to be settled is open again: it did not work, or was reopened.
    `moved(source=…, actor=…, now=…)` is called, in the transaction, when an action was agreed on, done, verified or cancelled.
    `locks_first(source_id)` locks what the source belongs to, before a step locks the action.
    """

    key: str
    nature: ActionNature
    is_fixed: bool = False
    opened_again: Callable[..., None] | None = None
    moved: Callable[..., None] | None = None
    locks_first: Callable[[int], None] | None = None


def usual_nature(source: Record) -> ActionNature:
    """Return the nature that an action has which follows from a record, unless another is chosen."""
    entry = registry.find(ActionSource, source.kind)
    return entry.nature if entry else ActionNature.TASK


def fixed_nature(kind: str) -> ActionNature | None:
    """Return the only nature that actions can have which follow from records of a kind, or None."""
    entry = registry.find(ActionSource, kind)
    return entry.nature if entry and entry.is_fixed else None


def source_opened_again(*, action: Record, source: Record, actor: User, now: datetime, comment: str) -> None:
    """Let the kind of what an action follows from know that it is open again."""
    entry = registry.find(ActionSource, source.kind)
    if entry and entry.opened_again:
        entry.opened_again(source=source, action=action, actor=actor, now=now, comment=comment)


def source_moved(*, source: Record, actor: User, now: datetime) -> None:
    """Let the kind of what actions follow from know that there is one more, or that one is done, verified or cancelled."""
    entry = registry.find(ActionSource, source.kind)
    if entry and entry.moved:
        entry.moved(source=source, actor=actor, now=now)


def source_held_first(action: Record) -> None:
    """Hold what an action follows from, and before that what this belongs to, so that a step may open it again."""
    assert isinstance(action, Action)
    source = Record.objects.only("kind").get(pk=action.source_id)
    entry = registry.find(ActionSource, source.kind)
    if entry and entry.locks_first:
        entry.locks_first(source.pk)
        record_hold(source.pk, alone=True)
