"""The kinds of relation in words, in both directions."""

from typing import Any, NamedTuple

from foundation.registry import RelationKind, StrOrPromise, registry

BACK = "~"


class Direction(NamedTuple):
    """A kind of relation, read from its source or (`is_back`) from its target."""

    kind: RelationKind
    is_back: bool

    @property
    def key(self) -> str:
        """Return what forms send and the trail keeps: the kind's key, marked when it is read from the target."""
        return f"{BACK}{self.kind.key}" if self.is_back else self.kind.key

    @property
    def words(self) -> StrOrPromise:
        """Return what stands between the two: "follows from", or "leads to"."""
        return self.kind.inverse if self.is_back else self.kind.label


def directions() -> list[Direction]:
    """Return what may be said of two records, in the kinds' order; what is the same both ways, once."""
    kinds = sorted(registry.all(RelationKind), key=lambda kind: kind.order)
    return [
        Direction(kind, is_back)
        for kind in kinds
        for is_back in (False, True)
        if not (is_back and kind.is_mutual)
    ]


def direction_of(key: str) -> Direction | None:
    """Return the direction of a key; None for one that is unknown (any more)."""
    kind = registry.find(RelationKind, key.removeprefix(BACK))
    return Direction(kind, key.startswith(BACK)) if kind else None


def relation_words(kind: str, value: Any) -> str | None:
    """Return a relation in words, where the trail is shown."""
    direction = direction_of(value) if isinstance(value, str) else None
    return str(direction.words) if direction else None
