"""CSV files: encodings, delimiters, quoting, sizes."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.records.imports import Limits, TableRefused, read_table
from foundation.records.imports.tables import BadCell
from foundation.records.tests.tables import COLUMNS
from foundation.ui.exports import csv_lines

PLAIN = "Title,Start,Days of fieldwork,Notes\nPrüfung – Lisboa,2026-04-03,5,first\n"


def refusal(content: bytes, **options) -> str:
    with pytest.raises(TableRefused) as caught:
        read_table(content, columns=COLUMNS, **options)
    return str(caught.value)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"], ids=str
)
def test_reads_unicode_with_and_without_mark(encoding):
    table = read_table(PLAIN.encode(encoding), columns=COLUMNS)
    assert [row.cells for row in table.rows] == [
        {"title": "Prüfung – Lisboa", "starts_on": "2026-04-03", "days": "5", "notes": "first"}
    ]
    assert table.rows[0].number == 2


def test_refuses_another_encoding_with_the_line_and_the_way_out():
    message = refusal((PLAIN + "Größe,2026-04-03,,\n").replace("–", "-").encode("cp1252"))
    assert "Line 2 is not in UTF-8" in message
    assert "CSV UTF-8" in message


def test_refuses_nul_bytes_with_the_line():
    assert "Line 3 holds a NUL byte" in refusal(PLAIN.encode() + b"a\x00b,2026-04-03,,\n")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_finds_the_delimiter(delimiter, line_end):
    text = f"Title{delimiter}Start{line_end}One, two; three|x{delimiter}2026-04-03{line_end}"
    quoted = text.replace("One, two; three|x", '"One, two; three|x"')
    table = read_table(quoted.encode(), columns=COLUMNS)
    assert table.rows[0].cells == {"title": "One, two; three|x", "starts_on": "2026-04-03"}


def test_skips_the_separator_line_that_excel_writes_and_counts_it():
    table = read_table(b"sep=;\r\nTitle;Start\r\nA;2026-04-03\r\n", columns=COLUMNS)
    assert (table.rows[0].number, table.rows[0].cells["title"]) == (3, "A")


def test_keeps_line_breaks_in_quotes_and_counts_rows_as_a_spreadsheet_does():
    table = read_table(b'Title,Start\n"two\nlines ""quoted""",2026-04-03\n\nB,2026-04-04\n', columns=COLUMNS)
    assert [(row.number, row.cells["title"]) for row in table.rows] == [(2, 'two\nlines "quoted"'), (4, "B")]


def test_tells_a_quotation_mark_that_is_never_closed():
    assert "never closed" in refusal(b'Title,Start\n"open,2026-04-03\nB,2026-04-04\n')


def test_tells_broken_quoting_with_its_row():
    assert "Row 3" in refusal(b'Title,Start\nA,2026-04-03\n"B"x,2026-04-04\n')


def test_tells_an_endless_line():
    message = refusal(b"Title,Start\n" + b"a" * 200_000 + b",2026-04-03\n")
    assert "Row 2" in message
    assert "100,000 characters" in message


def test_marks_a_cell_that_is_too_long():
    table = read_table(b"Title,Start\n" + b"a" * 30_000 + b",2026-04-03\n", columns=COLUMNS)
    cell = table.rows[0].cells["title"]
    assert isinstance(cell, BadCell)
    assert "30000 characters" in cell.message


@pytest.mark.parametrize(
    "formula", ["=1+1", " =HYPERLINK(A1)", "@SUM(A1:A2)", "+cmd|' /C calc'!A0", "-Sheet1!A1"]
)
def test_marks_formulas(formula):
    table = read_table(f"Title,Start\n{formula},2026-04-03\n".encode(), columns=COLUMNS)
    cell = table.rows[0].cells["title"]
    assert isinstance(cell, BadCell)
    assert "formula" in cell.message


@pytest.mark.parametrize("plain", ["- cards (all)", "+41 44 000 00 00", "-5", "@home: routers", "a=b"])
def test_keeps_text_that_only_looks_like_a_formula(plain):
    table = read_table(f"Title,Start\n{plain},2026-04-03\n".encode(), columns=COLUMNS)
    assert table.rows[0].cells["title"] == plain


@pytest.mark.parametrize("text", ["- all cards", "@home", "+41 44", "=1+1", "plain"])
def test_reads_back_what_an_export_defused(text):
    lines = "".join(csv_lines(["Title", "Start"], [[text, "2026-04-03"]]))
    assert read_table(lines.encode(), columns=COLUMNS).rows[0].cells["title"] == text


def test_refuses_a_hundred_thousand_rows_with_the_limit():
    content = b"Title,Start\n" + b"A,2026-04-03\n" * 100_000
    assert "more than 5,000 rows" in refusal(content, limits=Limits(rows=5_000))


def test_takes_exactly_as_many_rows_as_the_limit():
    content = b"Title,Start\n" + b"A,2026-04-03\n" * 50
    assert len(read_table(content, columns=COLUMNS, limits=Limits(rows=50)).rows) == 50
    assert "more than 49 rows" in refusal(content, limits=Limits(rows=49))


def test_refuses_more_bytes_than_the_limit():
    assert "larger than 1 MB" in refusal(b"x" * 1_048_577, limits=Limits(file_bytes=1_048_576))


def test_refuses_a_row_of_too_many_columns():
    assert "Row 2 has more than 100 columns" in refusal(b"Title,Start\n" + b"a," * 150 + b"a\n")


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content):
    with suppress(TableRefused):
        read_table(content, columns=COLUMNS)


@given(st.text(max_size=200))
def test_any_text_below_the_header_is_read_or_refused(text):
    with suppress(TableRefused):
        read_table(f"Title,Start\n{text}".encode("utf-8", "ignore"), columns=COLUMNS)
