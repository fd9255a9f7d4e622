"""The requirements of an edition as a table, with the columns that an import reads."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from compliance.catalogues import Node, Reference
from compliance.choices import NodeKind
from compliance.imports.columns import COLUMNS
from compliance.models import Edition
from compliance.selectors.nodes import nodes_of
from foundation.records.imports.cells import CONTROL
from foundation.ui.exports import XLSX_CELL_CHARACTERS, Sheet


def edition_sheet(edition: Edition, fmt: str) -> Sheet:
    """Return all lines of an edition as a sheet; what is brought back in says the same.

    A workbook's cell holds no more than 32,767 characters: a text that would fill it says at its end that it was cut, and is not
    read again, since one that fills its cell may have been cut by a spreadsheet, which says nothing.
    """
    name = f"{edition.framework.reference}-{edition.label}"
    rows = _rows(edition)
    if fmt == "xlsx":
        rows = ([_fitting(cell) for cell in row] for row in rows)
    return Sheet(name, edition.framework.title, [str(column.label) for column in COLUMNS], rows)


def cut_words() -> str:
    """Return what stands at the end of a text that was cut."""
    return "… [" + _("cut: a workbook holds no longer texts; the CSV file has all of it") + "]"


def _fitting(cell: str) -> str:
    if len(cell) < XLSX_CELL_CHARACTERS:
        return cell
    words = cut_words()
    return cell[: XLSX_CELL_CHARACTERS - len(words)] + words


def _rows(edition: Edition) -> Iterator[list[str]]:
    nodes = nodes_of(edition)
    for node in nodes:
        cells = cells_of(node, nodes[node.parent] if node.parent is not None else None)
        yield [cells[column.key] for column in COLUMNS]


def cells_of(node: Node, parent: Node | None) -> dict[str, str]:
    """Return the cells of a line by column."""
    cells: dict[str, Any] = {
        "identifier": node.identifier,
        "kind": NodeKind(node.kind.value).label,
        "parent": (parent.identifier or parent.title) if parent else "",
        "title": node.title,
        "statement": node.statement,
        "guidance": node.guidance,
        "objectives": node.objectives,
        "methods": ", ".join(note.method for note in node.methods),
        "related": "; ".join(one.identifier for one in node.related),
        "references": "\n".join(reference_line(one) for one in node.references),
        "is_withdrawn": "yes" if node.is_withdrawn else "",
        "withdrawn_to": "; ".join(one.identifier for one in node.withdrawn_to),
    }
    return {key: CONTROL.sub(" ", str(cell)) for key, cell in cells.items()}


def reference_line(reference: Reference) -> str:
    """Return a publication as it stands on a line of its cell."""
    parts = (reference.title, reference.url if reference.url != reference.title else "")
    return " ".join(" ".join(part.split()) for part in parts if part)
