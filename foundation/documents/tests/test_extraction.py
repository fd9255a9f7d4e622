"""What a DOCX or a PDF says, and what is not taken."""

import io
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Link
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from foundation.documents.extraction import NotExtracted, document_text
from foundation.files.tests.contents import archive, docx_parts, pdf

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = f"""<w:styles {W}>
<w:style w:styleId="Berschrift1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="Deep"><w:name w:val="Own"/><w:pPr><w:outlineLvl w:val="2"/></w:pPr></w:style></w:styles>"""
BODY = """<w:p><w:pPr><w:pStyle w:val="Berschrift1"/></w:pPr><w:r><w:t>Sco</w:t></w:r><w:r><w:t>pe</w:t></w:r></w:p>
<w:p><w:r><w:t>All doors</w:t><w:tab/><w:t>and windows.</w:t></w:r></w:p>
<w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>Shut</w:t></w:r></w:p><w:p><w:pPr><w:numPr/></w:pPr><w:r><w:t>Lock</w:t></w:r></w:p>
<w:p><w:pPr><w:pStyle w:val="Deep"/></w:pPr><w:r><w:t>Who</w:t></w:r></w:p>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>Door</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Who</w:t></w:r></w:p></w:tc></w:tr>
<w:tr><w:tc><w:p><w:r><w:t>A|B</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr></w:tbl>"""


def docx(body: str = BODY, **more: bytes | str) -> bytes:
    document = f"<w:document {W}><w:body>{body}</w:body></w:document>"
    return archive({**docx_parts(), "word/document.xml": document, "word/styles.xml": STYLES, **more})


def relation(kind: str, target: str, mode: str = "External") -> dict[str, str]:
    one = f'<Relationship Id="r1" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="{mode}"/>'
    return {"word/_rels/document.xml.rels": f'<Relationships xmlns="{RELATIONS}">{one}</Relationships>'}


def field(*instructions: str) -> str:
    """Return a paragraph with a field, whose instruction is cut into several runs."""
    runs = "".join(f"<w:r><w:instrText>{one}</w:instrText></w:r>" for one in instructions)
    return f"<w:p>{runs}</w:p>"


def said(content: bytes, kind: str) -> str:
    return document_text(io.BytesIO(content), kind)


def written(change: Callable[[PdfWriter], object]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf())))
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def action(kind: str, **more: str) -> DictionaryObject:
    found = DictionaryObject({NameObject("/S"): NameObject(kind)})
    for key, value in more.items():
        found[NameObject(f"/{key}")] = TextStringObject(value)
    return found


def opened(found: DictionaryObject) -> Callable[[PdfWriter], object]:
    return lambda writer: writer.root_object.update({NameObject("/OpenAction"): writer._add_object(found)})


def linked(address: str) -> Callable[[PdfWriter], object]:
    return lambda writer: writer.add_annotation(0, Link(rect=(0, 0, 9, 9), url=address))


def annotated(subtype: str) -> Callable[[PdfWriter], object]:
    def change(writer: PdfWriter) -> None:
        corner = ArrayObject([NumberObject(0)] * 4)
        note = DictionaryObject({NameObject("/Subtype"): NameObject(subtype), NameObject("/Rect"): corner})
        writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(note)])

    return change


def test_a_docx_keeps_its_headings_items_and_tables() -> None:
    assert said(docx(), "docx") == (
        "# Scope\n\nAll doors and windows.\n\n- Shut\n- Lock\n\n### Who\n\n| Door | Who |\n|---|---|\n| A\\|B |  |"
    )


def test_links_to_web_pages_are_taken() -> None:
    assert "Scope" in said(docx(**relation("hyperlink", "https://example.com/")), "docx")
    assert said(written(linked("https://example.com/")), "pdf") == ""
    for harmless in ("PAGE", 'HYPERLINK "https://example.com/"', 'TC "Import, link and database"', "REF a"):
        assert said(docx(field(harmless)), "docx") == ""


