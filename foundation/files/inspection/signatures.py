"""What gives a format away, wherever in a file it stands."""

import re
import zipfile
from collections.abc import Iterator
from typing import IO

import puremagic
from django.utils.translation import gettext as _

from foundation.files.inspection.refusals import FileRefused

CHUNK = 1024 * 1024
HEAD = 4096
# Readers of PDF look for its mark this far into a file (ISO 32000-1, Annex H).
PDF_SEARCHED = 1024
PDF_MARK = b"%PDF-"
# Less sure than this is a guess by two letters, which any text may begin with.
SURE = 0.5

# The EICAR test file, which every scanner takes for a virus (https://www.eicar.org). Written in two parts, so that no
# scanner takes this source for it.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR" + b"-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

# Where a browser begins to see a page (WHATWG MIME Sniffing, §7.1), or an interpreter a program.
MARKUP_START = re.compile(
    rb"(?i)\A(?:\xef\xbb\xbf|\s)*<(?:!doctype|html|head|script|iframe|h1|div|font|table|a|style|title|b|body|br|p|svg|\?xml"
    rb"|\?php|math|object|embed|frameset|form|link|meta)(?:[\s>/:]|\Z)"
)
PROGRAM_START = re.compile(
    rb"\A(?:MZ|\x7fELF|#!|\xfe\xed\xfa[\xce\xcf]|[\xce\xcf]\xfa\xed\xfe|\xca\xfe\xba\xbe|!<arch>|L\x00\x00\x00\x01\x14)"
)
ACTIVE_MARKUP = re.compile(rb"(?i)<(?:script|iframe|html|!doctype html|\?php|object|embed)[\s>]")


def chunks_of(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the content of a file from its start."""
    file.seek(0)
    while chunk := file.read(CHUNK):
        yield chunk


def head_of(file: IO[bytes], size: int = HEAD) -> bytes:
    """Return the first bytes of a file."""
    file.seek(0)
    return file.read(size)


def tail_of(file: IO[bytes], size: int) -> bytes:
    """Return the last bytes of a file."""
    length = file.seek(0, 2)
    file.seek(max(0, length - size))
    return file.read(size)


def refuse_eicar(pieces: Iterator[bytes]) -> None:
    """Raise FileRefused where the EICAR signature stands anywhere in the content, across pieces too."""
    before = b""
    for piece in pieces:
        if EICAR in before + piece:
            raise FileRefused(
                _("A virus was found in it (EICAR test signature). It was not stored."), is_malware=True
            )
        before = piece[-len(EICAR) :]


def refuse_second_format(file: IO[bytes], *, is_pdf: bool = False) -> None:
    """Raise FileRefused for a file that is also a PDF or an archive, as files made to deceive are."""
    if not is_pdf and PDF_MARK in head_of(file, PDF_SEARCHED):
        raise FileRefused(_("It is a PDF at the same time, as files made to deceive are."))
    if zipfile.is_zipfile(file):
        raise FileRefused(_("It carries an archive within, as files made to deceive do."))


def refuse_active_markup(file: IO[bytes]) -> None:
    """Raise FileRefused for a picture that carries a page or a script."""
    before = b""
    for piece in chunks_of(file):
        if ACTIVE_MARKUP.search(before + piece):
            raise FileRefused(_("It carries a script or a web page within, as files made to deceive do."))
        before = piece[-32:]


def looks_like(file: IO[bytes]) -> str:
    """Return in words what a file's first bytes say that it is; empty when they say nothing for sure."""
    head = head_of(file)
    if PROGRAM_START.match(head):
        return _("a program")
    if MARKUP_START.match(head):
        return _("a web page or drawing that can run scripts")
    try:
        matches = puremagic.magic_string(head)
    except (puremagic.PureError, ValueError):
        return ""
    best = max(matches, key=lambda match: match.confidence)
    return best.name if best.confidence >= SURE else ""
