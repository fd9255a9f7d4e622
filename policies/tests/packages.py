"""ZIP files of documents, good and bad, for tests."""

import io
import stat
import zipfile
from collections.abc import Mapping

from foundation.documents.tests.test_extraction import docx

MANIFEST = """file,title,kind,unit,owner,audience,cadence,effective date,version,approved by,approved on
doors.md,Door policy,Policy,HVB,anders.falk@example.com,PAY; role Executive,6,2024-05-02,3.2,Board of directors,2024-04-20
more/keys.docx,Key standard,Standard,PAY,,,,,,,
"""
KEYS = docx()  # one file, whenever it is brought
DOORS = "# Purpose\r\n\r\nKeep doors shut.\r\n"


def package(
    manifest: str = MANIFEST,
    files: Mapping[str, str | bytes] | None = None,
    *,
    folder: str = "policies/",
    **more: str | bytes,
) -> bytes:
    """Return a folder as ZIP: a manifest and the files that it names, and others by the names that `more` gives them."""
    held = {"doors.md": DOORS, "more/keys.docx": KEYS} if files is None else files
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{folder}manifest.csv", manifest)
        for name, content in {**held, **more}.items():
            archive.writestr(f"{folder}{name}", content)
    return out.getvalue()


def long_package(count: int = 41) -> bytes:
    """Return a package that takes too long to be waited for."""
    rows = [f"{number}.md,Rule {number},Policy,HVB" for number in range(count)]
    manifest = "\n".join(("file,title,kind,unit", *rows))
    return package(manifest, {f"{number}.md": f"Rule {number}." for number in range(count)})


def with_link() -> bytes:
    """Return a package in which a document is a link to a file of the machine that unpacks it."""
    link = zipfile.ZipInfo("doors.md")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    return _raw({"manifest.csv": MANIFEST}, (link, "/etc/passwd"))


def with_name(name: str) -> bytes:
    """Return a package with a file of a name that leads elsewhere."""
    return _raw({"manifest.csv": MANIFEST}, (zipfile.ZipInfo(name), "x"))


def with_unsaid_utf8() -> bytes:
    """Return a package whose names are UTF-8, as some systems write them without saying so."""
    rows = "file,title,kind,unit\nzugänge.md,Access,Policy,HVB\n"
    return package(rows, {"zugXXnge.md": DOORS}).replace(b"zugXXnge", "zugänge".encode())


def with_broken_name() -> bytes:
    """Return a package that says of a name that it is UTF-8, which it is not."""
    return package(files={"zugänge.md": DOORS}).replace("ä".encode(), b"\xff\xff")


def bomb() -> bytes:
    """Return a package that unpacks to far more than its size."""
    return package(files={"doors.md": b"0" * (60 * 1024 * 1024), "more/keys.docx": KEYS})


def locked() -> bytes:
    """Return a package whose directory says that it is encrypted."""
    content = bytearray(package())
    at = content.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 8] |= 1
        at = content.find(b"PK\x01\x02", at + 4)
    return bytes(content)


def _raw(files: Mapping[str, str], *parts: tuple[zipfile.ZipInfo, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        for info, content in parts:
            archive.writestr(info, content)
    return out.getvalue()
