"""From the rows of a table to the lines of a catalogue."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from compliance.catalogues import Destination, Kind, MethodNote, Node, Reference, Related
from compliance.catalogues.identity import KeyMaker, key_of
from compliance.catalogues.values import INCORPORATED, MOST_DEPTH, MOST_NODES
from compliance.imports.columns import COLUMN_OF, COLUMNS
from foundation.records.imports import Problem, RowReader, Table
from foundation.records.imports.tables import plain_name

TITLE_OF_TEXT = 80
ADDRESS = re.compile(r"^(?P<title>.*?)\s*<?(?P<url>https?://\S+?)>?$", re.IGNORECASE | re.DOTALL)


@dataclass
class _Line:
    """A row, or a group that rows name."""

    number: int
    key: str
    values: dict[str, Any]
    kind: Kind
    parent: _Line | None = None
    children: list[_Line] = field(default_factory=list)

    @property
    def identifier(self) -> str:
        return str(self.values.get("identifier", ""))

    @property
    def title(self) -> str:
        title = self.values.get("title") or str(self.values.get("statement", "")).partition("\n")[0]
        return (
            title
            if len(title) <= TITLE_OF_TEXT or self.values.get("title")
            else f"{title[: TITLE_OF_TEXT - 1]}…"
        )


def nodes_of_table(table: Table) -> tuple[tuple[Node, ...], list[Problem]]:
    """Return the lines that rows describe, each after what it stands in, and whatever is wrong with the rows."""
    reading = _Reading()
    for row in table.rows:
        reader = RowReader(row, COLUMN_OF)
        values = {column.key: reader.read(column.key, column.read) for column in COLUMNS if column.read}
        reading.problems += reader.problems
        reading.take(row.number, {name: value for name, value in values.items() if value is not None})
    reading.problems += table.problems
    reading.place()
    problems = sorted(reading.problems, key=lambda problem: problem.row)
    return ((), problems) if problems else (tuple(reading.nodes()), [])


class _Reading:
    """All rows of a table, found by their identifiers and titles."""

    def __init__(self) -> None:
        self.lines: list[_Line] = []
        self.top: list[_Line] = []
        self.problems: list[Problem] = []
        self.by_key: dict[str, _Line] = {}
        self.by_identifier: dict[str, _Line] = {}
        self.groups: dict[str, _Line] = {}
        self.requirements: dict[str, _Line] = {}
        self.made: dict[int, _Line] = {}  # groups that rows name alone, by the number of the first that does
        self.keys = KeyMaker()

    def take(self, number: int, values: dict[str, Any]) -> None:
        """Take a row in."""
        kind = Kind(values.get("kind", Kind.REQUIREMENT))
        identifier = values.get("identifier", "")
        if not identifier and kind != Kind.GROUP:
            self._complain(number, "identifier", _("This must be filled in."))
            return
        if not values.get("title") and not values.get("statement"):
            self._complain(number, "title", _("A title or a text must be there."))
            return
        key = (
            key_of(identifier)
            if identifier
            else self.keys.group_key(values.get("title") or values["statement"], self.by_key)
        )
        if other := self.by_key.get(key):
            message = _("“%(identifier)s” is there twice: row %(row)s has it, too.")
            self._complain(number, "identifier", message % {"identifier": identifier, "row": other.number})
            return
        self._add(_Line(number, key, values, kind))

    def place(self) -> None:
        """Find what each row stands in; a name that no row has becomes a group before the first that stands in it."""
        for line in list(self.lines):
            named = line.values.get("parent", "")
            if named:
                self._stand(line, self._named(named, line) or self._new_group(named, line))
            elif line.kind == Kind.ENHANCEMENT:
                self._complain(line.number, "parent", _("An enhancement stands in a requirement: name it."))
        in_order = [one for line in self.lines for one in (self.made.get(line.number), line) if one]
        if len(in_order) > MOST_NODES:
            message = _("A version holds at most %(limit)s lines, with the groups that rows name.")
            self._complain(self.lines[-1].number, "parent", message % {"limit": f"{MOST_NODES:,}"})
        self.top = [line for line in in_order if line.parent is None]

    def nodes(self) -> list[Node]:
        """Return the lines in reading order: whatever stands in a line directly below it."""
        found: list[Node] = []
        waiting = [(line, None, 0) for line in reversed(self.top)]  # type: list[tuple[_Line, int | None, int]]
        while waiting:
            line, parent, depth = waiting.pop()
            found.append(self._node(line, parent, depth))
            place = len(found) - 1
            waiting += [(child, place, depth + 1) for child in reversed(line.children)]
        return found

    def _stand(self, line: _Line, parent: _Line) -> None:
        above: _Line | None = parent
        steps = 0
        while above is not None:
            if above is line:
                self._complain(line.number, "parent", _("It would stand in itself."))
                return
            above, steps = above.parent, steps + 1
        if steps > MOST_DEPTH:
            self._complain(
                line.number, "parent", _("More than %(limit)s stand in each other.") % {"limit": MOST_DEPTH}
            )
            return
        if line.kind == Kind.GROUP and parent.kind != Kind.GROUP:
            self._complain(line.number, "parent", _("A group stands in a group, and not in a requirement."))
            return
        if line.kind == Kind.ENHANCEMENT and parent.kind == Kind.GROUP:
            self._complain(
                line.number, "parent", _("An enhancement stands in a requirement, and not in a group.")
            )
            return
        if line.kind == Kind.REQUIREMENT and parent.kind != Kind.GROUP:
            line.kind = Kind.ENHANCEMENT
        line.parent = parent
        parent.children.append(line)

    def _named(self, name: str, line: _Line) -> _Line | None:
        """Return what a row names to stand in: by its identifier, else a group by its title.

        An enhancement may name its requirement by the title, too.
        """
        name = plain_name(name)
        maps = [self.by_identifier, self.groups]
        if line.kind == Kind.ENHANCEMENT:
            maps.append(self.requirements)
        return next((known[name] for known in maps if name in known), None)

    def _new_group(self, title: str, before: _Line) -> _Line:
        group = _Line(before.number, self.keys.group_key(title, self.by_key), {"title": title}, Kind.GROUP)
        self.made[before.number] = group
        self._know(group)
        return group

    def _add(self, line: _Line) -> None:
        self.lines.append(line)
        self._know(line)

    def _know(self, line: _Line) -> None:
        self.by_key[line.key] = line
        if line.identifier:
            self.by_identifier.setdefault(plain_name(line.identifier), line)
        if line.title:
            titles = self.groups if line.kind == Kind.GROUP else self.requirements
            titles.setdefault(plain_name(line.title), line)

    def _node(self, line: _Line, parent: int | None, depth: int) -> Node:
        values = line.values
        return Node(
            key=line.key,
            identifier=line.identifier,
            kind=line.kind,
            title=line.title,
            parent=parent,
            depth=depth,
            statement=values.get("statement", ""),
            guidance=values.get("guidance", ""),
            objectives=values.get("objectives", ""),
            methods=tuple(MethodNote(method) for method in values.get("methods", ())),
            related=tuple(Related(key_of(name), name) for name in values.get("related", ())),
            references=tuple(reference_of(one) for one in values.get("references", ())),
            is_withdrawn=values.get("is_withdrawn", False),
            withdrawn_to=tuple(
                Destination(INCORPORATED, key_of(name), name) for name in values.get("withdrawn_to", ())
            ),
        )

    def _complain(self, number: int, key: str, message: str) -> None:
        self.problems.append(Problem(number, str(COLUMN_OF[key].label), message))


def reference_of(text: str) -> Reference:
    """Return a publication as it was written on a line, perhaps with an address at its end."""
    if found := ADDRESS.match(text):
        return Reference(found["title"].strip() or found["url"], "", found["url"])
    return Reference(text)
