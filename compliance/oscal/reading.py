"""From an OSCAL catalogue file to a `Catalogue`, or one error that says where.

Follows the catalogue model of OSCAL 1.0 and 1.1: groups in groups, controls in groups and in the catalogue itself, controls in
controls (their enhancements), parameters and parts of each, links, and resources in the back matter.
"""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from compliance.catalogues.identity import KeyMaker, standard_key
from compliance.catalogues.values import (
    INCORPORATED,
    KEY_LENGTH,
    MOST_DEPTH,
    MOST_NODES,
    MOVED,
    TEXTS_LENGTH,
    TITLE_LENGTH,
    Catalogue,
    Destination,
    Kind,
    Node,
    Reference,
    Related,
)
from compliance.oscal.json_text import parse
from compliance.oscal.parameters import Parameters
from compliance.oscal.places import Place
from compliance.oscal.prose import OTHER_LABELS, read_parts

LABEL_LENGTH = 100
IDENTIFIER_LENGTH = 100
UUID_FORM = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
VERSION_FORM = re.compile(r"1\.\d{1,3}(\.\d{1,3})?(-[\w.-]{1,20})?")
ENHANCEMENT_FORM = re.compile(r"([a-z]{2}-\d+)\.(\d+)")
WITHDRAWN_TO = {"incorporated-into": INCORPORATED, "moved-to": MOVED}
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
    return _Reading(Place(document, "").child("catalog").as_object()).catalogue()


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
    """The reading of one catalogue: first all ids, then all texts."""

    def __init__(self, root: Place) -> None:
        self.root = root
        self.parameters = Parameters()
        self.ids: dict[str, str] = {}
        self.keys = KeyMaker()
        self.lines: list[_Line] = []
        self.resources: dict[str, Reference] = {}
        self.length = 0

    def catalogue(self) -> Catalogue:
        """Read it all."""
        if not self.root.has("metadata"):
            self.root.fail(_("“%(name)s” is missing here.") % {"name": "metadata"})
        metadata = self.root.child("metadata").as_object()
        title, label = (
            metadata.text("title", required=True, most=10_000),
            metadata.text("version", required=True),
        )
        if len(label) > LABEL_LENGTH:
            metadata.child("version").fail(
                _("This text has more than %(limit)s characters.") % {"limit": LABEL_LENGTH}
            )
        oscal_version, uuid, changed = _oscal_version(metadata), _uuid(self.root), _last_modified(metadata)
        self._take_parameters(self.root)
        self._take(self.root, None, 0)
        if not any(line.kind != Kind.GROUP for line in self.lines):
            self.root.fail(_("This catalogue holds no controls."))
        self._take_resources()
        printed = self._identifiers()
        nodes = tuple(self._read(line, printed) for line in self.lines)
        return Catalogue(
            title=title,
            key=standard_key(title=title, label=label, document_ids=_document_ids(metadata)),
            label=label,
            nodes=nodes,
            publisher=_publisher(metadata),
            description=metadata.text("remarks", most=10_000),
            oscal_version=oscal_version,
            uuid=uuid,
            last_modified=changed,
            parameter_count=len(self.parameters.found),
        )

    def _take(self, place: Place, parent: int | None, depth: int) -> None:
        """Take in the groups and controls that stand in a place, in their order."""
        if depth > MOST_DEPTH:
            place.fail(
                _("Groups and controls stand in each other more than %(limit)s deep.") % {"limit": MOST_DEPTH}
            )
        in_control = parent is not None and self.lines[parent].kind != Kind.GROUP
        for group in () if in_control else place.items("groups"):
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
        self._take_part_ids(place, 0)
        self._take(place, len(self.lines) - 1, depth + 1)

    def _take_id(self, key: str, place: Place) -> None:
        if key in self.ids:
            place.child("id").fail(
                _("The id “%(key)s” is there twice: it stands at %(other)s, too.")
                % {"key": key, "other": self.ids[key]}
            )
        self.ids[key] = place.path

    def _take_part_ids(self, place: Place, depth: int) -> None:
        if depth > MOST_DEPTH:
            place.fail(_("Parts stand in each other more than %(limit)s deep.") % {"limit": MOST_DEPTH})
        for part in place.items("parts"):
            if part.has("id"):
                self._take_id(part.key(), part)
            self._take_part_ids(part, depth + 1)

    def _take_parameters(self, place: Place) -> list[str]:
        return [self.parameters.add(one) for one in place.items("params")]

    def _made_key(self, group: Place) -> str:
        """Return a key for a group that has none, from its title, so that it is the same in the next version."""
        title = group.text("title", required=True, most=TITLE_LENGTH)
        return self.keys.group_key(title, self.ids)

    def _take_resources(self) -> None:
        if not self.root.has("back-matter"):
            return
        for resource in self.root.child("back-matter").as_object().items("resources"):
            uuid = resource.text("uuid", required=True, most=KEY_LENGTH).lower()
            citation = resource.child("citation").as_object().text("text") if resource.has("citation") else ""
            urls = [link.text("href", required=True) for link in resource.items("rlinks")]
            title = resource.text("title") or citation or next(iter(urls), "")
            url = next((url for url in urls if _is_web(url)), "")
            self.resources[uuid] = Reference(title, citation if citation != title else "", url)

    def _identifiers(self) -> dict[str, str]:
        """Return what is printed for each line, by its id; where two would print the same, the file's own ids."""
        printed = {line.key: _identifier(line) for line in self.lines}
        controls = [line.key for line in self.lines if line.kind != Kind.GROUP]
        often = Counter(printed[key] for key in controls)
        ids = set(controls)
        for key in controls:
            text = printed[key]
            if often[text] > 1 or (text in ids and text != key):
                printed[key] = key
        return printed

    def _read(self, line: _Line, printed: dict[str, str]) -> Node:
        place = line.place
        title = " ".join(self.parameters.filled(place.child("title"), most=TITLE_LENGTH).split())
        if not title:
            place.fail(_("“%(name)s” is missing here.") % {"name": "title"})
        prose = read_parts(place, self.parameters)
        node = Node(
            key=line.key,
            identifier=printed[line.key],
            kind=line.kind,
            title=title,
            parent=line.parent,
            depth=line.depth,
            statement=prose.statement,
            guidance=prose.guidance,
            objectives=prose.objectives,
            methods=prose.methods,
            parameters=tuple(self.parameters.described(key) for key in line.parameters),
        )
        self.length += node.length + sum(len(one.text) + len(one.guidance) for one in node.parameters)
        if self.length > TEXTS_LENGTH:
            place.fail(_("With its parameters written out, the catalogue is longer than can be read."))
        return self._linked(node, place, printed)

    def _linked(self, node: Node, place: Place, printed: dict[str, str]) -> Node:
        """Return the line with what it points to."""
        related: dict[str, Related] = {}
        references: dict[Reference, None] = {}
        went: dict[Destination, None] = {}
        for link in place.items("links"):
            rel, href = link.text("rel"), link.text("href", required=True)
            key = href.removeprefix("#")
            if rel in ("related", "required") and href.startswith("#"):
                related.setdefault(key, Related(key, printed.get(key) or printed_id(key)))
            elif rel in WITHDRAWN_TO and href.startswith("#"):
                went[Destination(WITHDRAWN_TO[rel], key, printed.get(key) or printed_id(key))] = None
            elif rel == "reference" and (found := self._reference(link, href)):
                references[found] = None
        is_withdrawn = any(value.lower() == "withdrawn" for value, _class in place.props("status"))
        return replace(
            node,
            related=tuple(related.values()),
            references=tuple(references),
            is_withdrawn=is_withdrawn,
            withdrawn_to=tuple(went),
        )

    def _reference(self, link: Place, href: str) -> Reference | None:
        """Return what a link refers to: a resource of the back matter, or an address; a resource that is not there is left out."""
        if href.startswith("#"):
            return self.resources.get(href[1:].lower())
        return Reference(link.text("text") or href, "", href) if _is_web(href) else None


