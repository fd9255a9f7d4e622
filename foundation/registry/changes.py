"""What an app does when something happens to the whole: the organisation changes, somebody leaves, a sample is loaded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from foundation.registry.texts import StrOrPromise


@dataclass(frozen=True, kw_only=True)
class OrganisationChanged:
    """What an app does when the organisation's settings change (a new time zone moves every reminder).

    `react(before=…, after=…, now=…)` gets the organisation as it was and as it is, and runs in the transaction of
    the change.
    """

    key: str
    react: Callable[..., None]


@dataclass(frozen=True, kw_only=True)
class WordsChanged:
    """What an app does when words change that records elsewhere repeat: what a person, a unit or a framework is called, or says.

    `react(actor=…, now=…)` is called in the transaction of the change, after it; what takes long is left to a worker.
    """

    key: str
    react: Callable[..., None]


@dataclass(frozen=True, kw_only=True)
class SampleSet:
    """A loader of an app's part of the sample organisation; loaders run in `order`, inside one transaction."""

    key: str
    order: int
    load: Callable[..., None]


class HandOverRefused(Exception):
    """Work can't go to the person chosen; the message says which work and why, for who chose."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """Open work in a person's hands, for a preview: how much, and the first of it in words with its page.

    `hidden` of them the reader may not know of; they are counted and nothing more.
    """

    count: int
    hidden: int = 0
    shown: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class HandOver:
    """Open work of one sort that goes to someone else when a person leaves.

    `held(person=…, reader=…, now=…)` returns what the person has in hand; `hand_over(person=…, to=…, actor=…, now=…)` gives all of it to
    another (or does nothing where there is none) and returns how much, in the transaction that closes the account; it raises HandOverRefused. Sorts go in
    their `order`: the particular ones of an app (100) before the owners of records (500), and what follows from both (600 and up). `parts_of` and `owners_of` name
    the kinds of record whose participants, and whose owners, it sees to itself.
    """

    key: str
    label: StrOrPromise
    order: int
    held: Callable[..., Held]
    hand_over: Callable[..., int]
    parts_of: frozenset[str] = frozenset()
    owners_of: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True)
class OwnerChange:
    """How a record of a kind (`key`) gets another owner when the one it has leaves, where more follows than the owner alone.

    `give(record=…, to=…, leaving=…, actor=…, now=…)` changes the owner, in the transaction that closes the account of
    `leaving`, who is named in nothing by it. A kind without one changes its owner and nothing else.
    """

    key: str
    give: Callable[..., None]


@dataclass(frozen=True, kw_only=True)
class RecordFollowed:
    """What an app does when a record of a `kind` of another app gets another owner or unit, or is restricted or opened: what hangs on it follows.

    `react(record=…, actor=…, now=…)` runs in the transaction of the change, after it, so that nobody sees one without the other.
    """

    key: str
    kind: str
    react: Callable[..., None]
