"""Pictures: what their headers say, and nothing behind their end."""

import struct
import warnings
from typing import IO

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from foundation.files.inspection.refusals import FileRefused
from foundation.files.inspection.signatures import (
    head_of,
    looks_like,
    refuse_active_markup,
    refuse_second_format,
    tail_of,
)

MOST_PIXELS = 100_000_000
PNG_MARK = b"\x89PNG\r\n\x1a\n"
GIF_END = b"\x3b"


def check_picture(file: IO[bytes], label: str, *, format_name: str) -> None:
    """Raise FileRefused for what is no picture of this format, for one that is something else besides, and for one too large."""
    refuse_second_format(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            file.seek(0)
            width, height = Image.open(file, formats=[format_name]).size
    except Image.DecompressionBombError as error:
        raise FileRefused(too_many_pixels()) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, struct.error) as error:
        raise FileRefused(_no_picture(file, label)) from error
    if width * height > MOST_PIXELS:
        raise FileRefused(too_many_pixels())
    refuse_active_markup(file)
    if not ENDS[format_name](file):
        raise FileRefused(_("Something follows after the end of the picture, as in files made to deceive."))


def too_many_pixels() -> str:
    """Return the sentence for a picture that would fill the memory."""
    return _("The picture has more than 100 million pixels. Make it smaller.")


def _no_picture(file: IO[bytes], label: str) -> str:
    if found := looks_like(file):
        return _("The name says %(kind)s, but it is %(found)s.") % {"kind": label, "found": found}
    return _("The name says %(kind)s, but it is damaged, or something else.") % {"kind": label}


def _png_ends(file: IO[bytes]) -> bool:
    """Walk the chunks of a PNG (ISO/IEC 15948, §5.3) to its IEND, which must be the last."""
    size = file.seek(0, 2)
    place = len(PNG_MARK)
    while place + 12 <= size:
        file.seek(place)
        length, name = struct.unpack(">I4s", file.read(8))
        place += 12 + length
        if name == b"IEND":
            return place == size
    return False


def _jpeg_ends(file: IO[bytes]) -> bool:
    """Telephones put further pictures behind a JPEG's end; what is harmful there has other marks."""
    return True


def _gif_ends(file: IO[bytes]) -> bool:
    return tail_of(file, 64).rstrip(b"\x00")[-1:] == GIF_END


def _webp_ends(file: IO[bytes]) -> bool:
    (length,) = struct.unpack("<I", head_of(file, 8)[4:])
    size = file.seek(0, 2)
    return bool(size - 8 == length + length % 2 or size - 8 == length)


ENDS = {"PNG": _png_ends, "JPEG": _jpeg_ends, "GIF": _gif_ends, "WEBP": _webp_ends}
