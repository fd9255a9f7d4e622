"""A version as PDF: its control block, its text with all that Markdown allows, and a mark across what does not hold."""

from __future__ import annotations

from datetime import timedelta

import pypdfium2
import pytest
from django.core.cache import cache
from django.test import Client

from foundation.documents.typesetting import NotTypeset
from foundation.testing.cast import Cast
from policies import reporting
from policies.models import Document, DocumentVersion
from policies.reporting import version_pdf
from policies.tests.factories import (
    NOW,
    decide,
    document_make,
    filed,
    pictured,
    published,
    revising,
    step,
    submitted,
)

pytestmark = pytest.mark.django_db
LONG = """# Scope

All of *it*, with `code`, ~~not this~~ and [the standard](https://example.com/standard).

### A level left out

- [ ] Ask first
- [x] Then do
  1. one
  2. two

> Quoted words

| Door | Who |
|---|---|
| Gate | Guard |

```
if door: shut(door)
```

## Words of others

שלום עולם · Привет · 你好世界 · مرحبا

https://example.org/loose

#read("/etc/passwd") $x$ *strong*
"""


def pages_of(content: bytes) -> list[str]:
    opened = pypdfium2.PdfDocument(content)
    try:
        return [" ".join(page.get_textpage().get_text_range().split()) for page in opened]
    finally:
        opened.close()


def text_of(content: bytes) -> str:
    return " ".join(pages_of(content)).replace("\ufffe", "").replace("\u200b", "")


def printed(document: Document, number: int = 1) -> bytes:
    return version_pdf(DocumentVersion.objects.get(document=document, number=number))


def test_the_control_block_says_what_it_is_and_who_approved_it(cast: Cast) -> None:
    document = published(cast, audience=[cast.units.payments.pk], audience_roles=["executive"])
    version = document.current
    text = text_of(printed(document))
    for words in (
        "DOC-0001, version 1.0",
        "Door policy",
        "Published",
        "Payments, role Executive",
        "Anders Falk",
        "Celia Moreau",
        "Approval by the CISO",
        "23 November 2026",
        "23 November 2027",
        "Internal",
        "Keep doors shut.",
        "Page 1 of",
        version.digest[:32],
        version.digest[32:],
    ):
        assert words in text, words
    assert "Draft" not in text


def test_a_stand_in_is_named_with_whom_they_decided_for(cast: Cast) -> None:
    document = published(cast)
    decision = document.current.approval.decisions.get()
    decision.on_behalf_of = cast.executive
    assert reporting._speaker(decision) == "Celia Moreau for Edmund Castell"


def test_what_markdown_allows_is_drawn_and_nothing_is_run(cast: Cast) -> None:
    content = printed(published(cast, body=LONG))
    text = text_of(content)
    for words in (
        "the standard (https://example.com/standard)",
        "☐ Ask first",
        "☑ Then do",
        "Quoted words",
        "Gate Guard",
        "if door: shut(door)",
        "你好世界",
        "Привет",
        '#read("/etc/passwd") $x$ strong',
    ):
        assert words in text, words
    assert text.count("https://example.org/loose") == 1
    assert "root:" not in text
    assert b"pdfuaid:part" in content


def test_headings_are_the_documents_and_lead_through_it(cast: Cast) -> None:
    opened = pypdfium2.PdfDocument(printed(published(cast, body=LONG)))
    found = [(one.level, one.get_title()) for one in opened.get_toc()]
    opened.close()
    assert (0, "Document control") in found
    assert (1, "Scope") in found
    assert (2, "A level left out") in found
    assert (2, "Words of others") in found


def test_pictures_of_the_document_are_drawn_with_their_words(cast: Cast) -> None:
    document, _file = pictured(cast)
    content = printed(document)
    opened = pypdfium2.PdfDocument(content)
    pictures = [one for page in opened for one in page.get_objects(filter=[3], max_depth=5)]
    opened.close()
    assert len(pictures) == 1
    assert b"pdfuaid:part" in content


