"""Writing an edition by hand: a draft begins as a copy of what counts, and its lines are added, changed, moved and removed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from compliance.catalogues import Catalogue, Destination, Kind, MethodNote, Node, Related
from compliance.catalogues.identity import KeyMaker, key_of
from compliance.catalogues.values import INCORPORATED, MOST_DEPTH, MOST_NODES
from compliance.choices import Source
from compliance.models import Edition, Framework, RequirementText
from compliance.selectors.nodes import node_of, nodes_of
from compliance.services.editions import AT_ONCE, EditionRefused, edition_write, framework_lock, text_of
from foundation.accounts.models import User
from foundation.trail.services import entry_write

# What a line says, and a form asks for.
SAID = ("identifier", "title", "statement", "guidance", "objectives", "is_withdrawn")


class LineRefused(Exception):
    """A line of a draft can't be written so; the message says why, and `field` what is wrong."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class StaleLine(Exception):
    """The line was changed by another since it was read."""

    def __init__(self, line: RequirementText) -> None:
        super().__init__(_("This line was changed by someone else meanwhile."))
        self.line = line


@transaction.atomic
def draft_begin(*, framework: Framework, label: str, actor: User, now: datetime) -> Edition:
    """Begin a draft with the lines of the current edition, or with none; raise EditionRefused while there is another."""
    current = framework.current
    catalogue = Catalogue(
        title=framework.title, key=framework.key, label=label, nodes=nodes_of(current) if current else ()
    )
    edition = edition_write(
        framework=framework, catalogue=catalogue, source=Source.HAND, actor=actor, now=now
    )
    entry_write(
        action="compliance.draft.begun", actor=actor, record=framework, after={"edition": edition.label}
    )
    return edition


@transaction.atomic
def draft_drop(*, edition: Edition, actor: User, now: datetime) -> None:
    """Drop a draft with all its lines; raise EditionRefused when it is none any more."""
    draft = draft_lock(edition)
    # A line is kept as long as something stands in it, so the deepest go first.
    for depth in range(MOST_DEPTH + 1, -1, -1):
        draft.texts.filter(depth=depth).delete()
    draft.delete()
    entry_write(
        action="compliance.draft.dropped",
        actor=actor,
        record=draft.framework,
        before={"edition": draft.label},
    )


@transaction.atomic
def line_add(
    *,
    edition: Edition,
    parent: RequirementText | None,
    kind: str,
    said: Mapping[str, Any],
    actor: User,
    now: datetime,
) -> RequirementText:
    """Add a line at the end of what stands in another, or at the end of all; raise LineRefused, EditionRefused."""
    draft = draft_lock(edition)
    if draft.texts.count() >= MOST_NODES:
        raise LineRefused(_("A version holds at most %(limit)s lines.") % {"limit": f"{MOST_NODES:,}"})
    kind = _kind_in(parent, kind)
    depth = 0 if parent is None else parent.depth + 1
    if depth > MOST_DEPTH:
        raise LineRefused(_("More than %(limit)s stand in each other.") % {"limit": MOST_DEPTH})
    node = _said(Node(key="", identifier="", kind=Kind(kind), title="", depth=depth), said)
    node = replace(node, key=_new_key(draft, node))
    line = text_of(draft, node, _end_of(draft, parent))
    line.parent = parent
    _make_room(draft, line.position)
    line.save(force_insert=True)
    _written(draft, actor, "compliance.line.added", line)
    return line


@transaction.atomic
def line_change(
    *, line: RequirementText, said: Mapping[str, Any], actor: User, now: datetime, digest: str
) -> RequirementText:
    """Let a line say something else; `digest` is that of what was read. Raises StaleLine, LineRefused, EditionRefused."""
    draft = draft_lock(line.edition)
    locked = RequirementText.objects.select_for_update().filter(pk=line.pk, edition=draft).first()
    if locked is None:
        raise EditionRefused(_("This line is no longer there."))
    if locked.digest != digest:
        raise StaleLine(locked)
    before = _node(locked)
    after = _said(before, said)
    if after.identifier != before.identifier:
        _check_identifier(draft, after, but=locked)
    if after == before:
        return locked
    position, parent, requirement = locked.position, locked.parent_id, locked.requirement_id
    changed = text_of(draft, after, position)
    changed.pk, changed.parent_id, changed.requirement_id = locked.pk, parent, requirement
    changed.save(force_update=True)
    _written(draft, actor, "compliance.line.changed", changed)
    return changed


@transaction.atomic
def line_move(*, line: RequirementText, up: bool, actor: User, now: datetime) -> bool:
    """Move a line, with all that stands in it, before the one above it or after the one below; tell whether there was one."""
    draft = draft_lock(line.edition)
    order = list(draft.texts.order_by("position").only("pk", "position", "parent_id", "depth"))
    siblings = [one for one in order if one.parent_id == line.parent_id]
    place = next((index for index, one in enumerate(siblings) if one.pk == line.pk), None)
    other = None if place is None else place + (-1 if up else 1)
    if place is None or other is None or not 0 <= other < len(siblings):
        return False
    siblings[place], siblings[other] = siblings[other], siblings[place]
    _renumber(order, {line.parent_id: siblings})
    _written(draft, actor, "compliance.line.moved", line)
    return True


