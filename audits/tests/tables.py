"""Tables of audits, for the tests of the import."""

import csv
import io
from typing import Any

ROW = {
    "Title": "ISMS internal audit",
    "Type": "Internal",
    "Unit": "Payments",
    "Lead auditor": "Odile Brandt",
    "Start": "2027-03-01",
}


def table(*rows: dict[str, Any]) -> bytes:
    """Return a CSV file of rows that each change ROW; an empty value leaves the cell empty."""
    file = io.StringIO()
    csv.writer(file).writerows(table_rows(*rows))
    return file.getvalue().encode()


def table_rows(*rows: dict[str, Any]) -> list[list[Any]]:
    """Return the rows of a table, the names of its columns first, for files of other formats."""
    names = list(dict.fromkeys([*ROW, *(name for row in rows for name in row)]))
    return [names, *([{**ROW, **row}.get(name, "") for name in names] for row in rows)]
