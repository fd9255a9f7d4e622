"""Another language than English, to see what stays in the language of whoever acts, and what must not."""

from collections.abc import Iterator
from contextlib import contextmanager
from gettext import NullTranslations
from unittest.mock import patch

from django.utils import translation
from django.utils.translation import trans_real

LANGUAGE = "de"


class _Loud(NullTranslations):
    """English in capitals."""

    def gettext(self, message: str) -> str:
        """Return a message in capitals."""
        return message.upper()

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return a message in capitals."""
        return (msgid1 if n == 1 else msgid2).upper()

    def to_language(self) -> str:
        """Return the language whose place it takes."""
        return LANGUAGE


@contextmanager
def loud() -> Iterator[None]:
    """Let somebody act whose language is English in capitals: the portal itself is translated into no other yet."""
    with patch.dict(vars(trans_real)["_translations"], {LANGUAGE: _Loud()}), translation.override(LANGUAGE):
        yield
