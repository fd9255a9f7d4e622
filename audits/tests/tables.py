"""Tables of audits as CSV, for the tests of the import."""

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
    names = list(dict.fromkeys([*ROW, *(name for row in rows for name in row)]))
    file = io.StringIO()
    writer = csv.DictWriter(file, names, restval="")
    writer.writeheader()
    for row in rows:
        writer.writerow({**ROW, **row})
    return file.getvalue().encode()
