"""The one writer of spreadsheets: nothing that it writes is ever run."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from foundation.ui.components import Badge, Due, Noted, Tone
from foundation.ui.exports import Sheet, csv_cell, csv_lines, defuse, export_response, plain, xlsx_write

NOW = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\rx",
        "  =1",
        "\u00a0=1",
        "\ufeff=1",
        "\n=1",
        "＝1",
        "\v=1",
        " \t x",
    ],
)
def test_text_that_may_run_is_defused(text: str) -> None:
    assert defuse(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "AUD-0016", "a=b", "1+1", "'=1", "3 - 2", "é"])
def test_other_text_stays_as_it_is(text: str) -> None:
    assert defuse(text) == text


@given(st.text())
def test_no_cell_of_a_csv_file_starts_as_a_formula(text: str) -> None:
    line = "".join(csv_lines(["Heading"], [[text]])).removeprefix("\ufeff")
    cell = list(csv.reader(io.StringIO(line, newline="")))[1][0]
    assert not cell.strip("\ufeff \n\u00a0").startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_semicolon_does_not_let_text_out_of_its_cell() -> None:
    assert "".join(csv_lines(["a"], [["x;=1+1", "y"]])).endswith('"x;=1+1","y"\r\n')


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (-3, "-3"),
        (Decimal("-1.50"), "-1.50"),
        (True, "True"),
        (date(2026, 1, 31), "2026-01-31"),
        (Badge("=Late", Tone.BAD), "'=Late"),
        (Noted("Title", "a note"), "Title"),
        (Due(date(2026, 1, 31), NOW), "2026-01-31"),
        (Due(None, NOW), ""),
    ],
)
def test_values_keep_their_meaning(value: object, expected: str) -> None:
    assert csv_cell(value) == expected


def test_instants_are_in_the_readers_zone() -> None:
    with timezone.override("Asia/Tokyo"):
        assert csv_cell(NOW) == "2026-11-23 18:10:00"
        assert plain(NOW) == datetime(2026, 11, 23, 18, 10)  # noqa: DTZ001 - a spreadsheet knows no zones


def workbook(title: str, header: list[object], rows: list[list[object]]) -> io.BytesIO:
    written = io.BytesIO()
    xlsx_write(Sheet("name", title, header, rows), written)
    return written


@given(st.text(max_size=300))
def test_a_workbook_holds_any_text_as_text(text: str) -> None:
    book = openpyxl.load_workbook(workbook("Any: name/[x]", ["Heading"], [[text]]))
    cell = book.worksheets[0]["A2"]
    assert cell.data_type == "s" or cell.value is None


def test_a_workbook_keeps_numbers_dates_and_a_bold_heading() -> None:
    rows = [[-3, date(2026, 1, 31), None, "x" * 40_000]]
    sheet = openpyxl.load_workbook(workbook("T", ["=a", "b", "c", "d"], rows)).worksheets[0]
    assert (sheet["A1"].value, sheet["A1"].data_type, sheet["A1"].font.bold) == ("=a", "s", True)
    assert sheet["A2"].value == -3
    assert sheet["B2"].value == datetime(2026, 1, 31)  # noqa: DTZ001
    assert len(str(sheet["D2"].value)) == 32_767
    assert sheet.freeze_panes == "A2"


def test_the_name_of_the_file_is_harmless() -> None:
    sheet = Sheet(name='../"a"\r\nx', title="T", header=["a"], rows=[])
    response = export_response("csv", sheet, day=date(2026, 11, 23))
    assert response["Content-Disposition"] == 'attachment; filename="a-x-2026-11-23.csv"'
    with pytest.raises(ValueError, match="exe"):
        export_response("exe", sheet, day=date(2026, 11, 23))
