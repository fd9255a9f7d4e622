"""Two versions of a record side by side: what a person typed, and what somebody else saved meanwhile."""

from dataclasses import dataclass

from foundation.records.models import Record
from foundation.trail.models import Entry


@dataclass(frozen=True)
class ConflictRow:
    """A field as the person typed it, and as it is now."""

    label: str
    mine: str
    theirs: str

    @property
    def differs(self) -> bool:
        """Tell whether the two are not the same."""
        return self.mine != self.theirs


@dataclass(frozen=True)
class Conflict:
    """Both versions of a record, and the latest fact about it (who changed it, and when)."""

    record: Record
    rows: tuple[ConflictRow, ...]
    entry: Entry | None

    @property
    def different_rows(self) -> tuple[ConflictRow, ...]:
        """Return the fields that are not the same in both."""
        return tuple(row for row in self.rows if row.differs)
