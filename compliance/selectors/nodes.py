"""What an edition says, as the plain values that are compared."""

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

from compliance.catalogues import (
    ChangedNode,
    Destination,
    Kind,
    MethodNote,
    Node,
    Parameter,
    Reference,
    Related,
)
from compliance.models import Edition, Framework, RequirementText


def nodes_of(edition: Edition) -> tuple[Node, ...]:
    """Return the lines of an edition in their order, by one query."""
    texts = list(RequirementText.objects.filter(edition=edition).defer("words").order_by("position"))
    places = {text.pk: place for place, text in enumerate(texts)}
    return tuple(node_of(text, places) for text in texts)


def node_of(text: RequirementText, places: dict[int, int]) -> Node:
    """Return a line as a plain value; `places` are those of the edition's lines, by primary key."""
    node = Node(
        key=text.key,
        identifier=text.identifier,
        kind=Kind(text.kind),
        title=text.title,
        parent=None if text.parent_id is None else places[text.parent_id],
        depth=text.depth,
        statement=text.statement,
        guidance=text.guidance,
        objectives=text.objectives,
        methods=tuple(MethodNote(one["method"], tuple(one["objects"])) for one in text.methods),
        parameters=tuple(Parameter(**one) for one in text.parameters),
        related=tuple(Related(**one) for one in text.related),
        references=tuple(Reference(**one) for one in text.references),
        is_withdrawn=text.is_withdrawn,
        withdrawn_to=tuple(Destination(**one) for one in text.withdrawn_to),
    )
    vars(node)["digest"] = text.digest  # kept with each line, so that comparing editions works out none anew
    return node


class Sketch(NamedTuple):
    """A line without its texts: enough to tell what changed, and to look its texts up."""

    pk: int
    key: str
    identifier: str
    kind: str
    title: str
    digest: str
    is_withdrawn: bool
    parent: int | None


def sketches_of(edition: Edition | None) -> list[Sketch]:
    """Return the lines of an edition in their order without their texts, by one query; none of no edition."""
    if edition is None:
        return []
    names = ("pk", "key", "identifier", "kind", "title", "digest", "is_withdrawn", "parent_id")
    rows = list(RequirementText.objects.filter(edition=edition).order_by("position").values_list(*names))
    places: dict[int | None, int | None] = {row[0]: place for place, row in enumerate(rows)}
    places[None] = None
    return [Sketch._make((*row[:-1], places[row[-1]])) for row in rows]


def changes_read(lines: Sequence[ChangedNode]) -> list[ChangedNode]:
    """Return changes of sketches with all that their lines say; one query."""
    pks = {one.pk for line in lines for one in (line.old, line.new) if one is not None}
    texts = RequirementText.objects.filter(pk__in=pks).defer("words")
    nodes = {text.pk: node_of(text, {text.parent_id: 0} if text.parent_id else {}) for text in texts}
    return [
        ChangedNode(line.change, line.old and nodes.get(line.old.pk), line.new and nodes.get(line.new.pk))
        for line in lines
    ]


def draft_digest(draft: Edition, framework: Framework) -> str:
    """Return what tells whether a draft, or the edition that it is compared with, changed since; one query."""
    lines = draft.texts.order_by("position").values_list("pk", "digest", "parent_id", "kind")
    said = [draft.pk, framework.current_id, list(lines)]
    return sha256(repr(said).encode()).hexdigest()
