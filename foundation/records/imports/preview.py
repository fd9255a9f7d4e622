"""What an import would do, row by row."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, Protocol, TypeVar

from foundation.records.imports.tables import Problem


class RowAction(StrEnum):
    """What the import does with a row."""

    CREATE = "create"
    UPDATE = "update"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


class PlannedRow(Protocol):
    """A row as it was read."""

    number: int
    problems: list[Problem]

    @property
    def action(self) -> RowAction:
        """Return what is done with the row."""


R = TypeVar("R", bound=PlannedRow)


@dataclass(frozen=True)
class Preview(Generic[R]):
    """All rows of a file with what each would do. Any problem refuses the whole file."""

    rows: Sequence[R]
    sheet: str = ""
    sheets: tuple[str, ...] = ()

    @property
    def problems(self) -> list[Problem]:
        """Return everything that is wrong, in the order of the rows."""
        return [problem for row in self.rows for problem in row.problems]

    @property
    def counts(self) -> Counter[RowAction]:
        """Return how many rows are created, updated, left unchanged and refused."""
        return Counter(row.action for row in self.rows)


class RowsRefused(Exception):
    """Some rows can't be imported, so none was; the preview says what is wrong with each."""

    def __init__(self, preview: Preview[Any]) -> None:
        super().__init__()
        self.preview = preview
