"""Files for tests: good ones of each kind, made as programs make them, and the parts that bad ones are made of."""

import io
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from openpyxl import Workbook
from PIL import Image

from audits.tests.factories import NOW
from foundation.accounts.models import User
from foundation.files.models import File
from foundation.files.services import Upload, file_add
from foundation.records.models import Record

HTML = b"<!DOCTYPE html><html><body><script>alert(document.domain)</script></body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def picture(format_name: str = "PNG", size: tuple[int, int] = (40, 30), colour: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, format_name)
    return out.getvalue()


def pdf(pages: int = 1, colour: str = "white") -> bytes:
    out = io.BytesIO()
    sheets = [Image.new("RGB", (210, 297), colour) for _page in range(pages)]
    at = datetime(2026, 11, 1, tzinfo=UTC).timetuple()
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:], creationDate=at, modDate=at)
    return out.getvalue()


def archive(parts: Mapping[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return out.getvalue()


def docx_parts(main_type: str = WORD, **more: bytes | str) -> dict[str, bytes | str]:
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/word/document.xml" ContentType="{main_type}"/></Types>'
    )
    return {"[Content_Types].xml": types, "word/document.xml": "<document>Evidence</document>", **more}


def docx(**more: bytes | str) -> bytes:
    return archive(docx_parts(**more))


def xlsx() -> bytes:
    book, out = Workbook(), io.BytesIO()
    book.active.append(["Account", "Last used"])
    book.save(out)
    return out.getvalue()


def odt(**more: bytes | str) -> bytes:
    return archive({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>", **more})


def upload(name: str = "notes.txt", content: bytes = b"Seen on site\n") -> Upload:
    return Upload(name, io.BytesIO(content))


def file_make(
    record: Record, actor: User, name: str = "notes.txt", content: bytes = b"", **more: Any
) -> File:
    given = {"record": record, "upload": upload(name, content or f"About {name}".encode()), "actor": actor}
    return file_add(**{**given, "now": NOW, **more})
