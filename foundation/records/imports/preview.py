"""What an import would do, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Generic, TypeVar

from foundation.records.imports.tables import Column, Problem


class RowAction(StrEnum):
    """What the import does with a row."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass
class PlannedRow:
    """A row as it was read: the values that it gives, what they change in what is there already, and what is wrong with it.

    A kind of import names its `columns` and says by `is_new` whether a row is about something that is not there yet.
    """

    columns: ClassVar[Mapping[str, Column]]

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        """Tell whether the row is about something that is not there yet."""
        raise NotImplementedError

    @property
    def has_changes(self) -> bool:
        """Tell whether the row changes what is there."""
        return bool(self.changes)

    @property
    def action(self) -> RowAction:
        """Return what is done with the row."""
        if self.problems:
            return RowAction.REFUSED
        if self.is_new:
            return RowAction.CREATE
        return RowAction.UPDATE if self.has_changes else RowAction.UNCHANGED

    @property
    def changed_labels(self) -> list[str]:
        """Return the names of the columns that change something, in their order."""
        return [str(column.label) for column in self.columns.values() if column.key in self.changes]

    def complain(self, key: str, message: str) -> None:
        """Add a problem of a column, or (empty key) of the row."""
        label = str(self.columns[key].label) if key else ""
        self.problems.append(Problem(self.number, label, message, str(self.values.get(key, ""))[:80]))


R = TypeVar("R", bound=PlannedRow)


@dataclass(frozen=True)
class Preview(Generic[R]):
    """All rows of a file with what each would do. Any problem refuses the whole file."""

    rows: Sequence[R]
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    on_row: Callable[[Preview[Any]], None] | None = None  # told of each row that is written

    @property
    def problems(self) -> list[Problem]:
        """Return everything that is wrong, in the order of the rows."""
        return [problem for row in self.rows for problem in row.problems]

    @property
    def counts(self) -> Counter[RowAction]:
        """Return how many rows are created, updated, left unchanged and refused."""
        return Counter(row.action for row in self.rows)

    def rows_to(self, action: RowAction) -> list[R]:
        """Return the rows with which this is done."""
        return [row for row in self.rows if row.action == action]

    @contextmanager
    def refused_by(self, row: R, *refusals: type[Exception]) -> Iterator[None]:
        """Refuse the file when a service refuses a row: something changed since the rows were read."""
        if self.on_row:
            self.on_row(self)
        try:
            yield
        except refusals as refused:
            row.complain("", str(refused))
            raise RowsRefused(self) from refused


class RowsRefused(Exception):
    """Some rows can't be imported, so none was; the preview says what is wrong with each."""

    def __init__(self, preview: Preview[Any]) -> None:
        super().__init__()
        self.preview = preview
