"""Where contributions are kept, and looked up by type and key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from foundation.registry.changes import HandOver, RecordFollowed, SampleSet, WordsChanged
from foundation.registry.shell import NavigationEntry


class DuplicateContribution(Exception):
    """Two contributions of one type carry the same key."""


T = TypeVar("T")


@dataclass
class Registry:
    """All contributions, by type and key."""

    _items: dict[type, dict[str, Any]] = field(default_factory=dict)

    def register(self, *contributions: Any) -> None:
        """Add contributions; raise DuplicateContribution for a key that is taken by another value."""
        for contribution in contributions:
            kept = self._items.setdefault(type(contribution), {})
            if contribution.key in kept and kept[contribution.key] != contribution:
                raise DuplicateContribution(
                    f"{type(contribution).__name__} {contribution.key!r} is registered twice."
                )
            kept[contribution.key] = contribution

    def all(self, kind: type[T]) -> Iterator[T]:
        """Yield the contributions of a type in the order of registration."""
        yield from self._items.get(kind, {}).values()

    def get(self, kind: type[T], key: str) -> T:
        """Return one contribution; raise KeyError for an unknown key."""
        return self._items.get(kind, {})[key]

    def find(self, kind: type[T], key: str) -> T | None:
        """Return one contribution, or None for an unknown key (such as an app that was removed)."""
        return self._items.get(kind, {}).get(key)

    def navigation(self) -> list[NavigationEntry]:
        """Return the side bar's entries in order."""
        return sorted(self.all(NavigationEntry), key=lambda entry: entry.order)

    def sample_sets(self) -> list[SampleSet]:
        """Return the sample loaders in the order in which they run."""
        return sorted(self.all(SampleSet), key=lambda sample: sample.order)

    def hand_overs(self) -> list[HandOver]:
        """Return the sorts of open work in the order in which they are handed over."""
        return sorted(self.all(HandOver), key=lambda sort: sort.order)

    def words_changed(self, *, actor: Any, now: datetime) -> None:
        """Let the apps follow words that somebody changed; call it in the transaction of the change, after it."""
        for reaction in self.all(WordsChanged):
            reaction.react(actor=actor, now=now)

    def record_changed(self, *, record: Any, actor: Any, now: datetime) -> None:
        """Let what hangs on a record follow its owner, unit and confidentiality; call it in the transaction of the change, after it."""
        for follower in self.all(RecordFollowed):
            if follower.kind == record.kind:
                follower.react(record=record, actor=actor, now=now)


registry = Registry()
