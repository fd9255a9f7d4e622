"""Lifecycles as data: the states of a kind of record, and the transitions between them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import models

if TYPE_CHECKING:
    from foundation.accounts.models import User
    from foundation.records.models import Record


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A transition under way, as handed to the functions that the table names. `by` None: the portal itself takes it."""

    record: Any
    by: User | None
    now: datetime
    comment: str
    source: str
    target: str

    @property
    def actor(self) -> User:
        """Return who takes it: of a step that people alone take, or decide on."""
        assert self.by is not None, "the portal takes no such step by itself"
        return self.by


Predicate = Callable[["Record", "User"], "str | None"]
Applies = Callable[[Any], bool]
Consequence = Callable[[Moment], None]


@dataclass(frozen=True, kw_only=True)
class Transition:
    """A permitted step.

    `right` is a code of the rights matrix, checked for the record's unit; with `owner_may` the record's owner needs
    none, nor does who plays one of the `parts_may` in it. Where it is empty, no right lets anybody take the step: it is
    theirs alone. `refusal` returns why this person may not take this step now (separation of duties, open work), or None.
    `consequence` writes what follows, in the same transaction: deadlines, the next occurrence. `by_approval` marks a
    step that only the outcome of an approval takes: no button, no URL leads to it. `applies` tells whether it is a step of
    this record at all, where records of a kind go different ways; None: of all. `from_day` returns the first day of the
    organisation's on which it can be taken, or None: on any.
    """

    name: str
    label: Any
    sources: tuple[str, ...]
    target: str
    right: str
    needs_comment: bool = False
    comment_label: Any = ""
    reauthenticate: bool = False
    tone: str = "primary"
    icon: str = "arrow-right"
    confirm: Any = ""
    by_approval: bool = False
    owner_may: bool = False
    parts_may: tuple[str, ...] = ()
    applies: Applies | None = None
    refusal: Predicate | None = None
    from_day: Callable[[Any], date | None] | None = None
    consequence: Consequence | None = None

    def is_step_of(self, record: Record) -> bool:
        """Tell whether it is a step of this record, in whatever state that is."""
        return self.applies is None or self.applies(record)


def both(
    name: str, ways: tuple[tuple[str, str], tuple[str, str]], **said: Any
) -> tuple[Transition, Transition]:
    """Return a step of a first version and the same of a revision, by the ways that they go: source and target of each."""
    (source, target), (revised_source, revised_target) = ways
    return (
        Transition(name=name, sources=(source,), target=target, **said),
        Transition(name=f"{name}_revision", sources=(revised_source,), target=revised_target, **said),
    )


@dataclass(frozen=True, kw_only=True)
class Lifecycle:
    """All states and transitions of a kind of record. `path` is the main way, drawn as the state bar.

    `path_of` returns another way for records that go one. `locks_first` locks what the record belongs to, before a step
    locks the record: so neither moves on past the other, and everybody locks in the same order.

    Where a day alone moves records on, `stands(keys, day)` returns the states, by their keys, of those that stand in another on that
    day than is written yet. Pages go by it, so that nothing is shown to hold that no longer does while the worker is away.
    """

    key: str
    states: type[models.TextChoices]
    initial: str
    path: tuple[str, ...]
    transitions: tuple[Transition, ...]
    tones: dict[str, str] = field(default_factory=dict)
    locks_first: Callable[[Any], None] | None = None
    path_of: Callable[[Any], tuple[str, ...]] | None = None
    stands: Callable[[Collection[int], date], Mapping[int, str]] | None = None

    def path_for(self, record: Record) -> tuple[str, ...]:
        """Return the main way of a record."""
        return self.path_of(record) if self.path_of else self.path

    def transition(self, name: str) -> Transition:
        """Return a transition by name; raise KeyError for an unknown one."""
        for transition in self.transitions:
            if transition.name == name:
                return transition
        raise KeyError(name)

    def __post_init__(self) -> None:
        known = set(self.states.values)
        named = {self.initial, *self.path, *(t.target for t in self.transitions)}
        named.update(source for t in self.transitions for source in t.sources)
        if unknown := named - known:
            raise ValueError(f"Lifecycle {self.key!r} names unknown states: {sorted(unknown)}")
