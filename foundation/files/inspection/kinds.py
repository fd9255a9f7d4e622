"""The kinds of files that may come in, by the extension of the name. Whatever is not here stays out."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import IO

from foundation.files.inspection.office import check_office, check_open_document
from foundation.files.inspection.pdf import check_pdf
from foundation.files.inspection.pictures import check_picture
from foundation.files.inspection.plain_text import check_text

Check = Callable[[IO[bytes], str], None]

OOXML = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"


@dataclass(frozen=True)
class FileKind:
    """A kind of file: its name, the type that it is served as, its icon, and the check of its content."""

    label: str
    content_type: str
    icon: str
    check: Check


def _office(label: str, kind: str, icon: str) -> FileKind:
    main_type = f"{OOXML}.{kind}.main+xml"
    return FileKind(label, f"{OOXML}.{kind}", icon, partial(check_office, main_type=main_type))


def _open_document(label: str, kind: str, icon: str) -> FileKind:
    main_type = f"{ODF}.{kind}"
    return FileKind(label, main_type, icon, partial(check_open_document, main_type=main_type))


def _picture(label: str) -> FileKind:
    check = partial(check_picture, format_name=label.upper())
    return FileKind(label, f"image/{label.lower()}", "photo", check)


def _text(label: str, content_type: str = "text/plain") -> FileKind:
    return FileKind(label, content_type, "file-text", check_text)


_JPEG = _picture("JPEG")
_TEXT = _text("TXT")

KINDS: dict[str, FileKind] = {
    "pdf": FileKind("PDF", "application/pdf", "file-type-pdf", check_pdf),
    "docx": _office("DOCX", "wordprocessingml.document", "file-text"),
    "xlsx": _office("XLSX", "spreadsheetml.sheet", "file-spreadsheet"),
    "pptx": _office("PPTX", "presentationml.presentation", "presentation"),
    "odt": _open_document("ODT", "text", "file-text"),
    "ods": _open_document("ODS", "spreadsheet", "file-spreadsheet"),
    "odp": _open_document("ODP", "presentation", "presentation"),
    "png": _picture("PNG"),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "gif": _picture("GIF"),
    "webp": _picture("WebP"),
    "txt": _TEXT,
    "log": _TEXT,
    "md": _text("Markdown"),
    "csv": _text("CSV", "text/csv"),
    "json": _text("JSON", "application/json"),
}


def allowed_words() -> str:
    """Return the kinds that may come in, as a person reads them."""
    return ", ".join(dict.fromkeys(kind.label for kind in KINDS.values()))
