"""Which columns a file has, and what is said about the others."""

import pytest
from django.utils import translation

from foundation.records.imports import TableRefused, read_table
from foundation.records.tests.tables import COLUMNS


def keys(header: str) -> list[str]:
    table = read_table(f"{header}\na,b,c,d\n".encode(), columns=COLUMNS)
    return list(table.rows[0].cells)


def refusal(content: str) -> str:
    with pytest.raises(TableRefused) as caught:
        read_table(content.encode(), columns=COLUMNS)
    return str(caught.value)


@pytest.mark.parametrize(
    "header",
    [
        "Title,Start,Days of fieldwork,Notes",
        "title,starts_on,days,notes",
        "TITLE , starts on,Days-of-Fieldwork, notes",
        "“Title”,STARTS_ON,days,Notes:",
    ],
)
def test_finds_columns_by_label_key_and_alias_whatever_their_case_and_blanks(header):
    assert keys(header) == ["title", "starts_on", "days", "notes"]


def test_order_does_not_matter():
    assert keys("Notes,Days,Start,Title") == ["notes", "days", "starts_on", "title"]


def test_english_labels_are_found_in_any_language():
    with translation.override("de"):
        assert keys("Title,Start,Days,Notes") == ["title", "starts_on", "days", "notes"]


def test_names_missing_columns():
    assert "The column “Start” is missing" in refusal("Title,Notes\na,b\n")
    assert "The columns “Title”, “Start” are missing" in refusal("Notes,Days\na,b\n")


def test_names_unknown_columns_with_the_nearest():
    message = refusal("Titel,Start,Colour\na,b,c\n")
    assert "There is no column “Titel”; did you mean “Title”?" in message
    assert "There is no column “Colour”." in message


def test_names_columns_that_are_there_twice():
    assert "“Start” is there twice" in refusal("Title,Start,Start\na,b,c\n")


def test_empty_files_are_told():
    assert refusal("") == refusal("  \n ") == refusal(",,,\n") == "The file is empty."
    assert "no rows below" in refusal("Title,Start\n")


def test_a_cell_without_a_column_is_a_problem_of_its_row():
    table = read_table(b"Title,Start\na,2026-01-02,stray\nb,2026-01-02,\n", columns=COLUMNS)
    assert [(problem.row, problem.value) for problem in table.problems] == [(2, "stray")]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Excel file"),
        (b"%PDF-1.7\n", "neither a CSV nor an XLSX"),
        (b"\x89PNG\r\n\x1a\n", "neither a CSV nor an XLSX"),
        (b"PK\x03\x04 and no more", "damaged"),
    ],
)
def test_other_formats_are_told_by_content(content, said):
    with pytest.raises(TableRefused, match=said):
        read_table(content, columns=COLUMNS)


def test_a_sheet_of_a_csv_file_is_refused():
    with pytest.raises(TableRefused, match="has no sheets"):
        read_table(b"Title,Start\na,b\n", columns=COLUMNS, sheet="Audits")
