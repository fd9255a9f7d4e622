"""The report of an audit as documents: all that it says is there, whatever people wrote, on pages that can be read."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import openpyxl
import pypdfium2
import pytest
from django.utils import timezone
from pypdfium2 import raw

from audits.approvals import REPORT_APPROVAL
from audits.choices import FindingState
from audits.models import Audit, Finding
from audits.reporting import Issue, report_document, report_sheets
from audits.selectors import report_answers, report_content
from audits.tests.factories import NOW, audit_make
from audits.tests.reports import TEXTS, action_make, audit_full, state_set
from foundation.actions.choices import ActionState
from foundation.approvals.content import content_drawn
from foundation.approvals.services import content_digest
from foundation.documents.tests.test_typesetting import is_whole, pages_of, text_of
from foundation.documents.typesetting import document_pdf
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.ui.exports import book_write

FOOT, WATERMARK = 55, 60  # points
TOP = 842 - 68  # the lowest that the head reaches, from the bottom of the page
HEADINGS = (10.0, 12.5, 17.0)

pytestmark = pytest.mark.django_db


def issue_of(audit: Audit, **values: Any) -> Issue:
    content = report_content(audit)
    given = {
        "number": 1,
        "content": content,
        "digest": content_digest(content),
        "answers": report_answers(audit),
        "organisation": "Halden & Vale Bank",
        "language": "en",
        "prepared_by": "Odile Brandt",
        "made_at": timezone.localtime(NOW),
    }
    return Issue(**{**given, **values})


def pdf_of(issue: Issue) -> bytes:
    return document_pdf(report_document(issue), at=NOW)


def book_of(issue: Issue) -> Any:
    out = io.BytesIO()
    book_write(report_sheets(issue), out)
    return openpyxl.load_workbook(io.BytesIO(out.getvalue()))


def outside_of(pdf: bytes) -> list[tuple[int, str]]:
    """Return what is drawn beyond the margins of a page, with the page's number: text that is cut, or runs off."""
    opened = pypdfium2.PdfDocument(pdf)
    found = []
    for number, page in enumerate(opened, start=1):
        width, height = page.get_size()
        text = page.get_textpage()
        for place in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(place)
            sign = text.get_text_range(place, 1)
            is_watermark = top - bottom > 40
            if (
                sign.strip()
                and not is_watermark
                and (left < 50 or right > width - 50 or bottom < 20 or top > height - 20)
            ):
                found.append((number, sign))
    opened.close()
    return found


def lonely_headings(pdf: bytes) -> list[int]:
    """Return the pages whose last line above the foot is set in the size of a heading: what it heads is on the next page."""
    opened = pypdfium2.PdfDocument(pdf)
    found = []
    for number, page in enumerate(opened, start=1):
        text = page.get_textpage()
        signs = [
            (text.get_charbox(place)[1], round(raw.FPDFText_GetFontSize(text, place), 1))
            for place in range(text.count_chars())
            if text.get_text_range(place, 1).strip()
        ]
        above_foot = [(bottom, size) for bottom, size in signs if bottom > FOOT and size < WATERMARK]
        if above_foot and min(above_foot)[1] in HEADINGS:
            found.append(number)
    opened.close()
    return found


def low_tops(pdf: bytes) -> list[int]:
    """Return the pages, after the cover, whose first line below the head stands lower than a line may."""
    opened = pypdfium2.PdfDocument(pdf)
    found = []
    for number, page in enumerate(opened, start=1):
        text = page.get_textpage()
        below_head = [
            box[1]
            for place in range(text.count_chars())
            if text.get_text_range(place, 1).strip()
            and (box := text.get_charbox(place))[3] < TOP
            and raw.FPDFText_GetFontSize(text, place) < WATERMARK
        ]
        if number > 1 and max(below_head) < TOP - 28:
            found.append(number)
    opened.close()
    return found


def words_at(pdf: bytes, words: str, size: float) -> list[float]:
    """Return where some words of a size begin, from the left edge of their page."""
    opened = pypdfium2.PdfDocument(pdf)
    found = []
    for page in opened:
        text = page.get_textpage()
        whole = text.get_text_range()
        at = whole.find(words)
        while at >= 0:
            if round(raw.FPDFText_GetFontSize(text, at), 1) == size:
                found.append(text.get_charbox(at)[0])
            at = whole.find(words, at + 1)
    opened.close()
    return found


