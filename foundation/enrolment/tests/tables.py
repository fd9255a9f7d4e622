"""Tables of people, for the tests of the import."""

import csv
import io

ROW = {"E-mail address": "nils.ek@example.com", "Full name": "Nils Ek"}


def table(*rows: dict[str, str]) -> bytes:
    """Return a CSV file of rows that each change ROW; an empty value leaves the cell empty."""
    names = list(dict.fromkeys([*ROW, *(name for row in rows for name in row)]))
    file = io.StringIO()
    csv.writer(file).writerows([names, *([{**ROW, **row}.get(name, "") for name in names] for row in rows)])
    return file.getvalue().encode()
