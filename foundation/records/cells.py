"""The cells that tell one record from another, wherever a table names several: lists, steps for many, pages of other records."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, ClassVar

from foundation.records.parts import restricted_badge
from foundation.ui.columns import Column
from foundation.ui.components import Link, Listing, Part, Person, Reference


class RecordCells:
    """What tables show of records or of their narrow rows: `cell_<key>(row)` for each column. The page knows the moment."""

    columns: ClassVar[Sequence[Column]]
    now: datetime

    def cells_of(self, row: Any) -> list[Any]:
        """Return what stands in the columns of a row."""
        return [getattr(self, f"cell_{column.key}")(row) for column in self.columns]

    def signs_of(self, row: Any) -> Sequence[Part]:
        """Return what stands behind the title: that few may know of it."""
        return (restricted_badge(),) if row.is_restricted else ()

    def cell_reference(self, row: Any) -> Reference:
        """Link the reference."""
        return Reference(row.reference, row.get_absolute_url())

    def cell_title(self, row: Any) -> Part:
        """Link the title, with the signs behind it."""
        link, signs = Link(row.title, row.get_absolute_url()), self.signs_of(row)
        return Listing((link, *signs), " ") if signs else link

    def export_title(self, row: Any) -> str:
        """Return the title alone."""
        title: str = row.title
        return title

    def cell_owner(self, row: Any) -> Person:
        """Name the owner."""
        return Person(row.owner.full_name)

    def cell_confidentiality(self, row: Any) -> str:
        """Name the confidentiality."""
        words: str = row.get_confidentiality_display()
        return words
