"""CSV: any of the usual delimiters, UTF-8 or UTF-16, quoted line breaks."""

import codecs
import csv
import io
import re
from collections.abc import Callable

from django.utils.translation import gettext as _

from foundation.records.imports.tables import BadCell, Cell, Limits, RawRow, RawTable, TableRefused
from foundation.ui.exports import looks_like_formula

DELIMITERS = (",", ";", "\t")
# What a spreadsheet would run instead of show: "=…", and calls or commands after + - @ ("@SUM(…", "+cmd|…").
FORMULA = re.compile(r"\s*(=|[+\-@][A-Za-z_][\w.]*[(|!])")


def read_csv(content: bytes, *, recognise: Callable[[list[str]], int], limits: Limits) -> RawTable:
    """Return the rows of a CSV file; `recognise` counts the known names in a header, by which the delimiter is found.

    Raises TableRefused for a wrong encoding, broken quoting, or more rows or columns than the limits.
    """
    text = decode(content)
    lines = text.split("\n", 1)
    skipped = 0
    if re.fullmatch(r'"?sep=.\"?\r?', lines[0]):
        text, skipped = (lines[1] if len(lines) > 1 else ""), 1
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text, recognise), strict=True)
    rows: list[RawRow] = []
    number = skipped
    try:
        for fields in reader:
            number += 1
            if not any(field.strip() for field in fields):
                continue
            if len(rows) > limits.rows:
                raise TableRefused(too_many_rows(limits))
            if len(fields) > limits.columns and any(field.strip() for field in fields[limits.columns :]):
                raise TableRefused(too_many_columns(limits, number))
            rows.append(RawRow(number, [_cell(field, limits) for field in fields[: limits.columns]]))
    except csv.Error as error:
        raise TableRefused(_broken_row(number + 1, error)) from error
    return RawTable(rows)


def decode(content: bytes) -> str:
    """Return the text of a file in UTF-8 or UTF-16, with or without a byte order mark; raise TableRefused otherwise."""
    try:
        text = content.decode(_encoding(content))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise TableRefused(
            _(
                "Line %(line)s is not in UTF-8. Save the file again: in Excel as “CSV UTF-8 (Comma delimited)”, "
                "in LibreOffice as “Text CSV” with the character set “Unicode (UTF-8)”, "
                "or upload it as XLSX."
            )
            % {"line": line}
        ) from error
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise TableRefused(
            _(
                "Line %(line)s holds a NUL byte. This is not a clean CSV file; save it again as CSV UTF-8 or XLSX."
            )
            % {"line": line}
        )
    return text


def _encoding(content: bytes) -> str:
    if content.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    if content.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = content[:4000]
    # Western text in UTF-16 without a mark has a zero in every other byte.
    if sample[1::2].count(0) > len(sample) / 4 > sample[0::2].count(0):
        return "utf-16-le"
    if sample[0::2].count(0) > len(sample) / 4 > sample[1::2].count(0):
        return "utf-16-be"
    return "utf-8"


def _delimiter(text: str, recognise: Callable[[list[str]], int]) -> str:
    """Return the delimiter under which the first row reads as the most known column names."""

    def fitness(delimiter: str) -> tuple[int, int]:
        widest = 0
        try:
            for fields in csv.reader(io.StringIO(text[:20_000], newline=""), delimiter=delimiter):
                if any(field.strip() for field in fields):
                    return recognise(fields), len(fields)
                widest = max(widest, len(fields))
        except csv.Error:
            pass
        return 0, widest

    return max(DELIMITERS, key=fitness)


def _cell(field: str, limits: Limits) -> Cell:
    if len(field) > limits.cell_characters:
        return BadCell(
            _("This cell holds %(count)s characters; at most %(limit)s are read.")
            % {"count": len(field), "limit": limits.cell_characters},
            field[:60],
        )
    if FORMULA.match(field):
        return BadCell(_("This is a formula. Replace it with its value."), field[:60])
    if field.startswith("'") and looks_like_formula(field[1:]):
        return field[1:]  # defused by an export
    return field


def _broken_row(number: int, error: csv.Error) -> str:
    if "unexpected end of data" in str(error):
        return _("A quotation mark is opened in or before row %(row)s and never closed.") % {"row": number}
    return _(
        "Row %(row)s can't be read: look for a quotation mark inside a quoted cell (write it twice), "
        "or for a cell of more than 100,000 characters."
    ) % {"row": number}


def too_many_rows(limits: Limits) -> str:
    """Return the sentence for a file with more rows than the limit."""
    return _(
        "The file has more than %(limit)s rows. Split it into smaller files and import them one by one."
    ) % {"limit": f"{limits.rows:,}"}


def too_many_columns(limits: Limits, number: int) -> str:
    """Return the sentence for a row with more columns than the limit."""
    return _("Row %(row)s has more than %(limit)s columns. Delete what does not belong to the table.") % {
        "row": number,
        "limit": limits.columns,
    }