@transaction.atomic
def line_remove(*, line: RequirementText, actor: User, now: datetime) -> None:
    """Take a line out of a draft, with all that stands in it; what was there in earlier editions stays there."""
    draft = draft_lock(line.edition)
    order = list(draft.texts.order_by("position").only("pk", "position", "parent_id", "depth"))
    gone = {line.pk}
    for one in order:
        if one.parent_id in gone:
            gone.add(one.pk)
    for depth in range(MOST_DEPTH + 1, -1, -1):
        draft.texts.filter(pk__in=gone, depth=depth).delete()
    _renumber([one for one in order if one.pk not in gone], {})
    _written(draft, actor, "compliance.line.removed", line)


def draft_lock(edition: Edition) -> Edition:
    """Return a draft, locked until the transaction ends; raise EditionRefused when it was accepted or dropped meanwhile."""
    framework_lock(edition.framework)
    draft: Edition | None = (
        Edition.objects.select_for_update(of=("self",))
        .select_related("framework")
        .filter(pk=edition.pk)
        .first()
    )
    if draft is None or not draft.is_draft:
        raise EditionRefused(_("This version is no draft any more."))
    return draft


def _kind_in(parent: RequirementText | None, kind: str) -> Kind:
    """Return what a line is where it stands: in a requirement, everything strengthens it."""
    if parent is None or parent.kind == Kind.GROUP:
        return Kind.GROUP if kind == Kind.GROUP else Kind.REQUIREMENT
    if kind == Kind.GROUP:
        raise LineRefused(_("A group stands in a group, and not in a requirement."))
    return Kind.ENHANCEMENT


def _said(node: Node, said: Mapping[str, Any]) -> Node:
    """Return a line that says this; `methods`, `related` and `withdrawn_to` are names."""
    objects = {note.method: note.objects for note in node.methods}
    values = {name: said[name] for name in SAID if name in said}
    related = {one.identifier: one for one in node.related}
    went = {one.identifier: one for one in node.withdrawn_to}
    if "methods" in said:
        values["methods"] = tuple(MethodNote(method, objects.get(method, ())) for method in said["methods"])
    if "related" in said:
        values["related"] = tuple(
            related.get(name) or Related(key_of(name), name) for name in said["related"]
        )
    if "withdrawn_to" in said:
        values["withdrawn_to"] = tuple(
            went.get(name) or Destination(INCORPORATED, key_of(name), name) for name in said["withdrawn_to"]
        )
    return replace(node, **values)


def _new_key(draft: Edition, node: Node) -> str:
    """Return the key of a new line; raise LineRefused where its identifier is there already."""
    if node.kind != Kind.GROUP and not node.identifier:
        raise LineRefused(_("This must be filled in."), "identifier")
    _check_identifier(draft, node)
    taken = set(draft.texts.values_list("key", flat=True))
    if node.identifier:
        return KeyMaker().free_key(key_of(node.identifier), taken)
    return KeyMaker().group_key(node.title, taken)


def _check_identifier(draft: Edition, node: Node, *, but: RequirementText | None = None) -> None:
    if node.kind != Kind.GROUP and not node.identifier:
        raise LineRefused(_("This must be filled in."), "identifier")
    others = draft.texts.exclude(kind=Kind.GROUP.value) if node.kind != Kind.GROUP else draft.texts.none()
    if but is not None:
        others = others.exclude(pk=but.pk)
    if node.identifier and others.filter(identifier__iexact=node.identifier).exists():
        raise LineRefused(
            _("“%(identifier)s” is there already.") % {"identifier": node.identifier}, "identifier"
        )


def _end_of(draft: Edition, parent: RequirementText | None) -> int:
    """Return the position after all that stands in a line, or after everything."""
    rows = list(draft.texts.order_by("position").values_list("pk", "parent_id", "position"))
    if parent is None:
        return len(rows)
    inside = {parent.pk}
    last = next(position for pk, _parent, position in rows if pk == parent.pk)
    for pk, parent_id, position in rows:
        if parent_id in inside:
            inside.add(pk)
            last = position
    return last + 1


def _make_room(draft: Edition, position: int) -> None:
    later = list(draft.texts.filter(position__gte=position).only("pk", "position"))
    for line in later:
        line.position += 1
    RequirementText.objects.bulk_update(later, ["position"], batch_size=AT_ONCE)


def _renumber(order: list[RequirementText], placed: dict[int | None, list[RequirementText]]) -> None:
    """Give lines their positions anew, in reading order; `placed` says the order below some parents."""
    below: dict[int | None, list[RequirementText]] = {}
    for line in order:
        below.setdefault(line.parent_id, []).append(line)
    below.update(placed)
    waiting = list(reversed(below.get(None, [])))
    changed: list[RequirementText] = []
    position = 0
    while waiting:
        line = waiting.pop()
        if line.position != position:
            line.position = position
            changed.append(line)
        position += 1
        waiting += reversed(below.get(line.pk, []))
    RequirementText.objects.bulk_update(changed, ["position"], batch_size=AT_ONCE)


def _node(line: RequirementText) -> Node:
    """Return what a line says, without where it stands."""
    return node_of(line, {line.parent_id: 0} if line.parent_id else {})


def _written(draft: Edition, actor: User, action: str, line: RequirementText) -> None:
    entry_write(
        action=action,
        actor=actor,
        record=draft.framework,
        after={"edition": draft.label, "line": line.identifier or line.title},
    )
