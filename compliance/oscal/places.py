"""A value and where it stands, so that whatever is wrong is told with its path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from compliance.catalogues.values import IMPOSSIBLE, KEY_LENGTH, TEXT_LENGTH, CatalogueError

# A property or part of another namespace is called what it is by somebody else, and need not be what OSCAL means by the name.
OWN_NAMESPACES = ("", "http://csrc.nist.gov/ns/oscal", "http://csrc.nist.gov/ns/rmf")
UNSEEN = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
TYPES: dict[type, str] = {dict: "object", list: "array", str: "text", float: "number", bool: "true or false"}


@dataclass(frozen=True, slots=True)
class Place:
    """A value in a file, with its path: `catalog.groups[2].controls[5]`."""

    value: Any
    path: str

    def fail(self, message: str) -> NoReturn:
        """Raise the error that something is wrong here."""
        raise CatalogueError(message, self.path)

    def child(self, name: str) -> Place:
        """Return what stands under a name of this object; None where nothing does."""
        return Place(self.value.get(name), f"{self.path}.{name}" if self.path else name)

    def has(self, name: str) -> bool:
        """Tell whether this object has something under a name."""
        return name in self.value

    def as_object(self) -> Place:
        """Return this, which has to be an object."""
        if not isinstance(self.value, dict):
            self._wrong(dict)
        return self

    def items(self, name: str) -> Iterator[Place]:
        """Yield the objects of an array under a name; none where it is not there."""
        for one in self.values(name):
            yield one.as_object()

    def values(self, name: str) -> Iterator[Place]:
        """Yield what an array under a name holds, whatever it is."""
        if name not in self.value:
            return
        array = self.child(name)
        if not isinstance(array.value, list):
            array._wrong(list)
        for place, value in enumerate(array.value):
            yield Place(value, f"{array.path}[{place}]")

    def text(self, name: str, *, required: bool = False, most: int = TEXT_LENGTH) -> str:
        """Return the text under a name, cleaned; empty where it is not there."""
        if name not in self.value:
            if required:
                self.fail(_("“%(name)s” is missing here.") % {"name": name})
            return ""
        place = self.child(name)
        text = place.as_text(most=most)
        if required and not text:
            place.fail(_("This is empty."))
        return text

    def as_text(self, *, most: int = TEXT_LENGTH) -> str:
        """Return this, which has to be a text, without what is not seen."""
        if not isinstance(self.value, str):
            self._wrong(str)
        text: str = self.value
        if len(text) > most:
            self.fail(_("This text has more than %(limit)s characters.") % {"limit": f"{most:,}"})
        if IMPOSSIBLE.search(text):
            self.fail(_("This text holds a character that stands for nothing."))
        return UNSEEN.sub(" ", text).strip()

    def key(self, name: str = "id") -> str:
        """Return the identifier under a name: no blanks, and not long."""
        key = self.text(name, required=True, most=KEY_LENGTH)
        if re.search(r"\s", key):
            self.child(name).fail(_("“%(key)s” is no identifier: it has a blank.") % {"key": key})
        return key

    def props(self, name: str) -> list[tuple[str, str]]:
        """Return the values of all properties of a name, each with its class; not those of other namespaces."""
        return [
            (one.text("value", required=True), one.text("class"))
            for one in self.items("props")
            if one.text("name", required=True) == name and one.is_own()
        ]

    def is_own(self) -> bool:
        """Tell whether the name of this property or part is one that OSCAL, or NIST itself, gave it."""
        return self.text("ns") in OWN_NAMESPACES

    def _wrong(self, wanted: type) -> NoReturn:
        found = TYPES.get(type(self.value), "null")
        self.fail(
            _("This has to be %(wanted)s, and is %(found)s.")
            % {"wanted": _an(TYPES[wanted]), "found": _an(found)}
        )


def _an(word: str) -> str:
    words = {
        "object": _("an object"),
        "array": _("an array"),
        "text": _("a text"),
        "number": _("a number"),
        "true or false": _("true or false"),
        "null": _("null"),
    }
    return words[word]
