"""A file as what a document says: bound to its content, found by its text, refused where it does more than being read."""

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from foundation.approvals.choices import RequestState
from foundation.documents.tests.test_extraction import docx, relation
from foundation.files.models import File, FileVersion
from foundation.files.services import Upload, file_withdraw, version_add
from foundation.files.tests.contents import archive, docx_parts, pdf
from foundation.testing.cast import Cast
from foundation.testing.forms import filled, send
from foundation.testing.queries import assert_queries
from policies.models import Document
from policies.selectors import coming_of
from policies.services import draft_open
from policies.tests.factories import NOW, TEXT, decide, document_make, step, submitted

pytestmark = pytest.mark.django_db


def browser_of(person: object) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def sent(document: Document, actor: Any, content: bytes, name: str = "Doors.docx") -> Any:
    browser, path = browser_of(actor), f"/policies/{document.reference}/draft/upload/"
    return browser.post(path, filled(browser, path, file=SimpleUploadedFile(name, content)))


def test_a_file_is_the_draft_and_its_text_is_found(cast: Cast) -> None:
    document = document_make(cast)
    answer = sent(document, cast.analyst, docx())
    assert answer.url == document.get_absolute_url()
    draft = coming_of(document)
    assert draft.file == FileVersion.objects.get()
    assert "All doors and windows." in draft.body
    assert (draft.title, draft.label) == ("Door policy", "1.0")
    page = browser_of(cast.auditor).get(document.get_absolute_url()).content.decode()
    assert draft.file.sha256 in page
    assert "What holds is the file." in page
    found = browser_of(cast.auditor).get("/search/?q=windows").content.decode()
    assert document.reference in found


def test_what_is_approved_is_the_file_by_its_content(cast: Cast) -> None:
    document = document_make(cast)
    sent(document, cast.analyst, docx())
    document = step(Document.objects.get(), "submit", cast.analyst)
    request = document.approval_requests.get()
    file = FileVersion.objects.get()
    assert request.content["file"] == f"Doors.docx, SHA-256 {file.sha256}"
    with pytest.raises(Exception, match="stays as it is"):
        file_withdraw(file=file.file, reason="Old", actor=cast.analyst, now=NOW)
    with pytest.raises(Exception, match="stays as it is"):
        version_add(file=file.file, upload=Upload("b.pdf", io.BytesIO(pdf())), actor=cast.analyst, now=NOW)
    document = decide(document, cast.ciso)
    assert document.current.file == file
    browser = browser_of(cast.auditor)
    browser.get(document.get_absolute_url())
    with assert_queries("document-detail"):
        page = browser.get(document.get_absolute_url()).content.decode()
    assert file.get_absolute_url() in page
    assert browser_of(cast.outsider).get(file.get_absolute_url()).status_code == 404


def test_another_file_voids_nothing_that_was_decided_and_is_compared(cast: Cast) -> None:
    document = document_make(cast)
    sent(document, cast.analyst, docx())
    document = decide(step(Document.objects.get(), "submit", cast.analyst), cast.ciso)
    document = step(document, "revise", cast.analyst)
    assert coming_of(document).file == document.current.file
    body = "<w:p><w:r><w:t>All doors and gates.</w:t></w:r></w:p>"
    sent(document, cast.analyst, docx(body), "Doors 2.docx")
    page = browser_of(cast.auditor).get(f"/policies/{document.reference}/differences/").content.decode()
    assert "Doors 2.docx" in page
    assert "gates" in page
    assert document.approval_requests.get().state == RequestState.APPROVED


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.docx", docx(**relation("image", "https://example.com/a.png")), "from elsewhere"),
        ("a.docx", docx(**{"word/vbaProject.bin": b"x"}), "macros"),
        ("a.docm", docx(), "is a DOCX or a PDF"),
        ("a.exe", b"MZ", "is a DOCX or a PDF"),
        ("a.txt", b"Text", "is a DOCX or a PDF"),
        ("a.docx", pdf(), "The name says DOCX"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "The name says DOCX"),
        ("a.docx", archive({**docx_parts(), "word/media/a.bin": b"\0" * 300_000_000}), "zip bomb"),
        ("a.pdf", pdf()[:-30], "damaged"),
        ("a.pdf", pdf().replace(b"/Catalog", b"/Catalog /AA<</S/JavaScript>>"), "scripts"),
        ("a.pdf", b"", "empty"),
        ("", docx(), "is a DOCX or a PDF"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else "content",
)
def test_a_file_that_is_none_is_refused_in_words(cast: Cast, name: str, content: bytes, reason: str) -> None:
    document = document_make(cast)
    browser, path = browser_of(cast.analyst), f"/policies/{document.reference}/draft/upload/"
    form = filled(browser, path)
    answer = browser.post(path, {**form, "file": SimpleUploadedFile(name or "noname", content)})
    assert answer.status_code == 422
    assert reason in answer.content.decode()
    assert coming_of(document).body == TEXT
    assert not File.objects.exists(), "what is refused is not kept"


