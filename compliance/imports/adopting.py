"""A table brought as a version of a framework that is there: its rows find their lines, and keep what no column says.

A table has no keys: its rows are found by what is printed. Where a cell says what the export of the current version would, the
line says exactly what it did; so what is exported and brought back is the same, and what was changed in between is changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from compliance.catalogues import Destination, Kind, Node, Related
from compliance.catalogues.identity import KeyMaker, key_of
from compliance.catalogues.matching import Named
from compliance.catalogues.values import TITLE_LENGTH
from compliance.imports.columns import plain_text
from compliance.imports.sheets import cells_of, reference_line
from compliance.imports.table import fields_of, values_of
from foundation.records.imports.cells import CONTROL

Pointer = TypeVar("Pointer", Related, Destination)


@dataclass(frozen=True)
class _Known:
    """A line or requirement that a row may be: `node` is what the current version says of it."""

    key: str
    identifier: str
    title: str = ""
    node: Node | None = None


def adopted(
    nodes: Sequence[Node], *, current: Sequence[Node], requirements: Iterable[Named]
) -> tuple[Node, ...]:
    """Return the lines of a table as lines of a framework, whose current version and whose requirements, old ones too, these are."""
    lines = [_Known(node.key, _as_read(node.identifier), _as_read(node.title), node) for node in current]
    there = {line.key for line in lines}
    older = [_Known(one.key, _as_read(one.identifier)) for one in requirements if one.key not in there]
    groups = [line for line in lines if line.node and line.node.kind == Kind.GROUP]
    required = [line for line in lines if line.node and line.node.kind != Kind.GROUP]
    found: dict[int, _Known] = {}
    for is_group, known in ((True, groups), (False, [*required, *older])):
        places = [place for place, node in enumerate(nodes) if (node.kind == Kind.GROUP) == is_group]
        found |= _found(nodes, places, known)
    keys = _keys(nodes, found, {*there, *(one.key for one in older)})
    named = {node.identifier: key for node, key in zip(nodes, keys, strict=True) if node.identifier}
    return tuple(
        _carried(replace(node, key=key), found[place].node if place in found else None, named)
        for place, (node, key) in enumerate(zip(nodes, keys, strict=True))
    )


def _as_read(name: str) -> str:
    """Return an identifier or a title as it reads when it comes back from a table."""
    return plain_text(CONTROL.sub(" ", name), most=2 * TITLE_LENGTH)


def _found(nodes: Sequence[Node], places: Sequence[int], known: Sequence[_Known]) -> dict[int, _Known]:
    """Return which of these lines each row is: by what is printed, else by its title where nothing is, else by its key. Each once."""
    ways: tuple[Callable[[Any], str], ...] = (
        lambda one: one.identifier,
        lambda one: one.identifier and key_of(one.identifier),
        lambda one: "" if one.identifier else one.title.casefold(),
        lambda one: one.key,
    )
    found: dict[int, _Known] = {}
    taken: set[str] = set()
    for way in ways:
        waiting: dict[str, list[_Known]] = {}
        for one in reversed(known):
            if one.key not in taken and (name := way(one)):
                waiting.setdefault(name, []).append(one)
        for place in places:
            if place not in found and (alike := waiting.get(way(nodes[place]))):
                found[place] = alike.pop()
                taken.add(found[place].key)
    return found


def _keys(nodes: Sequence[Node], found: Mapping[int, _Known], taken: set[str]) -> list[str]:
    """Return the key of each row: that of its line, else one that is nobody's."""
    maker = KeyMaker()
    keys: list[str] = []
    for place, node in enumerate(nodes):
        if place in found:
            keys.append(found[place].key)
            continue
        key = maker.free_key(node.key, taken)
        taken.add(key)
        keys.append(key)
    return keys


def _carried(node: Node, old: Node | None, named: Mapping[str, str]) -> Node:
    """Return a row with what its line says and no column does; what it points to is found in the table."""
    if old is None:
        return replace(
            node,
            related=tuple(_pointing(one, named) for one in node.related),
            withdrawn_to=tuple(_pointing(one, named) for one in node.withdrawn_to),
        )
    exported = fields_of(values_of(cells_of(old, None)))
    same = {name: getattr(old, name) for name, value in exported.items() if getattr(node, name) == value}
    objects = {note.method: note.objects for note in old.methods}
    related = {_as_read(one.identifier): one for one in old.related}
    went = {_as_read(one.identifier): one for one in old.withdrawn_to}
    references = {reference_line(one): one for one in old.references}
    changed = replace(
        node,
        parameters=old.parameters,
        methods=tuple(replace(note, objects=objects.get(note.method, ())) for note in node.methods),
        related=tuple(related.get(one.identifier) or _pointing(one, named) for one in node.related),
        withdrawn_to=tuple(went.get(one.identifier) or _pointing(one, named) for one in node.withdrawn_to),
        references=tuple(references.get(reference_line(one), one) for one in node.references),
    )
    return replace(changed, **same)


def _pointing(one: Pointer, named: Mapping[str, str]) -> Pointer:
    return replace(one, key=named.get(one.identifier, one.key))
