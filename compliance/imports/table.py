"""From the rows of a table to the lines of a catalogue."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from compliance.catalogues import Destination, Kind, MethodNote, Node, Reference, Related
from compliance.catalogues.identity import KeyMaker, key_of, spelling
from compliance.catalogues.values import INCORPORATED, MOST_DEPTH, MOST_NODES
from compliance.imports.columns import COLUMN_OF, COLUMNS
from compliance.imports.sheets import cut_words
from foundation.records.imports import Problem, RowReader, Table
from foundation.records.imports.tables import Cell, Row, plain_name
from foundation.ui.exports import XLSX_CELL_CHARACTERS

TITLE_OF_TEXT = 80
ADDRESS = re.compile(r"^(?P<title>.*?)\s*<?(?P<url>https?://\S+?)>?$", re.IGNORECASE | re.DOTALL)


@dataclass(eq=False)
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
    reading.problems += cut_cells(table)
    for row in table.rows:
        reader = RowReader(row, COLUMN_OF)
        values = {column.key: reader.read(column.key, column.read) for column in COLUMNS if column.read}
        reading.problems += reader.problems
        reading.take(row.number, {name: value for name, value in values.items() if value is not None})
    reading.problems += table.problems
    reading.place()
    problems = sorted(reading.problems, key=lambda problem: problem.row)
    return ((), problems) if problems else (tuple(reading.nodes()), [])


def cut_cells(table: Table) -> list[Problem]:
    """Return a problem for each text that was cut when it was exported, since a workbook holds no longer ones."""
    words = cut_words()
    return [
        Problem(
            row.number,
            str(COLUMN_OF[key].label),
            _("The end of this text is missing: it was too long for a workbook. Bring the CSV file."),
        )
        for row in table.rows
        for key, cell in row.cells.items()
        if isinstance(cell, str)
        and (cell.endswith(words) or (table.sheet and len(cell) >= XLSX_CELL_CHARACTERS))
    ]


@dataclass
class _Alike:
    """Lines of one name, in the order of their rows."""

    lines: list[_Line] = field(default_factory=list)
    known: set[_Line] = field(default_factory=set)

    def add(self, line: _Line) -> None:
        insort(self.lines, line, key=lambda one: one.number)
        self.known.add(line)


class _Names:
    """Lines by what they may be called: as it is written, else without the signs in it."""

    def __init__(self) -> None:
        self._exactly: dict[str, _Alike] = {}
        self._loosely: dict[str, _Alike] = {}

    def add(self, line: _Line, *names: str) -> None:
        """Take in a line under its names; those of a name come in the order of their rows."""
        for way, spelled in ((self._exactly, spelling), (self._loosely, plain_name)):
            for name in {spelled(name) for name in names}:
                if name:
                    way.setdefault(name, _Alike()).add(line)

    def find(self, name: str, below: _Line, before: _Line | None) -> _Line | None:
        """Return the line of a name that the row before stands in, else the nearest above, else the first below."""
        alike = self._exactly.get(spelling(name)) or self._loosely.get(plain_name(name))
        if alike is None:
            return None
        while before is not None:
            if before in alike.known:
                return before
            before = before.parent
        above = bisect_left(alike.lines, below.number, key=lambda one: one.number)
        return alike.lines[max(above - 1, 0)]


class _Reading:
    """All rows of a table, found by their identifiers and titles."""

    def __init__(self) -> None:
        self.lines: list[_Line] = []
        self.top: list[_Line] = []
        self.problems: list[Problem] = []
        self.by_key: dict[str, _Line] = {}
        self.groups = _Names()
        self.identified = _Names()  # requirements and enhancements
        self.titled = _Names()
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
        other = self.by_key.get(key)
        if other and (other.kind == Kind.GROUP) != (kind == Kind.GROUP):
            key, other = (
                self.keys.free_key(key, self.by_key),
                None,
            )  # a group may be called like a requirement
        if other:
            message = _("“%(identifier)s” is there twice: row %(row)s has it, too.")
            self._complain(number, "identifier", message % {"identifier": identifier, "row": other.number})
            return
        self._add(_Line(number, key, values, kind))

    def place(self) -> None:
        """Find what each row stands in; a name that no row has becomes a group before the first that stands in it."""
        before: _Line | None = None
        for line in list(self.lines):
            named = line.values.get("parent", "")
            if named:
                self._stand(line, self._named(named, line, before) or self._new_group(named, line))
            elif line.kind == Kind.ENHANCEMENT:
                self._complain(line.number, "parent", _("An enhancement stands in a requirement: name it."))
            before = line
        in_order = [one for line in self.lines for one in (self.made.get(line.number), line) if one]
        if len(in_order) > MOST_NODES:
            message = _("A version holds at most %(limit)s lines, with the groups that rows name.")
            self._complain(self.lines[-1].number, "parent", message % {"limit": f"{MOST_NODES:,}"})
        self.top = [line for line in in_order if line.parent is None]
        self._check_depth()

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
        while above is not None and steps <= MOST_DEPTH:
            if above is line:
                self._complain(line.number, "parent", _("It would stand in itself."))
                return
            above, steps = above.parent, steps + 1
        if steps > MOST_DEPTH:
            self._complain_of_depth(line)
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

    def _check_depth(self) -> None:
        """Complain of lines that stand too deep by now: what they stand in may have been placed after them."""
        level = self.top
        for _depth in range(MOST_DEPTH + 1):
            level = [child for line in level for child in line.children]
        for line in level:
            self._complain_of_depth(line)

    def _complain_of_depth(self, line: _Line) -> None:
        self._complain(
            line.number, "parent", _("More than %(limit)s stand in each other.") % {"limit": MOST_DEPTH}
        )

    def _named(self, name: str, line: _Line, before: _Line | None) -> _Line | None:
        """Return what a row names to stand in.

        A group or requirement stands in a group, if there is one of the name; an enhancement in a requirement, which it may name by
        the title, too.
        """
        known = [self.groups, self.identified]
        if line.kind == Kind.ENHANCEMENT:
            known = [self.identified, self.titled, self.groups]
        return next((found for names in known if (found := names.find(name, line, before))), None)

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
        if line.kind == Kind.GROUP:
            self.groups.add(line, line.identifier, line.title)
        else:
            self.identified.add(line, line.identifier)
            self.titled.add(line, line.title)

    def _node(self, line: _Line, parent: int | None, depth: int) -> Node:
        said = {**fields_of(line.values), "title": line.title}
        return Node(key=line.key, kind=line.kind, parent=parent, depth=depth, **said)

    def _complain(self, number: int, key: str, message: str) -> None:
        self.problems.append(Problem(number, str(COLUMN_OF[key].label), message))


def values_of(cells: Mapping[str, Cell]) -> dict[str, Any]:
    """Return what cells say by column, as rows are read; nothing of those that can't be read."""
    reader = RowReader(Row(0, dict(cells)), COLUMN_OF)
    values = {column.key: reader.read(column.key, column.read) for column in COLUMNS if column.read}
    return {key: value for key, value in values.items() if value is not None}


def fields_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a row says of a line, as lines hold it; what is pointed to has the keys that its identifiers give."""
    return {
        "identifier": values.get("identifier", ""),
        "title": values.get("title", ""),
        "statement": values.get("statement", ""),
        "guidance": values.get("guidance", ""),
        "objectives": values.get("objectives", ""),
        "methods": tuple(MethodNote(method) for method in values.get("methods", ())),
        "related": tuple(Related(key_of(name), name) for name in values.get("related", ())),
        "references": tuple(reference_of(one) for one in values.get("references", ())),
        "is_withdrawn": values.get("is_withdrawn", False),
        "withdrawn_to": tuple(
            Destination(INCORPORATED, key_of(name), name) for name in values.get("withdrawn_to", ())
        ),
    }


def reference_of(text: str) -> Reference:
    """Return a publication as it was written on a line, perhaps with an address at its end."""
    if found := ADDRESS.match(text):
        return Reference(found["title"].strip() or found["url"], "", found["url"])
    return Reference(text)
