"""A file that is brought more than once: what it says tells which version it is, not its bytes alone."""

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook

from compliance.catalogues import Change
from compliance.imports import plan_import, read_brought
from compliance.models import Edition, Framework
from compliance.selectors.nodes import nodes_of
from compliance.tests.factories import NOW
from compliance.tests.oscal import content
from compliance.tests.test_importing import accept as accept_file
from compliance.tests.test_importing import plan
from compliance.tests.test_views_import import accept, text_of
from foundation.accounts.models import User
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Any]
SHEETS = {
    "2025": [["Identifier", "Title"], ["A.1", "Old watch"]],
    "2026": [["Identifier", "Title"], ["A.1", "New watch"], ["A.2", "Ring"]],
    "2027": [["Identifier", "Title"], ["A.2", "Ring"]],
}


def workbook() -> bytes:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in SHEETS.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def bring_sheet(browser: Any, data: bytes, name: str) -> str:
    """Bring a sheet as the version that it is called after; return the address of its preview."""
    framework = Framework.objects.first()
    asked = {"framework": framework.reference} if framework else {"name": "Quay rules"}
    file = SimpleUploadedFile("quay.xlsx", data)
    answer = browser.post("/compliance/import/", {"file": file, "version": name, "sheet": name, **asked})
    assert answer.status_code == 302, text_of(answer)
    return str(answer.url)


def against() -> str:
    framework = Framework.objects.first()
    return f"FRM-0001/{framework.current_id}" if framework else "new"


def titles() -> list[str]:
    return [node.title for node in nodes_of(Framework.objects.get().current)]


def test_each_sheet_of_a_workbook_is_a_version_of_its_own(cast: Cast, sign_in: SignIn) -> None:
    browser, data = sign_in(cast.analyst), workbook()
    for name, rows in SHEETS.items():
        preview = bring_sheet(browser, data, name)
        page = text_of(browser.get(preview))
        assert "This is there already" not in page
        assert "was accepted before" not in page
        assert accept(browser, preview, against()).status_code == 302
        assert Framework.objects.get().current.label == name
        assert titles() == [row[1] for row in rows[1:]]
    assert Edition.objects.count() == len(SHEETS)
    assert len(set(Edition.objects.values_list("source_sha256", flat=True))) == 1


def test_a_sheet_that_counts_is_there_already_and_one_that_did_is_current_again(
    cast: Cast, sign_in: SignIn
) -> None:
    browser, data = sign_in(cast.analyst), workbook()
    for name in ("2025", "2026"):
        accept(browser, bring_sheet(browser, data, name), against())
    page = text_of(browser.get(bring_sheet(browser, data, "2026")))
    assert "This is there already, as version 2026, and the same." in page
    preview = bring_sheet(browser, data, "2025")
    assert "Version 2025 was accepted before." in text_of(browser.get(preview))
    accept(browser, preview, against())
    assert Framework.objects.get().current.label == "2025"
    assert titles() == ["Old watch"]
    assert Edition.objects.count() == 2


def test_the_same_table_under_another_name_of_its_version_is_that_version(cast: Cast) -> None:
    data = b"Identifier,Title\nA.1,Watch\n"
    brought = read_brought(data, file_name="a.csv", title="Quay rules", label="1")
    first = plan_import(brought, actor=cast.analyst).accept(actor=cast.analyst, now=NOW)
    again = read_brought(data, file_name="a.csv", title="Quay rules", label="1.0")
    assert plan_import(again, actor=cast.analyst).same == first


def test_a_file_of_which_less_was_read_once_can_be_read_again(cast: Cast) -> None:
    """As one is that was brought before more of what OSCAL says was read."""
    brought = read_brought(content(), file_name="harbour.json")
    poorer = tuple(replace(node, statement="") for node in brought.catalogue.nodes)
    early = replace(brought, catalogue=replace(brought.catalogue, nodes=poorer))
    first = plan_import(early, actor=cast.analyst).accept(actor=cast.analyst, now=NOW)
    planned = plan(cast, content())
    assert (planned.same, planned.earlier) == (None, None)
    assert {line.change for line in planned.difference.lines} == {Change.CHANGED}
    second = planned.accept(actor=cast.analyst, now=NOW)
    assert (second.number, second.label, second.source_sha256) == (2, first.label, first.source_sha256)
    assert nodes_of(second) == brought.catalogue.nodes
    assert plan(cast, content()).same == second
    accept_file(cast, content(metadata={"version": "3"}))
    assert plan(cast, content()).earlier == second, "the one that says what the file does"