def printed_id(key: str) -> str:
    """Return how an id of another catalogue is printed, as NIST does: `ac-2.1` is AC-2(1)."""
    if enhancement := ENHANCEMENT_FORM.fullmatch(key):
        return f"{enhancement[1].upper()}({enhancement[2]})"
    return key.upper()


def _identifier(line: _Line) -> str:
    labels = line.place.props("label")
    chosen = [value for value, of_class in labels if of_class not in OTHER_LABELS] or [
        value for value, _class in labels
    ]
    if chosen:
        if len(chosen[0]) > IDENTIFIER_LENGTH:
            line.place.fail(
                _("The label here has more than %(limit)s characters.") % {"limit": IDENTIFIER_LENGTH}
            )
        return " ".join(chosen[0].split())
    if line.kind == Kind.GROUP and not line.place.has("id"):
        return ""
    return printed_id(line.key)


def _oscal_version(metadata: Place) -> str:
    version = metadata.text("oscal-version", required=True)
    if not VERSION_FORM.fullmatch(version):
        metadata.child("oscal-version").fail(
            _("“%(version)s” is no version of OSCAL that is read here: 1.0 and 1.1 are.")
            % {"version": version[:40]}
        )
    return version


def _uuid(root: Place) -> UUID:
    text = root.text("uuid", required=True)
    if not UUID_FORM.fullmatch(text):
        root.child("uuid").fail(_("“%(text)s” is no UUID.") % {"text": text[:40]})
    return UUID(text)


def _last_modified(metadata: Place) -> datetime:
    text = metadata.text("last-modified", required=True, most=60)
    moment: datetime | None = None
    with suppress(ValueError):
        moment = datetime.fromisoformat(text)
    if moment is None or moment.tzinfo is None or not 1970 <= moment.year <= 2200:
        metadata.child("last-modified").fail(
            _("“%(text)s” is no instant with a time zone, such as 2024-02-13T17:43:40Z.") % {"text": text}
        )
    return moment


def _document_ids(metadata: Place) -> tuple[str, ...]:
    return tuple(one.text("identifier", required=True) for one in metadata.items("document-ids"))


def _publisher(metadata: Place) -> str:
    """Return the name of whoever created the catalogue, or published it; else of the only party that it names."""
    names = {one.text("uuid").lower(): one.text("name") for one in metadata.items("parties")}
    parts = [
        (one.text("role-id"), uuid.as_text().lower())
        for one in metadata.items("responsible-parties")
        for uuid in one.values("party-uuids")
    ]
    for role in ("publisher", "creator"):
        for of_role, uuid in parts:
            if of_role == role and names.get(uuid):
                return names[uuid][:200]
    named = [name for name in names.values() if name]
    return named[0][:200] if len(named) == 1 else ""


def _is_web(url: str) -> bool:
    return re.match(r"https?://\S+$", url, re.IGNORECASE) is not None
