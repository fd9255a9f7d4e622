"""What a workbook can't hold, and the templates that are filled in: what a spreadsheet makes of a table."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from compliance.catalogues import Destination, MethodNote, Reference, Related
from compliance.catalogues.values import TEXT_LENGTH
from compliance.imports import COLUMNS, TableProblems, read_brought
from compliance.imports.sheets import cut_words
from compliance.models import Framework
from compliance.selectors.nodes import nodes_of
from compliance.tests.oscal import content, control, group
from compliance.tests.test_importing import accept
from compliance.tests.test_round_trip import FORMATS, SignIn, exported
from compliance.tests.test_views_import import bring, text_of
from foundation.testing.cast import Cast
from foundation.ui.exports import XLSX_CELL_CHARACTERS


@pytest.mark.django_db
@pytest.mark.parametrize("length", [XLSX_CELL_CHARACTERS, XLSX_CELL_CHARACTERS + 1, 42_000])
def test_a_text_too_long_for_a_workbook_says_so_there_and_is_whole_in_the_csv_file(
    cast: Cast, sign_in: SignIn, length: int
) -> None:
    long = "a" * length
    accept(cast, content(group("hb", control("hb-1", prose=long))))
    browser = sign_in(cast.analyst)
    book = exported(browser, "xlsx")
    cells = [cell for row in load_workbook(io.BytesIO(book)).worksheets[0].values for cell in row]
    (cut,) = [cell for cell in cells if isinstance(cell, str) and cell.startswith("aaa")]
    assert cut.endswith(cut_words())
    assert len(cut) == XLSX_CELL_CHARACTERS
    answer = bring(browser, book, name="long.xlsx", framework="FRM-0001", version="1.1")
    assert answer.status_code == 422
    assert "Row 3, Text: The end of this text is missing: it was too long for a workbook." in text_of(answer)
    preview = bring(
        browser, exported(browser, "csv"), name="long.csv", framework="FRM-0001", version="1.1"
    ).url
    assert "Nothing is different." in text_of(browser.get(preview))
    assert len(long) < TEXT_LENGTH
    saved_as_csv = f"Identifier,Title,Text\nA.1,Watch,Watch {cut_words()}\n".encode()
    with pytest.raises(TableProblems) as refused:
        read_brought(saved_as_csv, file_name="a.csv", title="Quay", label="1")
    assert refused.value.lines == [
        "Row 2, Text: The end of this text is missing: it was too long for a workbook. Bring the CSV file."
    ]


@pytest.mark.django_db
def test_the_longest_text_that_a_workbook_holds_comes_back(cast: Cast, sign_in: SignIn) -> None:
    accept(cast, content(group("hb", control("hb-1", prose="a" * (XLSX_CELL_CHARACTERS - 1)))))
    browser = sign_in(cast.analyst)
    book = exported(browser, "xlsx")
    preview = bring(browser, book, name="long.xlsx", framework="FRM-0001", version="1.1")
    assert "Nothing is different." in text_of(browser.get(preview.url))


@pytest.mark.django_db
@pytest.mark.parametrize("fmt", FORMATS)
def test_the_template_can_be_filled_in_and_brought(cast: Cast, sign_in: SignIn, fmt: str) -> None:
    browser = sign_in(cast.analyst)
    template = browser.get(f"/compliance/import/template.{fmt}").content
    rows = [
        {"kind": "Group", "title": "Organisational controls"},
        {column.key: column.example for column in COLUMNS},
        {
            "identifier": "A.5.1.1",
            "kind": "Enhancement",
            "parent": "A.5.1",
            "title": "At night",
            "is_withdrawn": "yes",
        },
    ]
    data = filled(template, rows, fmt)
    asked = {"name": "Quay rules", "version": "2026"}
    preview = browser.post("/compliance/import/", {"file": SimpleUploadedFile(f"rules.{fmt}", data), **asked})
    assert preview.status_code == 302, text_of(preview)
    browser.post(f"{preview.url}confirm/", {"against": "new"})
    edition = Framework.objects.get().current
    assert (edition.group_count, edition.requirement_count, edition.enhancement_count) == (1, 1, 1)
    heading, rule, strong = nodes_of(edition)
    assert (heading.title, rule.parent, strong.parent) == ("Organisational controls", 0, 1)
    assert (rule.identifier, rule.title) == ("A.5.1", "Policies for information security")
    assert rule.statement == "Policies are defined, approved and made known."
    assert rule.guidance == "Say in the policy who answers for it."
    assert rule.objectives == "A policy is there and was approved."
    assert rule.methods == (MethodNote("examine"), MethodNote("interview"))
    assert rule.related == (Related("a.5.2", "A.5.2"), Related("a.6.3", "A.6.3"))
    assert rule.references == (Reference("Harbour act, 1911", "", "https://example.com/act"),)
    assert (rule.is_withdrawn, rule.withdrawn_to) == (False, (Destination("incorporated", "a.5.3", "A.5.3"),))
    assert (strong.title, strong.is_withdrawn) == ("At night", True)


def filled(template: bytes, rows: list[dict[str, str]], fmt: str) -> bytes:
    """Return a template with rows written below its names, as a spreadsheet would."""
    cells = [[row.get(column.key, "") for column in COLUMNS] for row in rows]
    if fmt == "csv":
        out = io.StringIO()
        csv.writer(out).writerows(cells)
        return template + out.getvalue().encode()
    book = load_workbook(io.BytesIO(template))
    for number, row in enumerate(cells, 2):
        for place, value in enumerate(row, 1):
            cell = book.worksheets[0].cell(number, place)
            cell.value = value
            cell.data_type = "s"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
