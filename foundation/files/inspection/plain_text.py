"""Text: no bytes that text does not have, and nothing that a browser or a shell would take for its own."""

import codecs
import re
from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _

from foundation.files.inspection.refusals import FileRefused
from foundation.files.inspection.signatures import chunks_of, head_of, looks_like, refuse_second_format

# All controls but bell, backspace, tab, line feed, form feed, carriage return and escape, which logs have.
NO_TEXT = re.compile(rb"[\x00-\x06\x0b\x0e-\x1a\x1c-\x1f\x7f]")
NO_TEXT_WIDE = re.compile("[\x00-\x06\x0b\x0e-\x1a\x1c-\x1f\x7f]")
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def check_text(file: IO[bytes], label: str) -> None:
    """Raise FileRefused for what is no text, in any encoding whose line ends are those of ASCII, or in UTF-16 with its mark."""
    if found := looks_like(file):
        raise FileRefused(_("The name says text, but it is %(found)s.") % {"found": found})
    refuse_second_format(file)
    is_wide = head_of(file, 2) in WIDE
    if any(_is_no_text(piece) for piece in (_wide(file) if is_wide else chunks_of(file))):
        raise FileRefused(_("The name says text, but it holds what no text does."))


def _is_no_text(piece: str | bytes) -> bool:
    return bool(NO_TEXT_WIDE.search(piece) if isinstance(piece, str) else NO_TEXT.search(piece))


def _wide(file: IO[bytes]) -> Iterator[str]:
    """Yield the text of a file in UTF-16; a broken one yields what no text has."""
    decode = codecs.getincrementaldecoder("utf-16")()
    try:
        for chunk in chunks_of(file):
            yield decode.decode(chunk)
        yield decode.decode(b"", final=True)
    except UnicodeDecodeError:
        yield "\x00"
