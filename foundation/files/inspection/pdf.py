"""PDF: begins with its mark, ends with its end (ISO 32000-1, §7.5), and is no archive as well."""

import re
from typing import IO

from django.utils.translation import gettext as _

from foundation.files.inspection.refusals import FileRefused
from foundation.files.inspection.signatures import head_of, looks_like, refuse_second_format, tail_of

START = re.compile(rb"%PDF-[12]\.[0-9]")
END = b"%%EOF"
END_SEARCHED = 2048


def check_pdf(file: IO[bytes], label: str) -> None:
    """Raise FileRefused for what is no PDF from its first byte to its last."""
    if not START.match(head_of(file, 16)):
        found = looks_like(file) or _("something else")
        raise FileRefused(_("The name says PDF, but it is %(found)s.") % {"found": found})
    _before, mark, after = tail_of(file, END_SEARCHED).rpartition(END)
    if not mark:
        raise FileRefused(_("The PDF is damaged: its end is missing. Save it again."))
    if after.strip(b"\r\n\t \x00\x1a"):
        raise FileRefused(_("Something follows after the end of the PDF, as in files made to deceive."))
    refuse_second_format(file, is_pdf=True)
