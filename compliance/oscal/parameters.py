"""Parameters, and the prose that they are inserted in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NoReturn

from django.utils.translation import gettext as _

from compliance.catalogues.values import TEXT_LENGTH, TEXTS_LENGTH, Parameter
from compliance.oscal.places import Place
from compliance.oscal.wording import code_and_prose

MOST_INSERTED = 5_000  # characters of one parameter, written out
MOST_NESTED = 12
INSERTION = re.compile(r"\{\{(?P<inner>[^{}]*)\}\}")
INNER = re.compile(r"\s*(?:insert\s*:\s*(?P<type>[\w-]+)\s*,\s*)?(?P<key>[^\s,{}]+)\s*")
BLANKS_BEFORE_MARK = re.compile(r"^ +(?=[;,.:)])")
DEFINITION = re.compile(r"^(\[[^\]]*\]):", re.MULTILINE)
ONE_OR_MORE = "one-or-more"


@dataclass
class Parameters:
    """All parameters of a catalogue, by their ids, and how each reads when it is inserted.

    What is not set yet reads “[Assignment: frequency]”, a choice “[one or more of: daily; weekly]”, and a value as itself.
    The words are those of the standard's language, and stay as they are in every language of the portal.
    """

    found: dict[str, Place] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)
    length: int = 0

    def add(self, place: Place) -> str:
        """Take a parameter in, and return its id; an id that is there already is refused."""
        key = place.key()
        if other := self.found.get(key):
            place.child("id").fail(
                _("The parameter “%(key)s” is there twice: it stands at %(other)s, too.")
                % {"key": key, "other": other.path}
            )
        self.found[key] = place
        return key

    def described(self, key: str) -> Parameter:
        """Return a parameter as pages list it: what it reads like, and what is said of it besides.

        All of its texts are read, also those that a value stands for, so that none of them names a parameter that is not there.
        """
        place = self.found[key]
        text = self.text(key, place, ())
        said: list[str] = []
        length = 0
        for one in self._besides(place):
            if one and one not in text:
                said.append(one)
                length += len(one) + 2
                if length > TEXT_LENGTH:
                    _too_long(place, TEXT_LENGTH)
        return Parameter(key, text, "\n\n".join(said))

    def _besides(self, place: Place) -> Iterator[str]:
        """Yield all texts of a parameter but its values."""
        if place.has("label"):
            yield self.filled(place.child("label"), most=MOST_INSERTED)
        if place.has("select"):
            for choice in place.child("select").as_object().values("choice"):
                yield self.filled(choice, most=MOST_INSERTED)
        yield self.filled(place.child("usage"))
        for one in place.items("guidelines"):
            yield self.filled(one.child("prose"))
        for one in place.items("constraints"):
            yield self.filled(one.child("description"))

    def filled(self, place: Place, *, most: int = TEXT_LENGTH, trail: tuple[str, ...] = ()) -> str:
        """Return a text of the file with its parameters written out; nothing where there is no text."""
        if place.value is None:
            return ""
        text = place.as_text(most=most)
        if "{{" not in text:
            return text
        filled = "".join(
            piece if is_code else self._inserted_in(piece, place, most, trail)
            for is_code, piece in code_and_prose(text)
        )
        if len(filled) > most:
            _too_long(place, most)
        return DEFINITION.sub(r"\1 :", filled.strip())

    def _inserted_in(self, text: str, place: Place, most: int, trail: tuple[str, ...]) -> str:
        """Return a piece of a text with its insertions written out."""
        parts: list[str] = []
        end = length = 0
        for insertion in INSERTION.finditer(text):
            before, inserted = text[end : insertion.start()], self._inserted(insertion["inner"], place, trail)
            parts += [before, inserted]
            end = insertion.end()
            length += len(before) + len(inserted)
            if length > most:
                _too_long(place, most)
        parts.append(text[end:])
        if any("{{" in part for part in parts[::2]):
            place.fail(_("An insertion begins here with {{ and never ends."))
        return _joined(parts)

    def text(self, key: str, place: Place, trail: tuple[str, ...]) -> str:
        """Return what a parameter reads like; `place` is where it is asked for, and `trail` whatever it is inserted in."""
        if key in self.written:
            return self.written[key]
        if key in trail:
            place.fail(
                _("Parameters insert each other without end: %(trail)s.")
                % {"trail": " → ".join((*trail[trail.index(key) :], key))}
            )
        if len(trail) >= MOST_NESTED:
            place.fail(_("Parameters insert each other more than %(limit)s deep.") % {"limit": MOST_NESTED})
        text = self._written_out(key, (*trail, key))
        self.written[key] = text
        self.take(len(text), self.found[key])
        return text

    def take(self, length: int, place: Place) -> None:
        """Count characters of the catalogue as it is kept; more than can be kept are refused."""
        self.length += length
        if self.length > TEXTS_LENGTH:
            place.fail(_("With its parameters written out, the catalogue is longer than can be read."))

    def _inserted(self, inner: str, place: Place, trail: tuple[str, ...]) -> str:
        asked = INNER.fullmatch(inner)
        if asked is None or (asked["type"] or "param") != "param":
            place.fail(_("“%(text)s” is no insertion of a parameter.") % {"text": f"{{{{{inner[:60]}}}}}"})
        key = asked["key"]
        if key not in self.found:
            place.fail(
                _("There is no parameter “%(key)s”, which is to be inserted here.") % {"key": key[:100]}
            )
        return self.text(key, place, trail)

    def _written_out(self, key: str, trail: tuple[str, ...]) -> str:
        place = self.found[key]
        if values := self._gathered(place, "values", trail):
            return ", ".join(values)
        if place.has("select"):
            select = place.child("select").as_object()
            first = "one or more of" if select.text("how-many") == ONE_OR_MORE else "one of"
            if choices := self._gathered(select, "choice", trail):
                return f"[{first}: {'; '.join(choices)}]"
        label = place.child("label")
        filled = self.filled(label, most=MOST_INSERTED, trail=trail) if place.has("label") else ""
        return f"[Assignment: {filled or key}]"

    def _gathered(self, place: Place, name: str, trail: tuple[str, ...]) -> list[str]:
        """Return the texts of an array, written out; more of them than one parameter may hold are refused on the way."""
        gathered: list[str] = []
        length = 0
        for one in place.values(name):
            text = self.filled(one, most=MOST_INSERTED, trail=trail)
            length += len(text) + 2
            if length > MOST_INSERTED:
                place.fail(
                    _("Written out, this parameter has more than %(limit)s characters.")
                    % {"limit": f"{MOST_INSERTED:,}"}
                )
            if text:
                gathered.append(text)
        return gathered


def _joined(parts: list[str]) -> str:
    """Put texts and the parameters between them together: no blank before a comma, and nothing that Markdown takes for a link."""
    return "".join(_following(part) if place and place % 2 == 0 else part for place, part in enumerate(parts))


def _following(part: str) -> str:
    """Return a text as it follows a parameter."""
    return f" {part}" if part[:1] in ("(", "[") else BLANKS_BEFORE_MARK.sub("", part)


def _too_long(place: Place, most: int) -> NoReturn:
    place.fail(
        _("With its parameters written out, this text has more than %(limit)s characters.")
        % {"limit": f"{most:,}"}
    )
