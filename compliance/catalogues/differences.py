"""What a newer version of a standard adds, changes, moves and withdraws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, Protocol

from compliance.catalogues.matching import Named, match
from compliance.catalogues.values import Kind, parent_keys

COMPARED = (
    "identifier",
    "title",
    "statement",
    "guidance",
    "objectives",
    "methods",
    "parameters",
    "related",
    "references",
    "withdrawn_to",
)


class Change(StrEnum):
    """What happens to a line."""

    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"  # stands elsewhere, and says the same
    WITHDRAWN = "withdrawn"  # says that it is, or is no longer there
    REINSTATED = "reinstated"


class Compared(Named, Protocol):
    """What two lines are compared by: a Node, or a sketch of one without its texts. `digest` is that of all that it says."""

    @property
    def kind(self) -> str:
        """Return what it is."""

    @property
    def title(self) -> str:
        """Return its heading."""

    @property
    def parent(self) -> int | None:
        """Return the place of what it stands in."""

    @property
    def digest(self) -> str:
        """Return the SHA-256 of what it says."""

    @property
    def is_withdrawn(self) -> bool:
        """Tell whether it is no longer required."""


@dataclass(frozen=True)
class ChangedNode:
    """A line that is not the same in both versions."""

    change: Change
    old: Any  # both are Compared, or None
    new: Any

    @property
    def node(self) -> Any:
        """Return the line as it is, or was."""
        return self.old if self.new is None else self.new

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the names of what differs where it is in both; both are Nodes then."""
        if self.old is None or self.new is None or self.old.digest == self.new.digest:
            return ()
        return tuple(name for name in COMPARED if getattr(self.old, name) != getattr(self.new, name))

    @property
    def is_gone(self) -> bool:
        """Tell whether the newer version has no such line at all."""
        return self.new is None

    def report(self) -> dict[str, object]:
        """Return it in few plain values, for a report."""
        said: dict[str, object] = {"id": self.node.identifier or self.node.key, "title": self.node.title}
        if self.fields:
            said["fields"] = list(self.fields)
        if self.change == Change.WITHDRAWN:
            said["to"] = [one.identifier for one in self.node.withdrawn_to]
        return said


@dataclass(frozen=True)
class Difference:
    """All lines that are not the same in two versions, in the order of the newer one; what is gone comes last."""

    lines: tuple[ChangedNode, ...]
    same: int

    def __bool__(self) -> bool:
        return bool(self.lines)

    @cached_property
    def counts(self) -> dict[Change, int]:
        """Return how many lines each change concerns."""
        return {change: len(self.only(change)) for change in Change}

    def only(self, change: Change | str) -> tuple[ChangedNode, ...]:
        """Return the lines with one change."""
        return tuple(line for line in self.lines if line.change == change)


def compare(old: Sequence[Compared], new: Sequence[Compared]) -> Difference:
    """Return what is not the same in a newer version; all of it is added where there is no older one."""
    lines: list[ChangedNode] = []
    before, after = parent_keys(old), parent_keys(new)
    places = match(old, new)
    renamed = {old[place].key: node.key for place, node in zip(places, new, strict=True) if place is not None}
    for index, (place, node) in enumerate(zip(places, new, strict=True)):
        if place is None:
            lines.append(ChangedNode(Change.ADDED, None, node))
            continue
        stood_in = renamed.get(before[place], before[place])
        if line := _changed(old[place], node, is_moved=stood_in != after[index]):
            lines.append(line)
    kept = set(places)
    gone = [node for place, node in enumerate(old) if place not in kept]
    lines += [ChangedNode(Change.WITHDRAWN, node, None) for node in gone if not node.is_withdrawn]
    changed = {id(line.new) for line in lines}
    return Difference(tuple(lines), sum(id(node) not in changed for node in new))


def _changed(old: Compared, new: Compared, *, is_moved: bool) -> ChangedNode | None:
    if old.is_withdrawn != new.is_withdrawn:
        change = Change.WITHDRAWN if new.is_withdrawn else Change.REINSTATED
        return ChangedNode(change, old, new)
    if old.digest != new.digest or (old.kind == Kind.GROUP) != (new.kind == Kind.GROUP):
        return ChangedNode(Change.CHANGED, old, new)
    return ChangedNode(Change.MOVED, old, new) if is_moved else None