def test_a_picture_that_cannot_be_drawn_is_said_in_words(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    document, _file = pictured(cast)

    def away(*_arguments: object) -> bytes:
        raise OSError("the storage is away")

    monkeypatch.setattr(reporting, "page_picture", away)
    assert "[The door]" in text_of(printed(document))


def test_what_does_not_hold_is_marked_on_each_page(cast: Cast) -> None:
    draft = printed(document_make(cast))
    assert all("Draft" in page for page in pages_of(draft))
    assert "Nobody has approved this version" in text_of(draft)
    assert "Draft" in text_of(printed(submitted(cast, title="Key policy")))
    document = step(revising(cast), "submit_revision", cast.analyst)
    decide(document, cast.ciso, now=NOW + timedelta(days=1))
    old, new = printed(document), printed(document, 2)
    assert all("Superseded" in page for page in pages_of(old))
    assert "Superseded" not in "".join(page for page in pages_of(new)[2:])
    assert "Windows, too" in text_of(new)
    assert "Windows, too" not in text_of(old)


def test_what_is_being_written_stands_in_no_history(cast: Cast) -> None:
    document = revising(cast)
    assert "Windows, too" not in text_of(printed(document))
    assert "2.0" not in text_of(printed(document))


def test_of_a_file_the_control_block_is_printed(cast: Cast) -> None:
    document = filed(cast)
    text = text_of(printed(document))
    assert "control sheet" in text
    assert "Doors.docx" in text
    assert document.current.file.sha256[:32] in text
    assert "All doors and windows." not in text


def test_it_is_typeset_once_until_what_is_said_of_it_changes(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = published(cast)
    first = printed(document)
    monkeypatch.setattr(reporting, "document_pdf", lambda *_arguments, **_more: b"other")
    assert printed(document) == first
    Document.objects.filter(pk=document.pk).update(owner=cast.ciso)
    assert printed(document) == b"other"
    monkeypatch.undo()
    Document.objects.filter(pk=document.pk).update(owner=cast.analyst)
    cache.clear()
    assert printed(document) == first


def test_readers_take_it_from_the_library_and_the_register(client: Client, cast: Cast) -> None:
    document = published(cast)
    client.force_login(cast.personnel)
    answer = client.get(f"/policies/library/{document.reference}/pdf/")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="DOC-0001-1.0.pdf"'
    assert "Keep doors shut." in text_of(answer.content)
    assert client.get(f"/policies/{document.reference}/versions/1/pdf/").status_code == 404
    client.force_login(cast.auditor)
    register = client.get(f"/policies/{document.reference}/versions/1/pdf/")
    assert pages_of(register.content)[2:] == pages_of(answer.content)[2:], "its text is the same"
    assert client.get(f"/policies/{document.reference}/versions/2/pdf/").status_code == 404


def test_readers_are_told_of_no_other_version(client: Client, cast: Cast) -> None:
    document = step(revising(cast), "submit_revision", cast.analyst)
    decide(document, cast.ciso, now=NOW + timedelta(days=1))
    client.force_login(cast.personnel)
    text = text_of(client.get(f"/policies/library/{document.reference}/pdf/").content)
    assert "Superseded" not in text
    assert "1.0" not in text
    assert "Windows, too" in text
    assert "Superseded" in text_of(printed(document, 2)), "the register tells its history"


def test_a_version_says_on_paper_when_it_came_in_force_and_before_that_when_it_is_to(cast: Cast) -> None:
    document = submitted(cast, effective_on=(NOW + timedelta(days=2)).date())
    assert "25 November 2026" in text_of(printed(document))
    decide(document, cast.ciso, now=NOW + timedelta(days=12))
    text = text_of(printed(document))
    assert "5 December 2026" in text
    assert "25 November 2026" not in text


def test_whoever_cannot_have_it_now_is_told(
    client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = published(cast)

    def never(*_arguments: object, **_more: object) -> bytes:
        raise NotTypeset("no fonts")

    monkeypatch.setattr(reporting, "document_pdf", never)
    client.force_login(cast.personnel)
    answer = client.get(f"/policies/library/{document.reference}/pdf/", follow=True)
    assert "The PDF could not be made" in answer.content.decode()
