"""Office documents: archives within bounds, of the kind that their name says, without macros and remote parts."""

import re
from collections.abc import Iterator
from typing import IO
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from django.utils.translation import gettext as _

from foundation.archives import BROKEN_ARCHIVE, Archive, ArchiveFault, ArchiveLimits, ArchiveRefused
from foundation.files.inspection.refusals import FileRefused
from foundation.files.inspection.signatures import head_of, looks_like, refuse_eicar, tail_of

LIMITS = ArchiveLimits(parts=2_000, unpacked_bytes=256 * 1024 * 1024, ratio=150)
SMALL_PART = 2 * 1024 * 1024
ARCHIVE_MARK = b"PK\x03\x04"
END_OF_ARCHIVE = b"PK\x05\x06"
END_LENGTH = 22  # of the record that ends an archive without a comment

# Office Open XML (ECMA-376) and what in it runs: Visual Basic, Excel 4 macros, ActiveX, programs as objects.
MACROS = re.compile(
    r"(?i)(vbaproject|vbadata|/macrosheets/|/activex/|/oleobject[^/]*\.bin$|\.(exe|dll|js|vbs|hta)$)"
)
REMOTE = re.compile(r"(?i)/(attachedTemplate|oleObject|frame|subDocument)$")
# OpenDocument (ISO/IEC 26300) keeps its macros here.
OPEN_MACROS = re.compile(r"(Basic|Scripts)/.")


def check_office(file: IO[bytes], label: str, *, main_type: str) -> None:
    """Raise FileRefused for what is no Office Open XML document whose main part has this content type."""
    archive = _open(file, label)
    try:
        types = fromstring(archive.read("[Content_Types].xml", SMALL_PART), forbid_dtd=True)
        content_types = {element.get("ContentType", "") for element in types}
        if any("macroEnabled" in one for one in content_types) or any(map(MACROS.search, archive.names)):
            raise FileRefused(_macros())
        if main_type not in content_types:
            raise FileRefused(_("It is no %(kind)s, whatever its name says.") % {"kind": label})
        if any(_is_remote(archive, name) for name in archive.names if name.endswith(".rels")):
            raise FileRefused(_("It fetches a template or an object from elsewhere when it is opened."))
        _read_all(archive)
    except ArchiveRefused as refused:
        raise FileRefused(_fault_words(refused)) from refused
    except (ParseError, DefusedXmlException, *BROKEN_ARCHIVE) as error:
        raise FileRefused(_fault_words(ArchiveRefused(ArchiveFault.BROKEN))) from error


def check_open_document(file: IO[bytes], label: str, *, main_type: str) -> None:
    """Raise FileRefused for what is no OpenDocument of this media type."""
    archive = _open(file, label)
    try:
        if archive.first != "mimetype" or archive.read("mimetype", 200) != main_type.encode():
            raise FileRefused(_("It is no %(kind)s, whatever its name says.") % {"kind": label})
        if any(OPEN_MACROS.match(name) or MACROS.search(name) for name in archive.names):
            raise FileRefused(_macros())
        _read_all(archive)
    except ArchiveRefused as refused:
        raise FileRefused(_fault_words(refused)) from refused
    except BROKEN_ARCHIVE as error:
        raise FileRefused(_fault_words(ArchiveRefused(ArchiveFault.BROKEN))) from error


def _open(file: IO[bytes], label: str) -> Archive:
    """Return the archive of a document, which begins with the file's first byte and ends with its last."""
    if head_of(file, 4) != ARCHIVE_MARK:
        found = looks_like(file) or _("something else")
        raise FileRefused(_("The name says %(kind)s, but it is %(found)s.") % {"kind": label, "found": found})
    if not tail_of(file, END_LENGTH).startswith(END_OF_ARCHIVE):
        raise FileRefused(_("It is damaged, or something follows after its end."))
    try:
        archive = Archive(file, LIMITS)
    except ArchiveRefused as refused:
        raise FileRefused(_fault_words(refused)) from refused
    if not archive.first or any(_leads_elsewhere(name) for name in archive.names):
        raise FileRefused(_("Its parts have names that lead out of it. It was not opened."))
    return archive


def _leads_elsewhere(name: str) -> bool:
    """Tell whether unpacking would write outside the folder it is unpacked into."""
    parts = name.split("/")
    return name.startswith("/") or "\\" in name or ":" in name or "\x00" in name or ".." in parts


def _is_remote(archive: Archive, name: str) -> bool:
    relations = fromstring(archive.read(name, SMALL_PART), forbid_dtd=True)
    return any(
        relation.get("TargetMode") == "External" and REMOTE.search(relation.get("Type", ""))
        for relation in relations
    )


def _read_all(archive: Archive) -> None:
    """Unpack every part once, within the bounds: damage shows, and so does what is hidden in it."""
    for name in archive.names:
        refuse_eicar(_pieces(archive, name))


def _pieces(archive: Archive, name: str) -> Iterator[bytes]:
    with archive.open(name) as part:
        while piece := part.read():
            yield piece


def _macros() -> str:
    return _("It carries macros or programs. Save it without them (for example as DOCX, XLSX or PPTX).")


def _fault_words(refused: ArchiveRefused) -> str:
    match refused.fault:
        case ArchiveFault.TOO_MANY_PARTS:
            return _("It holds %(count)s parts, which no ordinary document does. It was not opened.") % {
                "count": refused.parts
            }
        case ArchiveFault.PASSWORD:
            return _("It is protected by a password, so nobody can look into it. Save it without one.")
        case ArchiveFault.TOO_LARGE:
            return _("It would unpack to far more than its size, as a “zip bomb” does. It was not opened.")
        case _:
            return _("It is damaged. Save it again.")