def test_what_stands_beside_the_text_comes_behind_it_once() -> None:
    def part(name: str, *texts: str) -> dict[str, str]:
        lines = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in texts)
        return {f"word/{name}.xml": f"<w:hdr {W}>{lines}</w:hdr>"}

    content = docx(
        "<w:p><w:r><w:t>Doors.</w:t></w:r></w:p>",
        **part("header1", "Harbour Bank", "Confidential"),
        **part("header2", "Harbour Bank"),
        **part("footer1", "Form 7"),
        **part("footnotes", "", "See the lease."),
        **part("endnotes", "Written in May."),
    )
    assert said(content, "docx") == (
        "Doors.\n\n---\n\n**Page headers**\n\nHarbour Bank\n\nConfidential\n\n**Page footers**\n\nForm 7\n\n"
        "**Footnotes**\n\nSee the lease.\n\n**Endnotes**\n\nWritten in May."
    )


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (docx(**relation("hyperlink", "file:///etc/passwd")), "elsewhere"),
        (docx(**relation("hyperlink", "\\\\example.com\\share")), "elsewhere"),
        (docx(**relation("image", "https://example.com/a.png")), "elsewhere"),
        (docx(**relation("attachedTemplate", "https://example.com/a.dotm")), "elsewhere"),
        (docx(**relation("oleObject", "embeddings/a.bin", "Internal")), "embedded"),
        (docx(**relation("aFChunk", "a.html", "Internal")), "embedded"),
        (docx(**{"word/vbaProject.bin": b"x"}), "macros"),
        (docx(**{"word/embeddings/a.xlsx": b"x"}), "embedded"),
        (docx("<w:p><w:ins><w:r><w:t>New</w:t></w:r></w:ins></w:p>"), "nobody accepted"),
        (docx(**{"word/header1.xml": f"<w:hdr {W}><w:p><w:del/></w:p></w:hdr>"}), "nobody accepted"),
        (docx(field("DDEAUTO c:\\\\cmd.exe")), "elsewhere"),
        (docx(field("DDE", "AUTO c:\\\\cmd.exe")), "elsewhere"),
        (
            docx('<w:p><w:fldSimple w:instr=" INCLUDEPICTURE &quot;http://example.com/a.png&quot; "/></w:p>'),
            "elsewhere",
        ),
        (docx(**{"word/footer2.xml": f"<w:ftr {W}>{field('INCLUDETEXT a')}</w:ftr>"}), "elsewhere"),
        (docx("<w:p>"), "damaged"),
        (archive({"a": "b"}), "damaged"),
        (b"PK no archive", "damaged"),
        (docx()[:-40], "damaged"),
        (docx(**{"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "damaged"),
    ],
    ids=count(1),
)
def test_a_docx_that_does_more_than_being_read_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(NotExtracted, match=reason):
        said(content, "docx")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            written(
                lambda writer: writer.root_object.update(
                    {NameObject("/Names"): DictionaryObject({NameObject("/JavaScript"): DictionaryObject()})}
                )
            ),
            "scripts",
        ),
        (written(opened(action("/JavaScript", JS="app.alert(1)"))), "scripts"),
        (written(opened(action("/Launch", F="cmd.exe"))), "starts programs"),
        (written(opened(action("/SubmitForm", F="https://example.com"))), "sends forms"),
        (written(opened(action("/GoToR", F="other.pdf"))), "opens other files"),
        (written(lambda writer: writer.add_attachment("a.exe", b"MZ")), "embedded"),
        (written(annotated("/RichMedia")), "embedded"),
        (written(linked("file:///etc/passwd")), "elsewhere"),
        (written(linked("javascript:alert(1)")), "elsewhere"),
        (written(lambda writer: writer.encrypt("secret", algorithm="RC4-128")), "password"),
        (
            written(
                lambda writer: writer.root_object.update(
                    {NameObject("/AcroForm"): DictionaryObject({NameObject("/XFA"): TextStringObject("x")})}
                )
            ),
            "form",
        ),
        (pdf().replace(b"/Catalog", b"/Catalog /Names 9 0 R %/JavaScript\n"), "scripts"),
        (b"%PDF-1.7 nothing %%EOF", "damaged"),
        (b"", "damaged"),
    ],
    ids=count(1),  # what is written differs from run to run
)
def test_a_pdf_that_does_more_than_being_read_is_refused(content: bytes, reason: str) -> None:
    with pytest.raises(NotExtracted, match=reason):
        said(content, "pdf")


def started(key: str, found: DictionaryObject) -> Callable[[PdfWriter], object]:
    """Return what lets a page do something by itself, by one of its triggers."""
    return lambda writer: writer.pages[0].update(
        {NameObject("/AA"): DictionaryObject({NameObject(key): writer._add_object(found)})}
    )


def followed(found: DictionaryObject, following: Any) -> DictionaryObject:
    found[NameObject("/Next")] = following
    return found


WEB = "https://example.com/"
NAMED = action("/Named")


@pytest.mark.parametrize(
    "change",
    [
        opened(action("/URI", URI=WEB)),
        opened(NAMED),
        opened(followed(action("/GoTo"), action("/URI", URI=WEB))),
        opened(followed(action("/GoTo"), ArrayObject([action("/GoTo"), action("/URI", URI=WEB)]))),
        started("/O", action("/URI", URI=WEB)),
        started("/C", action("/Hide")),
    ],
    ids=count(1),
)
def test_a_pdf_that_does_something_by_itself_is_refused(change: Callable[[PdfWriter], object]) -> None:
    with pytest.raises(NotExtracted, match="by itself"):
        said(written(change), "pdf")


@pytest.mark.parametrize(
    "change",
    [
        opened(action("/GoTo")),
        opened(followed(action("/GoTo"), action("/GoTo"))),
        lambda writer: writer.root_object.update({NameObject("/OpenAction"): ArrayObject([])}),
        started("/O", action("/GoTo")),
        linked(WEB),
    ],
    ids=count(1),
)
def test_a_pdf_that_opens_at_a_place_of_its_own_is_taken(change: Callable[[PdfWriter], object]) -> None:
    assert said(written(change), "pdf") == ""


def test_a_name_that_is_written_otherwise_is_the_same_name() -> None:
    content = written(opened(action("/Launch", F="cmd.exe"))).replace(b"/Launch", b"/L#61unch")
    with pytest.raises(NotExtracted, match="starts programs"):
        said(content, "pdf")


def test_a_bomb_within_a_pdf_takes_no_more_than_it_may() -> None:
    def change(writer: PdfWriter) -> None:
        stream = StreamObject()
        stream.set_data(b"(" + b"a" * 300_000_000 + b") Tj")
        writer.pages[0][NameObject("/Contents")] = writer._add_object(stream.flate_encode())

    content = written(change)
    assert len(content) < 2_000_000
    with suppress(NotExtracted):
        assert len(said(content, "pdf")) <= 400_000


def test_a_long_docx_is_cut_where_no_more_is_kept() -> None:
    body = "<w:p><w:r><w:t>word</w:t></w:r></w:p>" * 200_000
    assert len(said(docx(body), "docx")) == 400_000
