"""The archive as it is written: piece by piece, with the SHA-256 of everything that goes in."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

PIECE = 1024 * 1024
LARGE = 1024**3  # what may grow beyond needs the longer numbers of ZIP64
RIGHTS = 0o600 << 16


@dataclass(frozen=True)
class Written:
    """What was written under a path."""

    path: str
    size: int
    sha256: str


class Member:
    """A file of the archive that is being written."""

    def __init__(self, target: IO[bytes], told: Callable[[int], None]) -> None:
        self.size = 0
        self._digest = hashlib.sha256()
        self._target = target
        self._told = told

    def write(self, content: bytes) -> None:
        """Add some of it."""
        self._target.write(content)
        self._digest.update(content)
        self.size += len(content)
        self._told(len(content))

    @property
    def sha256(self) -> str:
        """Return the digest of what was written so far."""
        return self._digest.hexdigest()


class PackArchive:
    """A ZIP archive that grows. Evidence is stored as it is, our own texts are packed.

    `listing` is a temporary file into which what goes in is noted, a line each, so that the manifest of many files is not held in
    memory. `told` is asked with the number of bytes of each piece, and may raise to end it all.
    """

    def __init__(
        self, target: IO[bytes], *, listing: IO[bytes], at: datetime, told: Callable[[int], None]
    ) -> None:
        self.files = 0
        self._zip = zipfile.ZipFile(target, "w")
        self._listing = listing
        self._at = (at.year, at.month, at.day, at.hour, at.minute, at.second // 2 * 2)
        self._told = told

    @contextmanager
    def member(self, path: str, *, packed: bool = True, size: int = LARGE, **more: Any) -> Iterator[Member]:
        """Write a file of about so many bytes; `more` is said of it in the manifest."""
        info = zipfile.ZipInfo(path, self._at)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = RIGHTS
        with self._zip.open(info, "w", force_zip64=size >= LARGE) as target:
            member = Member(target, self._told)
            yield member
        self.files += 1
        row = {"path": path, "size": member.size, "sha256": member.sha256, **more}
        self._listing.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")

    def add(self, path: str, content: bytes | Iterable[bytes], **more: Any) -> Written:
        """Write a file at once."""
        pieces = (content,) if isinstance(content, bytes) else content
        size = len(content) if isinstance(content, bytes) else LARGE
        with self.member(path, size=size, **more) as member:
            for piece in pieces:
                member.write(piece)
        return Written(path, member.size, member.sha256)

    def manifest(self, said: dict[str, Any]) -> Iterator[bytes]:
        """Yield the manifest: what is said of the pack, and a line for each file so far."""
        head = json.dumps(said, ensure_ascii=False, indent=1)
        yield head.rstrip().removesuffix("}").rstrip().encode() + b',\n "files": [\n'
        self._listing.seek(0)
        before = b"  "
        for line in self._listing:
            yield before + line.rstrip(b"\n")
            before = b",\n  "
        yield b"\n ]\n}\n"

    def add_unlisted(self, path: str, pieces: Iterable[bytes]) -> Written:
        """Write a file that the manifest does not list: the manifest itself, and its signature."""
        info = zipfile.ZipInfo(path, self._at)
        info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, RIGHTS
        with self._zip.open(info, "w", force_zip64=True) as target:
            member = Member(target, self._told)
            for piece in pieces:
                member.write(piece)
        return Written(path, member.size, member.sha256)

    def abandon(self) -> None:
        """Write no more, not even when what is left of it is cleared away."""
        self._zip.fp = None

    def finish(self) -> None:
        """Write the table of contents that ends an archive."""
        self._zip.close()