def test_a_report_says_all_that_there_is_to_say(cast: Cast) -> None:
    audit = audit_full(cast, checks=8, findings=6)
    issue = issue_of(audit)
    pdf = pdf_of(issue)
    text = text_of(pdf)
    assert is_whole(pdf)
    for words in (
        "Audit report",
        "Payment gateway access review",
        "AUD-0001",
        "Halden & Vale Bank",
        "18 Jan 2027 – 22 Jan 2027",
        "Findings by grade",
        "Checks by result",
        "Coverage of the requirements",
        "Harbour baseline",
        "How it was tested",
        "Sign-off",
        "nobody yet",
        issue.digest,
        "Annex: all checks",
        TEXTS[0],
    ):
        assert words in text, words
    assert all(finding.reference in text for finding in audit.findings.all())
    assert text.count("FND-0001") >= 3  # contents, overview, its own section
    for number in range(1, 9):
        assert f"HB-{number}" in text
    assert "Answers and actions as of 23 November 2026" in text
    assert "This chapter is no part of what is approved, which ends before it." in text
    for reference, answer in issue.answers.to_findings.items():
        assert reference in text
        for action in answer.actions:
            # Beside text that is written from the right, what reads the PDF here hands it over turned round.
            letters, digits = action.reference.split("-")
            assert text.count(action.reference) + text.count(f"-{digits}{letters}") == 1


def test_answers_stand_apart_from_what_is_approved(cast: Cast) -> None:
    audit = audit_full(cast, checks=4, findings=1)
    finding = audit.findings.get()
    assert "No actions were agreed on." in text_of(pdf_of(issue_of(audit)))
    Finding.objects.filter(pk=finding.pk).update(response="We close them each week.", whys=["Nobody looks"])
    action = action_make(finding, cast)
    issue = issue_of(audit)
    text = text_of(pdf_of(issue))
    approved, beside = text.split("This chapter is no part of what is approved")
    for words in ("We close them each week.", "1. Nobody looks", action.reference):
        assert words not in approved
        assert words in beside
    book = book_of(issue)
    about = dict(row for row in book["Report"].iter_rows(min_row=2, values_only=True))
    assert about["No part of what is approved"] == "Answers as of 2026-11-23, Actions as of 2026-11-23"
    (row,) = book["Answers as of 2026-11-23"].iter_rows(min_row=2, values_only=True)
    assert row[:5] == (
        finding.reference,
        cast.unit_lead.full_name,
        "Raised",
        "We close them each week.",
        "Nobody looks",
    )
    assert row[-1] == "no"
    (row,) = book["Actions as of 2026-11-23"].iter_rows(min_row=2, values_only=True)
    assert (row[0], row[3], row[-1]) == (action.reference, finding.reference, "no")
    assert "We close" not in str(list(book["Findings"].iter_rows(values_only=True)))


def test_what_was_approved_with_its_answers_keeps_them(cast: Cast) -> None:
    audit = audit_full(cast, checks=4, findings=1)
    issue = issue_of(audit)
    as_it_was = {
        **issue.content["findings"][0],
        "response": "We agreed then.",
        "whys": ["No list"],
        "root_cause": "No owner",
        "correction": "Closed them",
        "actions": [
            {
                "reference": "ACT-0099",
                "title": "Keep a list",
                "nature": "Corrective action",
                "owner": "Lea Ahrens",
                "due_on": "2027-04-01",
            }
        ],
    }
    earlier = issue_of(audit, content={**issue.content, "findings": [as_it_was]})
    pdf = pdf_of(earlier)
    assert is_whole(pdf)
    approved, _beside = text_of(pdf).split("This chapter is no part of what is approved")
    (row,) = book_of(earlier)["Findings"].iter_rows(min_row=2, values_only=True)
    for words in ("We agreed then.", "No list", "No owner", "Closed them", "ACT-0099 Keep a list"):
        assert words in approved
        assert any(words in str(cell) for cell in row)
    shown = content_drawn(earlier.content, REPORT_APPROVAL.labels)
    (findings,) = [part for part in shown.parts if part.label == "Findings"]
    ((_heading, facts),) = findings.entries
    assert {"Auditee's response", "Five whys", "Actions"} <= {str(fact.label) for fact in facts}
    assert REPORT_APPROVAL.note
    assert not REPORT_APPROVAL.note(earlier.content)
    assert "no part of this" in REPORT_APPROVAL.note(issue.content)


