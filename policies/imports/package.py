"""The ZIP that documents are brought in: judged before anything of it is read, and never unpacked to a disk."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from foundation.archives import Archive, ArchiveFault, ArchiveLimits, ArchiveRefused
from foundation.records.imports.tables import TableRefused
from policies.imports.columns import LIMITS, MOST_DOCUMENTS

ARCHIVE_LIMITS = ArchiveLimits(parts=4 * MOST_DOCUMENTS, unpacked_bytes=120 * 1024 * 1024, ratio=100)
MANIFESTS = ("manifest.csv", "manifest.xlsx")
TEXTS = (".md", ".markdown")
DOCUMENTS = (*TEXTS, ".docx", ".pdf")
LONGEST_PATH = 400
# What systems put into archives beside what was asked of them.
LITTER = re.compile(r"(?i)(^|/)(__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$|\._[^/]*$)")
ELSEWHERE = re.compile(r"^[/\\]|^[A-Za-z]:|\\|(^|/)\.\.(/|$)|[\x00-\x1f]")


@dataclass(frozen=True)
class Package:
    """An archive with a manifest; `names` are its documents, each by its path from the manifest on."""

    archive: Archive
    manifest: bytes
    names: dict[str, str]

    def find(self, path: str) -> str | None:
        """Return the name of the document that a manifest means; None where there is none of it."""
        return self.names.get(_plain(path.strip().removeprefix("./")))

    def read(self, name: str, most: int) -> bytes:
        """Return a document of at most so many bytes; raise ArchiveRefused."""
        return self.archive.read(name, most)


def package_of(content: bytes) -> Package:
    """Return what a ZIP brings; raise TableRefused, in words for whoever brought it, for one that is none or does more than that."""
    if not content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        raise TableRefused(
            _("This is no ZIP file. Put the documents and manifest.csv into a folder, and zip that.")
        )
    try:
        archive = Archive(io.BytesIO(content), ARCHIVE_LIMITS)
    except ArchiveRefused as refused:
        raise TableRefused(fault_words(refused)) from refused
    names = [name for name in archive.names if not name.endswith("/") and not LITTER.search(name)]
    _judge(archive, names)
    manifest = _manifest_among(names)
    base = str(PurePosixPath(manifest).parent)
    documents = _documents_of(names, manifest, "" if base == "." else f"{base}/")
    try:
        content = archive.read(manifest, LIMITS.file_bytes)
    except ArchiveRefused as refused:
        raise TableRefused(fault_words(refused)) from refused
    return Package(archive, content, documents)


def fault_words(refused: ArchiveRefused) -> str:
    """Return the sentence for an archive that was not opened, or not read to its end."""
    match refused.fault:
        case ArchiveFault.TOO_MANY_PARTS:
            return _("This ZIP holds %(count)s files; at most %(most)s documents are imported at once.") % {
                "count": refused.parts,
                "most": MOST_DOCUMENTS,
            }
        case ArchiveFault.PASSWORD:
            return _("This ZIP is protected by a password. Make it without one.")
        case ArchiveFault.TOO_LARGE:
            return _(
                "This ZIP would unpack to far more than its size, as a “zip bomb” does. It was not opened."
            )
        case _:
            return _("This ZIP is damaged, or holds two files of the same name. Make it again.")


def _judge(archive: Archive, names: Sequence[str]) -> None:
    """Refuse what leads out of the archive, and what is there twice to who does not tell capitals apart."""
    links = set(archive.links)
    seen: dict[str, str] = {}
    for name in names:
        shown = spelled(name)[:80]
        if ELSEWHERE.search(name) or len(name) > LONGEST_PATH:
            raise TableRefused(
                _("The file “%(name)s” leads out of the ZIP. Nothing was opened.") % {"name": shown}
            )
        if name in links:
            raise TableRefused(
                _("“%(name)s” is a link, and no file. Put the file itself in.") % {"name": shown}
            )
        if seen.setdefault(_plain(spelled(name)), name) != name:
            raise TableRefused(_("“%(name)s” is there twice, in other capitals.") % {"name": shown})


def _manifest_among(names: Sequence[str]) -> str:
    found = [name for name in names if PurePosixPath(name).name.casefold() in MANIFESTS]
    if not found:
        raise TableRefused(
            _(
                "There is no manifest.csv in this ZIP: it names each document, its title, its kind and its unit."
            )
        )
    if len(found) > 1:
        raise TableRefused(
            _("There are two manifests: “%(one)s” and “%(other)s”.") % {"one": found[0], "other": found[1]}
        )
    return found[0]


def _documents_of(names: Sequence[str], manifest: str, base: str) -> dict[str, str]:
    """Return the documents by their paths from the manifest on; refuse what is none, or stands beside the manifest's folder."""
    documents = {}
    for name in names:
        if name == manifest:
            continue
        if not name.startswith(base) or PurePosixPath(name).suffix.casefold() not in DOCUMENTS:
            raise TableRefused(
                _(
                    "“%(name)s” is none of the files that a manifest can name: .md, .docx and .pdf below its folder."
                )
                % {"name": spelled(name)[:80]}
            )
        documents[_plain(spelled(name.removeprefix(base)))] = name
    if len(documents) > MOST_DOCUMENTS:
        raise TableRefused(fault_words(ArchiveRefused(ArchiveFault.TOO_MANY_PARTS, len(documents))))
    return documents


def spelled(name: str) -> str:
    """Return a name in an archive as it was meant: some systems write UTF-8, and do not say so, so that it is read as CP437."""
    try:
        return name.encode("cp437").decode()
    except UnicodeError:
        return name


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
