"""From a file's bytes to rows under known columns."""

import difflib
from collections.abc import Sequence
from typing import IO

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.records.imports.csv_table import read_csv
from foundation.records.imports.tables import (
    Cell,
    Column,
    Limits,
    Problem,
    RawRow,
    RawTable,
    Row,
    Table,
    TableRefused,
    plain_name,
)
from foundation.records.imports.xlsx_table import read_xlsx

ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
FOREIGN = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")


def content_of(file: IO[bytes], limits: Limits) -> bytes:
    """Return a file's bytes; raise TableRefused when there are more than the limit, without reading them all."""
    content = file.read(limits.file_bytes + 1)
    if len(content) > limits.file_bytes:
        raise TableRefused(
            _("The file is larger than %(limit)s MB. Split it into smaller files and import them one by one.")
            % {"limit": limits.file_bytes // (1024 * 1024)}
        )
    return content


def read_table(
    content: bytes, *, columns: Sequence[Column], limits: Limits | None = None, sheet: str = ""
) -> Table:
    """Return a CSV or XLSX file's rows by column; what the file is, its content tells, not its name.

    The first row that is not empty names the columns. Raises TableRefused, with a sentence for people, for anything
    that is wrong with the file as a whole: format, encoding, size, unknown or missing columns, no rows.
    """
    limits = limits or Limits()
    names = _Names(columns)
    raw = _raw_table(content, names, limits, sheet)
    if not raw.rows:
        raise TableRefused(_("The file is empty."))
    header, *rows = raw.rows
    keys = names.keys_of(header)
    if not rows:
        raise TableRefused(_("The file has column names but no rows below them."))
    if len(rows) > limits.rows:
        raise TableRefused(
            _(
                "The file has more than %(limit)s rows. Split it into smaller files and import them one by one."
            )
            % {"limit": f"{limits.rows:,}"}
        )
    problems: list[Problem] = []
    return Table(
        tuple(columns),
        [_row(row, keys, problems) for row in rows],
        problems,
        raw.sheet,
        raw.sheets,
    )


def _raw_table(content: bytes, names: "_Names", limits: Limits, sheet: str) -> RawTable:
    if len(content) > limits.file_bytes:
        raise TableRefused(
            _("The file is larger than %(limit)s MB. Split it into smaller files and import them one by one.")
            % {"limit": limits.file_bytes // (1024 * 1024)}
        )
    if not content.strip():
        raise TableRefused(_("The file is empty."))
    if content.startswith((ZIP, EMPTY_ZIP)):
        return read_xlsx(content, limits=limits, sheet=sheet)
    if content.startswith(OLE):
        raise TableRefused(
            _(
                "This is an old Excel file (XLS) or one protected by a password. Save it as XLSX or CSV without one."
            )
        )
    if content.startswith(FOREIGN):
        raise TableRefused(_("This is neither a CSV nor an XLSX file."))
    if sheet:
        raise TableRefused(_("A CSV file has no sheets. Leave the sheet's name empty."))
    return read_csv(content, recognise=names.known_in, limits=limits)


def _row(raw: RawRow, keys: list[str | None], problems: list[Problem]) -> Row:
    cells: dict[str, Cell] = {}
    for index, cell in enumerate(raw.cells):
        key = keys[index] if index < len(keys) else None
        if key is not None:
            cells[key] = cell
        elif cell is not None and str(cell).strip():
            problems.append(
                Problem(
                    raw.number,
                    "",
                    _(
                        "This row has a cell without a column name. Is a text with a comma missing its quotation marks?"
                    ),
                    str(cell)[:60],
                )
            )
            break
    return Row(raw.number, cells)


class _Names:
    """The names by which columns are found."""

    def __init__(self, columns: Sequence[Column]) -> None:
        self._columns = {column.key: column for column in columns}
        self._keys: dict[str, str] = {}
        for column in columns:
            names = [column.key, str(column.label), *column.aliases]
            with translation.override("en"):
                names.append(str(column.label))
            for name in names:
                self._keys.setdefault(plain_name(name), column.key)

    def known_in(self, fields: list[str]) -> int:
        """Return how many of these fields name a column."""
        return sum(plain_name(field) in self._keys for field in fields)

    def keys_of(self, header: RawRow) -> list[str | None]:
        """Return the column keys of a header row; raise TableRefused for unknown, repeated and missing ones."""
        keys: list[str | None] = []
        complaints: list[str] = []
        for cell in header.cells:
            name = str(cell).strip() if cell is not None else ""
            key = self._keys.get(plain_name(name)) if name else None
            if name and key is None:
                complaints.append(self._unknown(name))
            elif key is not None and key in keys:
                complaints.append(_("The column “%(name)s” is there twice.") % {"name": name})
            keys.append(key)
        missing = [
            str(column.label)
            for column in self._columns.values()
            if column.required and column.key not in keys
        ]
        if missing:
            complaints.append(
                ngettext(
                    "The column %(names)s is missing.", "The columns %(names)s are missing.", len(missing)
                )
                % {"names": ", ".join(f"“{name}”" for name in missing)}
            )
        if complaints:
            complaints[5:] = [_("And more.")] if len(complaints) > 5 else []
            complaints.append(_("The first row has to name the columns as the template does."))
            raise TableRefused(" ".join(complaints))
        return keys

    def _unknown(self, name: str) -> str:
        close = difflib.get_close_matches(plain_name(name), self._keys, n=1, cutoff=0.7)
        shown = name[:60]
        if close:
            label = str(self._columns[self._keys[close[0]]].label)
            return _("There is no column “%(name)s”; did you mean “%(label)s”?") % {
                "name": shown,
                "label": label,
            }
        return _("There is no column “%(name)s”.") % {"name": shown}
