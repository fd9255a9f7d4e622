"""The one writer of CSV and XLSX: whatever leaves as a spreadsheet leaves through here.

A spreadsheet runs text that looks like a formula. So text that starts with = + - @, a tab or a carriage return (blanks
before it do not count) gets an apostrophe in front in CSV, and in XLSX is written as text that no program evaluates.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO, Any

from django.http import HttpResponse, StreamingHttpResponse
from django.utils import timezone
from django.utils.text import slugify
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from foundation.ui.components import Due, When, say

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = ("csv", "xlsx")
CONTENT_TYPES = {"csv": CSV_TYPE, "xlsx": XLSX_TYPE}
XLSX_CELL_CHARACTERS = 32_767
WRAPPED = 60  # letters of the widest column, where texts wrap
OPERATORS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
CONTROLS = ("\t", "\r")

Row = Sequence[Any]
Plain = str | int | float | bool | Decimal | date | datetime | time | None


@dataclass(frozen=True)
class Sheet:
    """A table on its way into a file. `name` is the file's, `title` the sheet's; `rows` are read once, as they are written.

    One that `wraps` has long texts, which people read: in XLSX its columns are as wide as their texts, within bounds, and what
    is longer goes on in the next line. Its rows are held in memory.
    """

    name: str
    title: str
    header: Row
    rows: Iterable[Row]
    wraps: bool = False


def plain(value: Any) -> Plain:
    """Return a cell as a number, a date or text; an instant in the active time zone, without its zone."""
    if isinstance(value, Due | When):
        value = value.value
    if isinstance(value, datetime):
        return (
            timezone.localtime(value).replace(tzinfo=None, microsecond=0)
            if timezone.is_aware(value)
            else value
        )
    if value is None or isinstance(value, bool | int | float | Decimal | date | time):
        return value
    return say(value)


def looks_like_formula(text: str) -> bool:
    """Tell whether a spreadsheet might run the text."""
    bare = text.lstrip("\ufeff").lstrip()
    return bare.startswith(OPERATORS) or text.lstrip(" \n\u00a0\ufeff").startswith(CONTROLS)


def defuse(text: str) -> str:
    """Return the text so that no spreadsheet runs it when it reads it from CSV."""
    return f"'{text}" if looks_like_formula(text) else text


def csv_cell(value: Any) -> str:
    """Return a cell for CSV: dates as ISO 8601, text defused."""
    value = plain(value)
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, date | time):
        return value.isoformat()
    return defuse(value) if isinstance(value, str) else str(value)


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(header: Row, rows: Iterable[Row]) -> Iterator[str]:
    """Yield the lines of a CSV file, with the mark that makes spreadsheets read it as UTF-8."""
    # All cells are quoted: else text with a semicolon would fall apart where that is the separator, past the apostrophe.
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    yield "\ufeff" + writer.writerow([csv_cell(value) for value in header])
    for row in rows:
        yield writer.writerow([csv_cell(value) for value in row])


def xlsx_write(sheet: Sheet, target: IO[bytes]) -> None:
    """Write a workbook of one sheet, its header bold and kept in view. Memory stays flat, however many rows there are."""
    book_write([sheet], target)


def book_write(sheets: Iterable[Sheet], target: IO[bytes]) -> None:
    """Write a workbook of several sheets, each as `xlsx_write` writes one; their titles are to differ."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(_sheet_title(sheet.title))
        page.freeze_panes = "A2"
        rows = list(sheet.rows) if sheet.wraps else sheet.rows
        for index, heading in enumerate(sheet.header):
            longest = len(str(heading)) + 6
            if sheet.wraps:
                longest = max([longest, *(_longest_line(row[index]) + 2 for row in rows if index < len(row))])
            width = max(12, min(WRAPPED if sheet.wraps else 40, longest))
            page.column_dimensions[get_column_letter(index + 1)].width = width
        page.append([_xlsx_cell(page, heading, bold=True) for heading in sheet.header])
        for row in rows:
            page.append([_xlsx_cell(page, value, wraps=sheet.wraps) for value in row])
    book.save(target)


def _longest_line(value: Any) -> int:
    return max((len(line) for line in str(plain(value)).splitlines()), default=0)


def csv_write(sheet: Sheet, target: IO[bytes]) -> None:
    """Write the lines of a CSV file."""
    for line in csv_lines(sheet.header, sheet.rows):
        target.write(line.encode())


WRITERS = {"csv": csv_write, "xlsx": xlsx_write}


def _sheet_title(title: str) -> str:
    return (
        "".join(" " if character in "[]:*?/\\'" else character for character in title)[:31].strip()
        or "Export"
    )


def _xlsx_cell(sheet: Any, value: Any, *, bold: bool = False, wraps: bool = False) -> Any:
    value = plain(value)
    if isinstance(value, str):
        value = ILLEGAL_CHARACTERS_RE.sub(" ", value)[:XLSX_CELL_CHARACTERS]
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        # Never a formula, an error code or a number, whatever it looks like.
        cell.data_type = "s"
        if looks_like_formula(value):
            cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)
    if wraps:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def file_name(name: str, day: date, fmt: str) -> str:
    """Return the name under which a file is downloaded."""
    return f"{slugify(name) or 'export'}-{day.isoformat()}.{fmt}"


def download_headers(filename: str) -> dict[str, str]:
    """Return the headers of a file that is saved and never shown."""
    return {
        "Content-Disposition": f'attachment; filename="{filename}"',
        "X-Content-Type-Options": "nosniff",
    }


def export_response(fmt: str, sheet: Sheet, *, day: date) -> HttpResponse | StreamingHttpResponse:
    """Return a download; CSV is streamed row by row, XLSX is made in memory. `fmt` is one of FORMATS."""
    headers = download_headers(file_name(sheet.name, day, fmt))
    if fmt == "csv":
        lines = csv_lines(sheet.header, sheet.rows)
        return StreamingHttpResponse(lines, content_type=CONTENT_TYPES[fmt], headers=headers)
    if fmt == "xlsx":
        book = io.BytesIO()
        xlsx_write(sheet, book)
        return HttpResponse(book.getvalue(), content_type=CONTENT_TYPES[fmt], headers=headers)
    raise ValueError(f"No such format: {fmt!r}")
