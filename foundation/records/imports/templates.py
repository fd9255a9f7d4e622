"""Template files: the column names to fill in, with drop-downs and an explanation of each where the format can."""

import io
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from foundation.accounts.models import User
from foundation.records.imports.tables import Column
from foundation.ui.exports import csv_lines

DROP_DOWN_ROWS = 5_000
LISTS = "Lists"


def template_csv(columns: Sequence[Column]) -> bytes:
    """Return a CSV file of the column names alone, marked so that spreadsheets read it as UTF-8."""
    return "".join(csv_lines([str(column.label) for column in columns], [])).encode()


def template_xlsx(title: str, columns: Sequence[Column], *, person: User) -> bytes:
    """Return a workbook for this person to fill in: the column names, drop-downs of choices, dates formatted as such.

    The first sheet is the one to fill in and the one that is read; a second one explains the columns.
    """
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = title[:31]
    lists = workbook.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    for index, column in enumerate(columns, 1):
        letter = get_column_letter(index)
        _write(sheet, 1, index, str(column.label), bold=True)
        sheet.column_dimensions[letter].width = column.width
        if column.is_day:
            for row in range(2, 202):
                sheet[f"{letter}{row}"].number_format = "yyyy-mm-dd"
        if column.choices and (values := column.choices(person)):
            sheet.add_data_validation(_drop_down(lists, letter, index, values))
    sheet.freeze_panes = "A2"
    _explain(workbook, columns)
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def _drop_down(lists: Worksheet, letter: str, index: int, values: Sequence[str]) -> DataValidation:
    for row, value in enumerate(values, 1):
        _write(lists, row, index, value)
    validation = DataValidation(
        type="list",
        formula1=f"={LISTS}!${letter}$1:${letter}${len(values)}",
        allow_blank=True,
        showErrorMessage=False,
    )
    validation.add(f"{letter}2:{letter}{DROP_DOWN_ROWS}")
    return validation


def _explain(workbook: Workbook, columns: Sequence[Column]) -> None:
    sheet = workbook.create_sheet(_("How to fill it in")[:31], 1)
    for index, (heading, width) in enumerate(
        ((_("Column"), 22), (_("Needed"), 10), (_("What it holds"), 70), (_("Example"), 36)), 1
    ):
        _write(sheet, 1, index, heading, bold=True)
        sheet.column_dimensions[get_column_letter(index)].width = width
    for row, column in enumerate(columns, 2):
        needed = _("yes") if column.required else ""
        for index, value in enumerate((str(column.label), needed, str(column.help), column.example), 1):
            _write(sheet, row, index, value).alignment = Alignment(wrap_text=True, vertical="top")


def _write(sheet: Worksheet, row: int, column: int, value: str, *, bold: bool = False) -> Any:
    """Write text that no spreadsheet takes for a formula."""
    cell = sheet.cell(row, column)
    cell.value = value
    cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