def test_nothing_sent_is_told(cast: Cast) -> None:
    document = document_make(cast)
    answer = send(browser_of(cast.analyst), f"/policies/{document.reference}/draft/upload/")
    assert "Choose a file first." in answer.content.decode()


def test_a_file_comes_in_under_nobodys_hands(cast: Cast) -> None:
    document = document_make(cast)
    browser, path = browser_of(cast.analyst), f"/policies/{document.reference}/draft/upload/"
    form = filled(browser, path, file=SimpleUploadedFile("Doors.docx", docx()))
    browser_of(cast.ciso).get(f"/policies/{document.reference}/draft/")
    answer = browser.post(path, form)
    assert answer.status_code == 422
    assert "writes on this draft" in answer.content.decode()
    assert not File.objects.exists()


def test_what_waits_for_approval_takes_no_file(cast: Cast) -> None:
    document = submitted(cast)
    assert sent_blind(document, cast.analyst).status_code == 422
    assert not File.objects.exists()


def sent_blind(document: Document, actor: Any) -> Any:
    path = f"/policies/{document.reference}/draft/upload/"
    return browser_of(actor).post(path, {"file": SimpleUploadedFile("a.docx", docx()), "version": 1})


def test_the_text_of_a_file_is_not_typed_over(cast: Cast) -> None:
    document = document_make(cast)
    sent(document, cast.analyst, docx())
    browser, path = browser_of(cast.analyst), f"/policies/{document.reference}/draft/"
    page = browser.get(path)
    assert "body" not in page.context["form"].fields
    assert browser.post(path, {**filled(browser, path, title="Gates"), "body": "Mine"}).status_code == 302
    draft = coming_of(document)
    assert (draft.title, draft.file_id is not None) == ("Gates", True)
    assert "Mine" not in draft.body


def test_the_text_is_written_here_again(cast: Cast) -> None:
    document = document_make(cast)
    sent(document, cast.analyst, docx())
    answer = send(browser_of(cast.analyst), f"/policies/{document.reference}/draft/to-text/")
    assert answer.url == f"/policies/{document.reference}/draft/"
    draft = coming_of(document)
    assert draft.file is None
    assert "All doors and windows." in draft.body


def test_the_same_file_is_taken_again(cast: Cast) -> None:
    document, content = document_make(cast), docx()
    sent(document, cast.analyst, content)
    send(browser_of(cast.analyst), f"/policies/{document.reference}/draft/to-text/")
    draft_open(document=document, actor=cast.analyst, now=NOW)
    assert sent(document, cast.analyst, content).status_code == 302
    assert coming_of(document).file == FileVersion.objects.get()


def test_a_scanned_pdf_has_no_text_and_is_a_document_all_the_same(cast: Cast) -> None:
    document = document_make(cast)
    sent(document, cast.analyst, pdf(), "Scan.pdf")
    document = decide(step(Document.objects.get(), "submit", cast.analyst), cast.ciso)
    page = browser_of(cast.auditor).get(document.get_absolute_url()).content.decode()
    assert "Scan.pdf" in page
    assert f"/files/{document.current.file.file.key}/1/page/1/" in page
