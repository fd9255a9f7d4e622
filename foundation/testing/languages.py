"""Another language than English, to see what stays in the language of whoever acts, and what must not."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations
from unittest.mock import patch

from django.utils import translation
from django.utils.translation import trans_real

LANGUAGE = "de"


PLACE = re.compile(r"%\(\w+\)[sd]")  # where a value is put in


def _capitals(message: str) -> str:
    places = PLACE.findall(message)
    said = PLACE.sub("\0", message).upper()
    for place in places:
        said = said.replace("\0", place, 1)
    return said


class _Loud(NullTranslations):
    """English in capitals."""

    def gettext(self, message: str) -> str:
        """Return a message in capitals."""
        return _capitals(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return a message in capitals."""
        return _capitals(msgid1 if n == 1 else msgid2)

    def to_language(self) -> str:
        """Return the language whose place it takes."""
        return LANGUAGE


@contextmanager
def loud() -> Iterator[None]:
    """Let somebody act whose language is English in capitals: the portal itself is translated into no other yet."""
    with patch.dict(vars(trans_real)["_translations"], {LANGUAGE: _Loud()}), translation.override(LANGUAGE):
        yield
