"""Files as people and attackers make them, for the tests of imports."""

import io
import zipfile
from collections.abc import Iterable, Mapping
from typing import Any

from openpyxl import Workbook

from foundation.records.imports import Column

COLUMNS = (
    Column(key="title", label="Title", required=True),
    Column(key="starts_on", label="Start", required=True, aliases=("Starts on",)),
    Column(key="days", label="Days of fieldwork"),
    Column(key="notes", label="Notes"),
)
HEADER = ("Title", "Start", "Days of fieldwork", "Notes")


def workbook_of(*rows: Iterable[Any], sheet: str = "Audits") -> Workbook:
    """Return a workbook with one sheet of these rows."""
    workbook = Workbook()
    active = workbook.active
    assert active is not None
    active.title = sheet
    for row in rows:
        active.append(list(row))
    return workbook


def xlsx(workbook: Workbook) -> bytes:
    """Return a workbook as the bytes of a file."""
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def xlsx_of(*rows: Iterable[Any]) -> bytes:
    """Return an XLSX file of these rows."""
    return xlsx(workbook_of(*rows))


def repacked(content: bytes, changes: Mapping[str, bytes | None]) -> bytes:
    """Return an archive with parts replaced or added (bytes) or left out (None)."""
    file = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        parts: dict[str, bytes | None] = {name: old.read(name) for name in old.namelist()}
        for name, part in {**parts, **changes}.items():
            if part is not None:
                new.writestr(name, part)
    return file.getvalue()


def sheet_xml(body: str) -> bytes:
    """Return a sheet's XML around its rows."""
    return (
        '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f"<sheetData>{body}</sheetData></worksheet>"
    ).encode()
