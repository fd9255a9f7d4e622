"""What a page shows of the rows of a package, kept until whoever brought it comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from foundation.accounts.models import BusinessUnit, User
from foundation.records.imports.tables import Problem
from policies.imports.preview import DocumentRow
from policies.models import Document

WORDS = ("file", "title", "type", "version", "approved_by")
DAYS = ("effective_on", "approved_on")
KEYS = ("unit", "owner")


def rows_kept(rows: Sequence[DocumentRow]) -> list[dict[str, Any]]:
    """Return rows as plain values: what they are about, and what is wrong with them."""
    return [
        {
            "number": row.number,
            "document": row.document.pk if row.document else None,
            "problems": [asdict(one) for one in row.problems],
            **{name: row.values[name] for name in WORDS if row.values.get(name)},
            **{name: row.values[name].isoformat() for name in DAYS if row.values.get(name)},
            **{name: row.values[name].pk for name in KEYS if row.values.get(name)},
        }
        for row in rows
    ]


def rows_again(kept: Sequence[Mapping[str, Any]]) -> list[DocumentRow]:
    """Return the rows that were kept. Three queries, whatever their number."""
    units = BusinessUnit.objects.in_bulk({one["unit"] for one in kept if "unit" in one})
    owners = User.objects.in_bulk({one["owner"] for one in kept if "owner" in one})
    documents = Document.objects.in_bulk({one["document"] for one in kept if one["document"]})
    return [
        DocumentRow(
            one["number"],
            {
                **{name: one[name] for name in WORDS if name in one},
                **{name: date.fromisoformat(one[name]) for name in DAYS if name in one},
                **({"unit": units[one["unit"]]} if one.get("unit") in units else {}),
                **({"owner": owners[one["owner"]]} if one.get("owner") in owners else {}),
            },
            problems=[Problem(**problem) for problem in one["problems"]],
            document=documents.get(one["document"]),
        )
        for one in kept
    ]
