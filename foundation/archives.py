"""Opening a ZIP archive that a stranger made: its directory is judged before anything is unpacked."""

import io
import stat
import struct
import zipfile
import zlib
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import IO

BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    OverflowError,
    ValueError,
)
ENCRYPTED = 0x1
CHUNK = 65_536
SMALL = 1024 * 1024  # what is smaller when unpacked may be as dense as it likes


class ArchiveFault(StrEnum):
    """What is wrong with an archive."""

    TOO_MANY_PARTS = "too many parts"
    PASSWORD = "protected by a password"  # noqa: S105
    TOO_LARGE = "unpacks too large"
    BROKEN = "broken"


class ArchiveRefused(Exception):
    """An archive is not opened, or not read any further; whoever opened it puts `fault` in words for people."""

    def __init__(self, fault: ArchiveFault, parts: int = 0) -> None:
        super().__init__(str(fault))
        self.fault = fault
        self.parts = parts


@dataclass(frozen=True, kw_only=True)
class ArchiveLimits:
    """How many parts an archive may have, how many bytes they may unpack to, and how many times its own size that may be."""

    parts: int
    unpacked_bytes: int
    ratio: int


class BoundedPart(io.RawIOBase):
    """A part of an archive as a stream that refuses to yield more than it may, whatever the directory declared."""

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        self._stream = stream
        self._left = limit

    def readable(self) -> bool:
        """Tell that the stream can be read."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, at most 64 kB of them; raise ArchiveRefused past the limit."""
        chunk = self._stream.read(min(size, CHUNK) if size >= 0 else CHUNK)
        self._left -= len(chunk)
        if self._left < 0:
            raise ArchiveRefused(ArchiveFault.TOO_LARGE)
        return chunk

    def close(self) -> None:
        """Close the part."""
        self._stream.close()
        super().close()


class Archive:
    """A ZIP archive within limits: few parts, none encrypted, overlapping or named twice, small when unpacked."""

    def __init__(self, source: IO[bytes], limits: ArchiveLimits) -> None:
        self._limits = limits
        self._size = source.seek(0, io.SEEK_END)
        try:
            self._zip = zipfile.ZipFile(source)
        except BROKEN_ARCHIVE as error:
            raise ArchiveRefused(ArchiveFault.BROKEN) from error
        self._infos = {info.filename: info for info in self._zip.infolist()}
        self._judge()

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the parts, in the order of the archive's directory."""
        return tuple(self._infos)

    @property
    def first(self) -> str:
        """Return the name of the part that stands first in the file; empty when something else does."""
        return next((name for name, info in self._infos.items() if info.header_offset == 0), "")

    @property
    def links(self) -> tuple[str, ...]:
        """Return the names of the parts that a Unix system would unpack as links."""
        return tuple(name for name, info in self._infos.items() if stat.S_ISLNK(info.external_attr >> 16))

    def open(self, name: str, limit: int | None = None) -> BoundedPart:
        """Return a part as a stream of at most `limit` bytes; raise ArchiveRefused when it is missing or broken."""
        try:
            stream = self._zip.open(self._infos[name])
        except (KeyError, RuntimeError, *BROKEN_ARCHIVE) as error:
            raise ArchiveRefused(ArchiveFault.BROKEN) from error
        return BoundedPart(stream, limit or self._limits.unpacked_bytes)

    def read(self, name: str, limit: int) -> bytes:
        """Return a whole part of at most `limit` bytes."""
        chunks = []
        try:
            with self.open(name, limit) as part:
                while chunk := part.read():
                    chunks.append(chunk)
        except BROKEN_ARCHIVE as error:
            raise ArchiveRefused(ArchiveFault.BROKEN) from error
        return b"".join(chunks)

    def _judge(self) -> None:
        infos = sorted(self._zip.infolist(), key=lambda info: info.header_offset)
        if len(infos) > self._limits.parts:
            raise ArchiveRefused(ArchiveFault.TOO_MANY_PARTS, len(infos))
        if any(info.flag_bits & ENCRYPTED for info in infos):
            raise ArchiveRefused(ArchiveFault.PASSWORD)
        unpacked = sum(info.file_size for info in infos)
        if unpacked > self._limits.unpacked_bytes or (
            unpacked > SMALL and unpacked > self._size * self._limits.ratio
        ):
            raise ArchiveRefused(ArchiveFault.TOO_LARGE)
        if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in infos):
            raise ArchiveRefused(ArchiveFault.BROKEN)
        if len(self._infos) != len(infos) or any(
            before.header_offset + before.compress_size > after.header_offset
            for before, after in pairwise(infos)
        ):
            raise ArchiveRefused(ArchiveFault.BROKEN)
