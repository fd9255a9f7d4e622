"""What a file says and nothing here reads: counted, with the first places, so that whoever accepts it knows.

What is of the file and of nothing that it requires (who wrote it and with what, classes, ids of properties, the order) is
passed over; so are the figures that NIST's own tools keep for themselves.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from compliance.catalogues.values import LeftOut, showable
from compliance.oscal.places import OWN_NAMESPACES

MOST_KINDS = 100
MOST_PLACES = 3
NAME_LENGTH = 60
PLACE_LENGTH = 200
PASSED_OVER, LEFT = "", "-"
PROPERTY, LINK = "property", "link"
READ_PROPERTIES = ("label", "status", "method", "sort-id")
WITHDRAWN = "withdrawn"

# What each kind of object holds: the kind of what stands under a name, PASSED_OVER where it is read or of no meaning here, LEFT
# where it is left out. A name that is not there is none of OSCAL's.
SHAPES: dict[str, dict[str, str]] = {
    "document": {"catalog": "catalogue", "$schema": PASSED_OVER},
    "catalogue": {
        "uuid": PASSED_OVER,
        "metadata": "metadata",
        "params": "parameter",
        "groups": "group",
        "controls": "control",
        "back-matter": "back matter",
    },
    "metadata": dict.fromkeys(
        [
            "title",
            "published",
            "last-modified",
            "version",
            "oscal-version",
            "revisions",
            "document-ids",
            "props",
            "links",
            "roles",
            "locations",
            "parties",
            "responsible-parties",
            "actions",
            "remarks",
        ],
        PASSED_OVER,
    ),
    "group": {
        "id": PASSED_OVER,
        "class": PASSED_OVER,
        "title": PASSED_OVER,
        "params": "parameter",
        "props": PROPERTY,
        "links": LINK,
        "parts": "part",
        "groups": "group",
        "controls": "control",
    },
    "control": {
        "id": PASSED_OVER,
        "class": PASSED_OVER,
        "title": PASSED_OVER,
        "params": "parameter",
        "props": PROPERTY,
        "links": LINK,
        "parts": "part",
        "controls": "control",
    },
    "parameter": {
        "id": PASSED_OVER,
        "class": PASSED_OVER,
        "depends-on": LEFT,
        "props": PROPERTY,
        "links": LEFT,
        "label": PASSED_OVER,
        "usage": PASSED_OVER,
        "constraints": "constraint",
        "guidelines": "guideline",
        "values": PASSED_OVER,
        "select": "selection",
        "remarks": LEFT,
    },
    "constraint": {"description": PASSED_OVER, "tests": LEFT},
    "guideline": {"prose": PASSED_OVER},
    "selection": {"how-many": PASSED_OVER, "choice": PASSED_OVER},
    "part": {
        "id": PASSED_OVER,
        "name": PASSED_OVER,
        "ns": PASSED_OVER,
        "class": PASSED_OVER,
        "title": PASSED_OVER,
        "props": PROPERTY,
        "prose": PASSED_OVER,
        "parts": "part",
        "links": "link of a part",
    },
    PROPERTY: {
        **dict.fromkeys(["name", "uuid", "ns", "value", "class", "group"], PASSED_OVER),
        "remarks": LEFT,
    },
    LINK: dict.fromkeys(["href", "rel", "media-type", "resource-fragment", "text"], PASSED_OVER),
    "link of a part": dict.fromkeys(["href", "rel", "media-type", "resource-fragment", "text"], PASSED_OVER),
    "back matter": {"resources": "publication"},
    "publication": {
        "uuid": PASSED_OVER,
        "title": PASSED_OVER,
        "description": LEFT,
        "props": PASSED_OVER,
        "document-ids": PASSED_OVER,
        "citation": PASSED_OVER,
        "rlinks": PASSED_OVER,
        "base64": LEFT,
        "remarks": LEFT,
    },
}
KINDS: dict[str, Any] = {
    "document": lazy("file"),
    "catalogue": lazy("catalogue"),
    "metadata": lazy("description of the catalogue"),
    "group": lazy("group"),
    "control": lazy("control"),
    "parameter": lazy("parameter"),
    "constraint": lazy("constraint"),
    "guideline": lazy("guideline"),
    "selection": lazy("selection"),
    "part": lazy("part"),
    PROPERTY: lazy("property"),
    LINK: lazy("link"),
    "link of a part": lazy("link"),
    "back matter": lazy("back matter"),
    "publication": lazy("publication"),
}
# From which part an objective or a method came: its place says so, too.
PASSED_OVER_LINKS = ("assessment-for",)


class What(Enum):
    """What can be left out, as it is told."""

    UNKNOWN = lazy("“%(name)s” of a %(kind)s, which OSCAL does not know")
    FIELD = lazy("“%(name)s” of a %(kind)s")
    PROPERTY = lazy("the property “%(name)s”")
    FOREIGN_PROPERTY = lazy("the property “%(name)s” of %(kind)s")
    NAMELESS_PROPERTY = lazy("properties without a name")
    LINK = lazy("links “%(name)s”")
    DEAD_LINK = lazy("links to what is not in the file")
    LINK_OF_PART = lazy("links of parts")
    ADDRESS = lazy("further addresses of publications, or such as are none of the web")
    LABEL = lazy("the label “%(name)s”, which more than one control has: their ids stand for it")
    PARAMETER = lazy("what is said of parameters of the whole catalogue")
    OTHER = lazy("others")


class Leavings:
    """What is left out, kind by kind."""

    def __init__(self) -> None:
        self._counts: dict[tuple[What, str, str], int] = {}
        self._places: dict[tuple[What, str, str], list[str]] = {}

    def note(self, what: What, place: str, name: str = "", kind: str = "") -> None:
        """Count one more of a kind; where there are too many kinds, the rest is one."""
        key = (what, name[: NAME_LENGTH + 1], kind[: NAME_LENGTH + 1])
        if key not in self._counts and len(self._counts) >= MOST_KINDS:
            key = (What.OTHER, "", "")
        self._counts[key] = self._counts.get(key, 0) + 1
        places = self._places.setdefault(key, [])
        if len(places) < MOST_PLACES:
            places.append(showable(place, most=PLACE_LENGTH))

    def found(self) -> tuple[LeftOut, ...]:
        """Return all of it."""
        return tuple(
            LeftOut(
                str(what.value)
                % {
                    "name": showable(name, most=NAME_LENGTH),
                    "kind": KINDS.get(kind) or showable(kind, most=NAME_LENGTH),
                },
                count,
                tuple(self._places[what, name, kind]),
            )
            for (what, name, kind), count in self._counts.items()
        )

    def look_through(self, document: dict[str, Any]) -> None:
        """Note what stands in a file that was read and is not read of it."""
        waiting: list[tuple[str, Any, str]] = [("document", document, "")]
        while waiting:
            kind, value, path = waiting.pop()
            if isinstance(value, list):
                waiting += [(kind, value[i], f"{path}[{i}]") for i in range(len(value) - 1, -1, -1)]
            elif isinstance(value, dict):
                if kind == PROPERTY:
                    self._look_at_property(value, path)
                elif kind == "link of a part" and value.get("rel") not in PASSED_OVER_LINKS:
                    self.note(What.LINK_OF_PART, path)
                waiting += reversed(list(self._inside(kind, value, path)))

    def _inside(self, kind: str, value: dict[str, Any], path: str) -> Iterator[tuple[str, Any, str]]:
        shape = SHAPES[kind]
        for name, inner in value.items():
            below = shape.get(name)
            place = f"{path}.{name[:NAME_LENGTH]}" if path else name[:NAME_LENGTH]
            if below is None:
                self.note(What.UNKNOWN, place, name, kind)
            elif below == LEFT:
                self.note(What.FIELD, place, name, kind)
            elif below != PASSED_OVER:
                yield below, inner, place

    def _look_at_property(self, value: dict[str, Any], path: str) -> None:
        name, namespace = value.get("name"), value.get("ns") or ""
        if not isinstance(name, str) or not isinstance(namespace, str):
            self.note(What.NAMELESS_PROPERTY, path)
        elif namespace not in OWN_NAMESPACES:
            self.note(What.FOREIGN_PROPERTY, path, name, namespace)
        elif name not in READ_PROPERTIES or (name == "status" and not _is_withdrawal(value.get("value"))):
            self.note(What.PROPERTY, path, name)


def _is_withdrawal(value: Any) -> bool:
    return isinstance(value, str) and value.lower() == WITHDRAWN
