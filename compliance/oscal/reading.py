"""From an OSCAL catalogue file to a `Catalogue`, or one error that says where.

Follows the catalogue model of OSCAL 1.0 and 1.1: groups in groups, controls in groups and in the catalogue itself, controls in
controls (their enhancements), parameters and parts of each, links, and resources in the back matter.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from compliance.catalogues.identity import KeyMaker, standard_key
from compliance.catalogues.values import (
    KEY_LENGTH,
    MOST_DEPTH,
    MOST_NODES,
    TITLE_LENGTH,
    Catalogue,
    Kind,
    Node,
    Parameter,
)
from compliance.oscal.json_text import parse
from compliance.oscal.leavings import Leavings, What
from compliance.oscal.links import Links, printed_id
from compliance.oscal.metadata import read_metadata
from compliance.oscal.parameters import Parameters
from compliance.oscal.places import Place
from compliance.oscal.prose import label_of, own_label_of, read_parts
from compliance.oscal.wording import linked

MODELS = {
    "profile": lambda: _(
        "This is an OSCAL profile, which chooses from catalogues. Resolve it into a catalogue first."
    ),
    "system-security-plan": lambda: _("This is an OSCAL system security plan, and no catalogue."),
    "component-definition": lambda: _("This is an OSCAL component definition, and no catalogue."),
    "assessment-plan": lambda: _("This is an OSCAL assessment plan, and no catalogue."),
    "assessment-results": lambda: _("These are OSCAL assessment results, and no catalogue."),
    "plan-of-action-and-milestones": lambda: _(
        "This is an OSCAL plan of action and milestones, and no catalogue."
    ),
    "mapping-collection": lambda: _("This is an OSCAL mapping between catalogues, and no catalogue."),
}


def read_catalogue(content: bytes) -> Catalogue:
    """Return what an OSCAL catalogue in JSON says; raise CatalogueError, and nothing else, for whatever is wrong with it."""
    document = parse(content)
    if "catalog" not in document:
        for model, words in MODELS.items():
            if model in document:
                Place(document, "").fail(words())
        Place(document, "").fail(_("This is no OSCAL catalogue: it does not begin with “catalog”."))
    return _Reading(document).catalogue()


@dataclass
class _Line:
    """A group or control in its place, before its texts are read: they may insert parameters that come later."""

    place: Place
    key: str
    kind: Kind
    parent: int | None
    depth: int
    parameters: list[str] = field(default_factory=list)


class _Reading:
    """The reading of one catalogue: first all ids, then all texts, then what was not read."""

    def __init__(self, document: dict[str, Any]) -> None:
        self.document = document
        self.root = Place(document, "").child("catalog").as_object()
        self.parameters = Parameters()
        self.ids: dict[str, str] = {}
        self.keys = KeyMaker()
        self.lines: list[_Line] = []
        self.leavings = Leavings()
        self.links = Links(self.leavings)

    def catalogue(self) -> Catalogue:
        """Read it all."""
        metadata = read_metadata(self.root)
        of_all = self._take_parameters(self.root)
        self._take(self.root, None, 0)
        if not any(line.kind != Kind.GROUP for line in self.lines):
            self.root.fail(_("This catalogue holds no controls."))
        self.links.take_publications(self.root)
        self.links.printed = self._identifiers()
        nodes = tuple(self._read(line) for line in self.lines)
        self._look_at_parameters(of_all)
        self.leavings.look_through(self.document)
        return Catalogue(
            title=metadata.title,
            key=standard_key(title=metadata.title, label=metadata.label, document_ids=metadata.document_ids),
            label=metadata.label,
            nodes=nodes,
            publisher=metadata.publisher,
            description=metadata.description,
            oscal_version=metadata.oscal_version,
            uuid=metadata.uuid,
            last_modified=metadata.last_modified,
            parameter_count=len(self.parameters.found),
            notes=(metadata.note,) if metadata.note else (),
            left_out=self.leavings.found(),
        )

    def _take(self, place: Place, parent: int | None, depth: int) -> None:
        """Take in the groups and controls that stand in a place, in their order."""
        if depth > MOST_DEPTH:
            place.fail(
                _("Groups and controls stand in each other more than %(limit)s deep.") % {"limit": MOST_DEPTH}
            )
        in_control = parent is not None and self.lines[parent].kind != Kind.GROUP
        for group in place.items("groups"):
            if in_control:
                group.fail(_("A group stands in a group or in the catalogue, and not in a control."))
            self._take_line(group, Kind.GROUP, parent, depth)
        for control in place.items("controls"):
            kind = Kind.ENHANCEMENT if in_control else Kind.REQUIREMENT
            self._take_line(control, kind, parent, depth)

    def _take_line(self, place: Place, kind: Kind, parent: int | None, depth: int) -> None:
        if len(self.lines) >= MOST_NODES:
            place.fail(
                _("The catalogue has more than %(limit)s groups and controls.") % {"limit": f"{MOST_NODES:,}"}
            )
        is_nameless = kind == Kind.GROUP and not place.has("id")
        key = self._made_key(place) if is_nameless else place.key()
        self._take_id(key, place)
        line = _Line(place, key, kind, parent, depth)
        self.lines.append(line)
        line.parameters = self._take_parameters(place)
        self._take_parts(place, key, "", 0)
        self._take(place, len(self.lines) - 1, depth + 1)

    def _take_id(self, key: str, place: Place) -> None:
        if key in self.ids:
            place.child("id").fail(
                _("The id “%(key)s” is there twice: it stands at %(other)s, too.")
                % {"key": key, "other": self.ids[key]}
            )
        self.ids[key] = place.path

    def _take_parts(self, place: Place, line: str, labels: str, depth: int) -> None:
        """Take in the ids of the parts of a line, and the labels by which each is found in it."""
        if depth > MOST_DEPTH:
            place.fail(_("Parts stand in each other more than %(limit)s deep.") % {"limit": MOST_DEPTH})
        for part in place.items("parts"):
            way = (labels + (label_of(part) if depth else own_label_of(part, place)))[:KEY_LENGTH]
            if part.has("id"):
                key = part.key()
                self._take_id(key, part)
                self.links.parts[key] = (line, way)
            self._take_parts(part, line, way, depth + 1)

    def _take_parameters(self, place: Place) -> list[str]:
        return [self.parameters.add(one) for one in place.items("params")]

    def _made_key(self, group: Place) -> str:
        """Return a key for a group that has none, from its title, so that it is the same in the next version."""
        title = group.text("title", required=True, most=TITLE_LENGTH)
        return self.keys.group_key(title, self.ids)

    def _identifiers(self) -> dict[str, str]:
        """Return what is printed for each line, by its id; where two would print the same, the file's own ids."""
        printed = {line.key: _identifier(line) for line in self.lines}
        controls = [line for line in self.lines if line.kind != Kind.GROUP]
        often = Counter(printed[line.key] for line in controls)
        ids = {line.key for line in controls}
        for line in controls:
            text = printed[line.key]
            if often[text] > 1 or (text in ids and text != line.key):
                printed[line.key] = line.key
                self.leavings.note(What.LABEL, line.place.path, text)
        return printed

    def _read(self, line: _Line) -> Node:
        place = line.place
        title = linked(
            self.parameters.filled(place.child("title"), most=TITLE_LENGTH), lambda words, key: words
        )
        title = " ".join(title.split())
        if not title:
            place.fail(_("“%(name)s” is missing here.") % {"name": "title"})
        prose = read_parts(place, self.parameters)

        def resolve(words: str, key: str) -> str:
            return self.links.in_prose(words, key, place)

        node = Node(
            key=line.key,
            identifier=self.links.printed[line.key],
            kind=line.kind,
            title=title,
            parent=line.parent,
            depth=line.depth,
            statement=linked(prose.statement, resolve),
            guidance=linked(prose.guidance, resolve),
            objectives=linked(prose.objectives, resolve),
            methods=tuple(
                replace(note, objects=tuple(linked(one, resolve) for one in note.objects))
                for note in prose.methods
            ),
            parameters=tuple(self._parameter(key) for key in line.parameters),
        )
        self.parameters.take(node.length, place)
        return self.links.linked(node, place)

    def _parameter(self, key: str) -> Parameter:
        """Return a parameter as pages list it, which is no Markdown: of a link there, the words are kept."""
        described = self.parameters.described(key)
        return replace(
            described,
            text=linked(described.text, lambda words, key: words),
            guidance=linked(described.guidance, lambda words, key: words),
        )

    def _look_at_parameters(self, of_all: list[str]) -> None:
        """Read the parameters of the catalogue as a whole, which no line lists: the texts that insert them have their words."""
        for key in of_all:
            if self.parameters.described(key).guidance:
                self.leavings.note(What.PARAMETER, self.parameters.found[key].path)


def _identifier(line: _Line) -> str:
    label = label_of(line.place)
    if len(label) > KEY_LENGTH:
        line.place.fail(_("The label here has more than %(limit)s characters.") % {"limit": KEY_LENGTH})
    if label:
        return " ".join(label.split())
    if line.kind == Kind.GROUP and not line.place.has("id"):
        return ""
    return printed_id(line.key)
