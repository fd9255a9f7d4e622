"""Opening a ZIP archive that a stranger made: its directory is judged before anything is unpacked."""

import io
import struct
import zipfile
import zlib
from itertools import pairwise
from typing import IO

from django.utils.translation import gettext as _

from foundation.records.imports.tables import Limits, TableRefused

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


class BoundedPart(io.RawIOBase):
    """A part of an archive as a stream that refuses to yield more than it may, whatever the directory declared."""

    def __init__(self, stream: IO[bytes], limit: int) -> None:
        self._stream = stream
        self._left = limit

    def readable(self) -> bool:
        """Tell that the stream can be read."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """Return the next bytes, at most 64 kB of them; raise TableRefused past the limit."""
        chunk = self._stream.read(min(size, 65_536) if size >= 0 else 65_536)
        self._left -= len(chunk)
        if self._left < 0:
            raise TableRefused(unpacks_too_large())
        return chunk

    def close(self) -> None:
        """Close the part."""
        self._stream.close()
        super().close()


class Archive:
    """A ZIP archive within limits: few entries, none encrypted, overlapping or named twice, small when unpacked."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        self._limits = limits
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except BROKEN_ARCHIVE as error:
            raise TableRefused(broken_workbook()) from error
        self._infos = {info.filename: info for info in self._zip.infolist()}
        self._judge(len(content))

    @property
    def names(self) -> frozenset[str]:
        """Return the names of the parts."""
        return frozenset(self._infos)

    def open(self, name: str, limit: int | None = None) -> BoundedPart:
        """Return a part as a stream of at most `limit` bytes; raise TableRefused when the part is missing or broken."""
        try:
            stream = self._zip.open(self._infos[name])
        except (KeyError, RuntimeError, *BROKEN_ARCHIVE) as error:
            raise TableRefused(broken_workbook()) from error
        return BoundedPart(stream, limit or self._limits.archive_bytes)

    def read(self, name: str, limit: int) -> bytes:
        """Return a whole part of at most `limit` bytes."""
        chunks = []
        try:
            with self.open(name, limit) as part:
                while chunk := part.read():
                    chunks.append(chunk)
        except BROKEN_ARCHIVE as error:
            raise TableRefused(broken_workbook()) from error
        return b"".join(chunks)

    def _judge(self, size: int) -> None:
        infos = sorted(self._zip.infolist(), key=lambda info: info.header_offset)
        if len(infos) > self._limits.archive_entries:
            raise TableRefused(
                _("This workbook holds %(count)s parts, which no ordinary workbook does. It was not opened.")
                % {"count": len(infos)}
            )
        if any(info.flag_bits & ENCRYPTED for info in infos):
            raise TableRefused(_("This file is protected by a password. Save it without one."))
        unpacked = sum(info.file_size for info in infos)
        if unpacked > self._limits.archive_bytes or (
            unpacked > 1024 * 1024 and unpacked > size * self._limits.archive_ratio
        ):
            raise TableRefused(unpacks_too_large())
        if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in infos):
            raise TableRefused(broken_workbook())
        if len(self._infos) != len(infos) or any(
            before.header_offset + before.compress_size > after.header_offset
            for before, after in pairwise(infos)
        ):
            raise TableRefused(broken_workbook())


def unpacks_too_large() -> str:
    """Return the sentence for an archive that grows too large."""
    return _(
        "This workbook would unpack to far more than its size, as a “zip bomb” does. It was not opened. "
        "If it is a real one, delete empty rows, pictures and other sheets, or upload CSV."
    )


def broken_workbook() -> str:
    """Return the sentence for an archive that is damaged or no workbook."""
    return _("This file is damaged, or it is not an XLSX workbook. Save it again as XLSX, or upload CSV.")
