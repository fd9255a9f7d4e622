"""From bytes to JSON values: bounded, without doubt about a key, and with the place of whatever is wrong."""

from __future__ import annotations

import json
import re
from typing import Any

from django.utils.translation import gettext as _

from compliance.catalogues.values import CatalogueError

MOST_BYTES = 20 * 1024 * 1024
MOST_VALUES = 1_500_000  # each costs up to 250 bytes of memory
MOST_NESTED = 200
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
MARKS = ",:[{"
STRUCTURE = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)


class Doubled(dict[str, Any]):
    """An object that has a key twice; `name` is the first such key."""

    name: str


def parse(content: bytes) -> dict[str, Any]:
    """Return the JSON object that a file is; raise CatalogueError, which says where, for anything else."""
    text = _text_of(content)
    doubled: list[Doubled] = []

    def make(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) == len(pairs):
            return made
        twice = Doubled(made)
        seen: set[str] = set()
        twice.name = next(name for name, _value in pairs if name in seen or seen.add(name))  # type: ignore[func-returns-value]
        doubled.append(twice)
        return twice

    try:
        # Numbers are nothing that a catalogue holds, and a long one would take long to read.
        value = json.loads(
            text, object_pairs_hook=make, parse_int=_number, parse_float=_number, parse_constant=_number
        )
    except json.JSONDecodeError as error:
        raise _malformed(text, error) from error
    except RecursionError as error:
        raise _too_deep(text) from error
    if not isinstance(value, dict):
        raise CatalogueError(_('This is JSON, but no object: an OSCAL catalogue begins with {"catalog": …}.'))
    if doubled:
        raise CatalogueError(
            _("The key “%(name)s” is there twice in this object.") % {"name": doubled[0].name[:60]},
            path_of(value, doubled[0]),
        )
    return value


def path_of(value: Any, wanted: object) -> str:
    """Return where in a JSON value an object stands, as `catalog.groups[2].title`."""
    waiting = [("", value)]
    while waiting:
        path, one = waiting.pop()
        if one is wanted:
            return path
        if isinstance(one, dict):
            waiting += [(f"{path}.{name}" if path else name, inner) for name, inner in one.items()]
        elif isinstance(one, list):
            waiting += [(f"{path}[{place}]", inner) for place, inner in enumerate(one)]
    return ""


def _number(text: str) -> float:
    return 0.0


def _text_of(content: bytes) -> str:
    if len(content) > MOST_BYTES:
        raise CatalogueError(
            _("The file is larger than %(limit)s MB.") % {"limit": MOST_BYTES // (1024 * 1024)}
        )
    content = content.removeprefix(BYTE_ORDER_MARK)
    if not content.strip():
        raise CatalogueError(_("The file is empty."))
    if content.lstrip()[:1] == b"<":
        raise CatalogueError(_("This is XML. Bring the catalogue in OSCAL's JSON format."))
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise CatalogueError(
            _("This is no text in UTF-8 (the byte at %(place)s fits in no letter).") % {"place": error.start},
            _line_words(line),
        ) from error
    if sum(text.count(mark) for mark in MARKS) > MOST_VALUES:
        raise CatalogueError(_("The file holds more than %(limit)s values.") % {"limit": f"{MOST_VALUES:,}"})
    return text


def _malformed(text: str, error: json.JSONDecodeError) -> CatalogueError:
    where = _place_words(error.lineno, error.colno)
    rest = text[error.pos :].strip()
    if not rest or error.msg.startswith("Unterminated string"):
        return CatalogueError(_("The file ends in the middle: a part of it is missing."), where)
    if error.pos == 0 and rest[0] not in '{["':
        return CatalogueError(_("This is no JSON."), where)
    return CatalogueError(_("This is no JSON (%(reason)s).") % {"reason": error.msg}, where)


def _too_deep(text: str) -> CatalogueError:
    depth, where = 0, ""
    for found in STRUCTURE.finditer(text):
        mark = found[0]
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark, 0)
        if depth > MOST_NESTED:
            line = text.count("\n", 0, found.start()) + 1
            where = _place_words(line, found.start() - text.rfind("\n", 0, found.start()))
            break
    return CatalogueError(
        _("Objects stand in each other more than %(limit)s deep here.") % {"limit": MOST_NESTED}, where
    )


def _line_words(line: int) -> str:
    return _("line %(line)d") % {"line": line}


def _place_words(line: int, column: int) -> str:
    return _("line %(line)d, column %(column)d") % {"line": line, "column": column}
