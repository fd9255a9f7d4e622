"""What a kind of record asks of the actions that follow from its records."""

from __future__ import annotations

from dataclasses import dataclass

from foundation.actions.choices import ActionNature
from foundation.records.models import Record
from foundation.registry import registry


@dataclass(frozen=True, kw_only=True)
class ActionSource:
    """The nature that actions have which follow from records of a kind (`key`), unless another is chosen.

    With `is_fixed`, no other can be chosen: what follows from a finding is corrective.
    """

    key: str
    nature: ActionNature
    is_fixed: bool = False


def usual_nature(source: Record) -> ActionNature:
    """Return the nature that an action has which follows from a record, unless another is chosen."""
    entry = registry.find(ActionSource, source.kind)
    return entry.nature if entry else ActionNature.TASK


def fixed_nature(kind: str) -> ActionNature | None:
    """Return the only nature that actions can have which follow from records of a kind, or None."""
    entry = registry.find(ActionSource, kind)
    return entry.nature if entry and entry.is_fixed else None
