"""The requirements of an edition as a table, with the columns that an import reads."""

from collections.abc import Iterator
from typing import Any

from compliance.catalogues import Node, Reference
from compliance.choices import NodeKind
from compliance.imports.columns import COLUMNS
from compliance.models import Edition
from compliance.selectors.nodes import nodes_of
from foundation.ui.exports import Sheet


def edition_sheet(edition: Edition) -> Sheet:
    """Return all lines of an edition as a sheet; what is brought back in says the same."""
    name = f"{edition.framework.reference}-{edition.label}"
    return Sheet(name, edition.framework.title, [str(column.label) for column in COLUMNS], _rows(edition))


def _rows(edition: Edition) -> Iterator[list[Any]]:
    nodes = nodes_of(edition)
    for node in nodes:
        cells = _cells(node, nodes[node.parent] if node.parent is not None else None)
        yield [cells[column.key] for column in COLUMNS]


def _cells(node: Node, parent: Node | None) -> dict[str, Any]:
    return {
        "identifier": node.identifier,
        "kind": NodeKind(node.kind.value).label,
        "parent": (parent.identifier or parent.title) if parent else "",
        "title": node.title,
        "statement": node.statement,
        "guidance": node.guidance,
        "objectives": node.objectives,
        "methods": ", ".join(note.method for note in node.methods),
        "related": "; ".join(one.identifier for one in node.related),
        "references": "\n".join(_reference(one) for one in node.references),
        "is_withdrawn": "yes" if node.is_withdrawn else "",
        "withdrawn_to": "; ".join(one.identifier for one in node.withdrawn_to),
    }


def _reference(reference: Reference) -> str:
    parts = (reference.title, reference.url if reference.url != reference.title else "")
    return " ".join(" ".join(part.split()) for part in parts if part)
