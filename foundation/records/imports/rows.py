"""From a table's rows to what each would do: what the readings of all kinds of imports have in common."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Generic

from foundation.accounts.models import BusinessUnit, User
from foundation.records.imports import cells
from foundation.records.imports.cells import RowReader
from foundation.records.imports.directories import People, Units
from foundation.records.imports.preview import R
from foundation.records.imports.tables import Cell, Column, Row, Table


class Reading(Generic[R]):
    """The reading of one file for one person, with everything that its rows may name kept at hand.

    A kind of import names its `row_class`, adds a method `read_<key>` for each column whose cells can't be read by
    themselves (often simply `read_unit = Reading.unit`), and says in `judge` what is wrong with rows and what they change.
    """

    row_class: type[R]

    def __init__(self, actor: User, now: datetime) -> None:
        self.actor = actor
        self.now = now
        self.people = People()
        self.units = Units()

    def judge(self, rows: list[R]) -> None:
        """Find what rows are about, what they change, and what stands against them as a whole."""
        raise NotImplementedError

    def read(self, table: Table) -> list[R]:
        """Return all rows with their problems."""
        parsers = {column.key: self._parser(column) for column in self.row_class.columns.values()}
        rows = [self._row(row, parsers) for row in table.rows]
        by_number = {row.number: row for row in rows}
        for problem in table.problems:
            by_number[problem.row].problems.insert(0, problem)
        self.judge(rows)
        return rows

    def _parser(self, column: Column) -> Callable[[Cell], Any]:
        own: Callable[[Cell], Any] | None = getattr(self, f"read_{column.key}", None) or column.read
        if own is None:
            raise TypeError(f"Nothing reads the column {column.key!r}.")
        return own

    def _row(self, raw: Row, parsers: dict[str, Callable[[Cell], Any]]) -> R:
        reader = RowReader(raw, self.row_class.columns)
        row = self.row_class(raw.number)
        for key, parse in parsers.items():
            value = reader.read(key, parse)
            if value is not None:
                row.values[key] = value
        row.problems = reader.problems
        return row

    def unit(self, cell: Cell) -> BusinessUnit:
        """Return the unit that a cell names by code or exact name."""
        return self.units.find(cells.text(cell, most=200))

    def person(self, cell: Cell) -> User:
        """Return the person whom a cell names by e-mail address or exact name."""
        return self.people.find(cells.text(cell, most=254))

    def persons(self, cell: Cell) -> list[User]:
        """Return the people whom a cell names, each once."""
        return list(dict.fromkeys(self.people.find(name) for name in cells.names(cell)))


def by_key(columns: Sequence[Column]) -> dict[str, Column]:
    """Return columns by their keys, in their order."""
    return {column.key: column for column in columns}
