"""Which standard a catalogue is of, whatever its version: how a newer version finds its framework."""

import re
import unicodedata
from collections.abc import Container

from django.utils.text import slugify

from compliance.catalogues.values import KEY_LENGTH

STANDARD_KEY_LENGTH = 200
TITLE_READ = 1_000  # characters of a title that are looked at
# "Rev. 5.1.1", "v4.0", "Version 8", "release 2", "Revision 5"; the number belongs to the version, and not to the name.
NUMBERED = re.compile(
    r"\b(?:rev(?:ision)?|v(?:er(?:sion)?)?|ed(?:ition)?|release)\b[.:]?\s*\d[\w.+-]*", re.IGNORECASE
)
SHORT = re.compile(r"\b[vr]\d+(?:\.\d+)*\b", re.IGNORECASE)
DOTTED = re.compile(r"(?<![\w.-])\d+(?:\.\d+)+(?:[+-]\w+)?(?![\w.-])")
YEAR = re.compile(r"[:(\s-]+(?:19|20)\d\d(?=[)\s:,;-]|$)\)?")


def standard_key(*, title: str, label: str = "", document_ids: tuple[str, ...] = ()) -> str:
    """Return what tells a standard from others: an identifier that all its versions share, else its name without the version."""
    if document_ids:
        return f"id:{min(document_ids)}"[:STANDARD_KEY_LENGTH]
    name = unicodedata.normalize("NFKC", title[:TITLE_READ])
    for version in (NUMBERED, SHORT, DOTTED, YEAR):
        name = version.sub(" ", name)
    if label and re.search(r"\d", label):
        bare = label.partition("+")[0]
        name = re.sub(rf"(?<![\w.-]){re.escape(bare)}(?![\w-])", " ", name, flags=re.IGNORECASE)
    name = re.sub(
        r"\b(?:rev(?:ision)?|ver(?:sion)?|edition|release)\b\.?(?=\s*$|\s*[):,;-])",
        " ",
        name,
        flags=re.IGNORECASE,
    )
    slug = (
        slugify(name, allow_unicode=True)
        or slugify(title[:TITLE_READ], allow_unicode=True)
        or name_key(title)
    )
    return slug[:STANDARD_KEY_LENGTH]


def name_key(name: str) -> str:
    """Return a framework's name as names are compared: without case, accents of typing, and blanks in a row."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:STANDARD_KEY_LENGTH]


def spelling(name: str) -> str:
    """Return an identifier or a title as it is compared: without case, and with one sign for blanks."""
    return re.sub(r"\s+", "-", name.strip().lower())


def key_of(identifier: str) -> str:
    """Return the key that an identifier gives a line: as it is compared, and not long."""
    return spelling(identifier)[:KEY_LENGTH]


class KeyMaker:
    """Makes keys for groups that have none from their titles, so that they are the same in the next version.

    It remembers how far each stem was counted: ten thousand groups of one name cost no more than as many of different ones.
    """

    def __init__(self) -> None:
        self._counted: dict[str, int] = {}

    def group_key(self, title: str, taken: Container[str]) -> str:
        """Return the key of a group with this title that is not taken."""
        stem = f"group-{slugify(title, allow_unicode=True)}"[: KEY_LENGTH - 10].rstrip("-")
        return self.free_key(stem, taken)

    def free_key(self, stem: str, taken: Container[str]) -> str:
        """Return a stem, or the stem with the first number behind it that is not taken."""
        number = self._counted.get(stem, 1)
        key = stem if number == 1 else f"{stem[: KEY_LENGTH - 6]}-{number}"
        while key in taken:
            number += 1
            key = f"{stem[: KEY_LENGTH - 6]}-{number}"
        self._counted[stem] = number
        return key