def test_what_was_agreed_on_for_the_audit_itself_stands_among_the_actions(cast: Cast) -> None:
    audit = audit_full(cast, checks=4, findings=1)
    of_finding = action_make(audit.findings.get(), cast, due_on=date(2027, 5, 1))
    own = action_make(audit, cast, title="Write down who leaves", due_on=date(2027, 4, 2))
    dropped = action_make(audit, cast, title="Buy a tool")
    Record.objects.filter(pk=dropped.pk).update(state=ActionState.CANCELLED)
    issue = issue_of(audit)
    _approved, beside = text_of(pdf_of(issue)).split("This chapter is no part of what is approved")
    assert f"{own.reference} Write down who leaves Corrective action {audit.reference}" in beside
    assert "Buy a tool" not in beside
    sheet = book_of(issue)["Actions as of 2026-11-23"]
    assert [(row[0], row[3]) for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        (own.reference, audit.reference),
        (of_finding.reference, audit.findings.get().reference),
    ]


def test_an_audit_without_findings_tells_of_its_own_actions(cast: Cast) -> None:
    audit = audit_full(cast, checks=4, findings=0)
    own = action_make(audit, cast, title="Write down who leaves")
    issue = issue_of(audit)
    text = text_of(pdf_of(issue))
    assert (
        text.count("Actions as of 23 November 2026") == 3
    )  # the contents, the sign-off, and the chapter itself
    assert "The last chapter, “Actions as of 23 November 2026”, is no part of what is approved." in text
    assert f"{own.reference} Write down who leaves" in text
    (row,) = book_of(issue)["Actions as of 2026-11-23"].iter_rows(min_row=2, values_only=True)
    assert row[0] == own.reference


def test_a_report_with_nothing_beside_it_names_no_last_chapter(cast: Cast) -> None:
    text = text_of(pdf_of(issue_of(audit_full(cast, checks=4, findings=0))))
    assert "The approval binds to this digest." in text
    assert "last chapter" not in text


def test_it_says_in_words_how_many_samples_were_drawn(cast: Cast) -> None:
    audit = audit_full(cast, checks=8, findings=0)
    assert "In 3 checks samples were drawn; the annex says which." in text_of(pdf_of(issue_of(audit)))
    audit.checks.update(sample="")
    text = text_of(pdf_of(issue_of(audit)))
    assert "No check names a sample." in text
    assert "samples were drawn" not in text


def test_what_a_check_says_at_length_stands_below_its_row(cast: Cast) -> None:
    audit = audit_full(cast, checks=2, findings=0)
    first, second = audit.checks.order_by("position")
    audit.checks.filter(pk=first.pk).update(sample="Every third account of the list. " * 20)
    audit.checks.filter(pk=second.pk).update(sample="5 of 40")
    text = text_of(pdf_of(issue_of(audit)))
    assert "HB-1 Duty 1 – see below Conforms Every third account of the list. Every third" in text
    assert "HB-2 Duty 2 Interview 5 of 40 Conforms" in text


def test_drafts_say_so_and_approved_reports_say_who_approved(cast: Cast) -> None:
    audit = audit_full(cast, checks=3, findings=1)
    draft = pages_of(pdf_of(issue_of(audit)))
    assert all(page.count("Draft") >= 2 for page in draft)
    approvals = (("Approval by the CISO", "Celia Moreau", timezone.localtime(NOW)),)
    final = pages_of(pdf_of(issue_of(audit, approvals=approvals)))
    assert not any("Draft" in page for page in final)
    whole = " ".join("\n".join(final).split())
    assert "Approved Celia Moreau Approval by the CISO" in whole
    assert "nobody yet" not in whole


