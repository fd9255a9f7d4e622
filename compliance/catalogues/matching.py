"""Which line of one version is which of another."""

from collections.abc import Iterable, Sequence
from typing import Protocol


class Named(Protocol):
    """What has a key and a printed identifier."""

    @property
    def key(self) -> str:
        """Return what files name it by."""

    @property
    def identifier(self) -> str:
        """Return what is printed."""


def match(old: Iterable[Named], new: Sequence[Named]) -> list[int | None]:
    """Return for each new line the place of the old one that it is: by its key, else by what is printed, each once.

    Files of another origin have other keys for what is printed alike; a key that is there in both wins.
    """
    kept = list(old)
    by_key = {one.key: place for place, one in enumerate(kept)}
    found = [by_key.get(one.key) for one in new]
    taken = {place for place in found if place is not None}
    by_identifier = {
        one.identifier: place
        for place, one in reversed(list(enumerate(kept)))
        if one.identifier and place not in taken
    }
    for index, one in enumerate(new):
        if found[index] is None and one.identifier:
            found[index] = by_identifier.pop(one.identifier, None)
    return found