def test_an_audit_without_anything_has_a_report_that_says_so(cast: Cast) -> None:
    audit = audit_make(cast, scope="", criteria="")
    text = text_of(pdf_of(issue_of(audit)))
    for words in (
        "The audit has no checklist.",
        "The conclusion is not written yet.",
        "Nothing was found that falls short of the criteria.",
    ):
        assert words in text
    assert "Annex" not in text
    assert "Answers and actions" not in text
    book = book_of(issue_of(audit))
    assert book["Findings"].max_row == 1


def test_a_long_report_with_texts_of_all_kinds_is_whole(cast: Cast) -> None:
    audit = audit_full(cast, checks=150, findings=40)
    issue = issue_of(audit)
    pdf = pdf_of(issue)
    pages = pages_of(pdf)
    assert is_whole(pdf)
    assert 40 < len(pages) < 120
    assert not outside_of(pdf)
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
    text = text_of(pdf)
    assert all(f"HB-{number}" in text for number in range(1, 151))
    assert all(f"FND-{number:04}" in text for number in range(1, 41))
    assert 'read("/etc/passwd") $x^2$ *bold* _under_ `code` [a](b)' in text
    assert "[U+12000]" in text
    assert "root:" not in text
    assert not lonely_headings(pdf)
    assert not low_tops(pdf)
    second_lines = words_at(pdf, "OPS-4411", 12.5)  # of headings that are written from the right
    assert second_lines
    assert min(second_lines) > 400


def test_the_table_holds_the_same_facts(cast: Cast) -> None:
    audit = audit_full(cast, checks=8, findings=6)
    finding = audit.findings.latest("pk")
    state_set(finding, FindingState.ANSWERED)
    issue = issue_of(audit)
    book = book_of(issue)
    assert book.sheetnames == [
        "Report",
        "Findings",
        "Checks",
        "Coverage",
        "Answers as of 2026-11-23",
        "Actions as of 2026-11-23",
    ]
    about = dict(row for row in book["Report"].iter_rows(min_row=2, values_only=True))
    assert about["Reference"] == "AUD-0001"
    assert about["State"] == "Draft"
    assert about["SHA-256 of what this report says"] == issue.digest
    rows = list(book["Findings"].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == [one["reference"] for one in issue.content["findings"]]
    answers = list(book["Answers as of 2026-11-23"].iter_rows(min_row=2, values_only=True))
    assert (answers[-1][0], answers[-1][2]) == (finding.reference, "Answered")
    assert book["Checks"].max_row == 9
    assert [row[4] for row in book["Coverage"].iter_rows(min_row=2, values_only=True)] == [6]
    assert book["Actions as of 2026-11-23"].max_row == 1 + len(issue.agreed)


def test_long_texts_in_the_table_can_be_read(cast: Cast) -> None:
    book = book_of(issue_of(audit_full(cast, checks=4, findings=2)))
    sheet = book["Findings"]
    found = next(cell for cell in sheet[1] if cell.value == "What was found")
    reference = next(cell for cell in sheet[1] if cell.value == "Reference")
    below = sheet.cell(2, found.column)
    assert (below.alignment.wrap_text, below.alignment.vertical) == (True, "top")
    assert sheet.column_dimensions[found.column_letter].width == 60
    assert 12 <= sheet.column_dimensions[reference.column_letter].width < 20


def test_nothing_in_the_table_is_a_formula(cast: Cast) -> None:
    audit = audit_make(cast, title="=HYPERLINK(1)", scope="+1", objectives="@SUM(1)", criteria="-2")
    book = book_of(issue_of(audit))
    cells = [row[1] for row in book["Report"].iter_rows(min_row=2)]
    said = {cell.value: cell for cell in cells}
    for text in ("=HYPERLINK(1)", "+1", "@SUM(1)", "-2"):
        assert said[text].data_type == "s"
        assert said[text].quotePrefix


def test_the_same_facts_give_the_same_document(cast: Cast) -> None:
    audit = audit_full(cast, checks=4, findings=2)
    assert pdf_of(issue_of(audit)) == pdf_of(issue_of(audit))
