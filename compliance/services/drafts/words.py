"""What the lines of a draft say: adding one, and changing one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from compliance.catalogues import Destination, Kind, MethodNote, Node, Related
from compliance.catalogues.identity import KeyMaker, key_of
from compliance.catalogues.values import INCORPORATED, MOST_DEPTH, MOST_NODES
from compliance.models import Edition, RequirementText
from compliance.selectors.nodes import node_of
from compliance.services.drafts.locks import LineRefused, StaleLine, draft_lock, line_lock, line_written
from compliance.services.drafts.moves import kind_in
from compliance.services.drafts.places import end_of, free_positions
from compliance.services.editions import text_of
from foundation.accounts.models import User

# What a line says, and a form asks for.
SAID = ("identifier", "title", "statement", "guidance", "objectives", "references", "is_withdrawn")


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
    """Add a line at the end of what stands in another, or at the end of all; raise LineRefused, LineGone, EditionRefused."""
    draft = draft_lock(edition)
    if draft.texts.count() >= MOST_NODES:
        raise LineRefused(_("A version holds at most %(limit)s lines.") % {"limit": f"{MOST_NODES:,}"})
    inside = None if parent is None else line_lock(draft, parent, field="parent")
    depth = 0 if inside is None else inside.depth + 1
    if depth > MOST_DEPTH:
        raise LineRefused({"parent": _("More than %(limit)s stand in each other.") % {"limit": MOST_DEPTH}})
    node = _said(Node(key="", identifier="", kind=kind_in(inside, kind), title="", depth=depth), said)
    node = replace(node, key=_new_key(draft, node))
    line = text_of(draft, node, free_positions(draft, before=end_of(draft, inside), count=1)[0])
    line.parent = inside
    line.save(force_insert=True)
    line_written(draft, actor, "compliance.line.added", line)
    return line


@transaction.atomic
def line_change(
    *, line: RequirementText, said: Mapping[str, Any], actor: User, now: datetime, digest: str
) -> RequirementText:
    """Let a line say something else; `digest` is that of what was read. Raises StaleLine, LineGone, LineRefused, EditionRefused."""
    draft = draft_lock(line.edition)
    locked = line_lock(draft, line)
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
    line_written(draft, actor, "compliance.line.changed", changed)
    return changed


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
        raise LineRefused({"identifier": _("This must be filled in.")})
    _check_identifier(draft, node)
    taken = set(draft.texts.values_list("key", flat=True))
    if node.identifier:
        return KeyMaker().free_key(key_of(node.identifier), taken)
    return KeyMaker().group_key(node.title, taken)


def _check_identifier(draft: Edition, node: Node, *, but: RequirementText | None = None) -> None:
    if node.kind != Kind.GROUP and not node.identifier:
        raise LineRefused({"identifier": _("This must be filled in.")})
    others = draft.texts.exclude(kind=Kind.GROUP.value) if node.kind != Kind.GROUP else draft.texts.none()
    if but is not None:
        others = others.exclude(pk=but.pk)
    if node.identifier and others.filter(identifier__iexact=node.identifier).exists():
        raise LineRefused(
            {"identifier": _("“%(identifier)s” is there already.") % {"identifier": node.identifier}}
        )


def _node(line: RequirementText) -> Node:
    """Return what a line says, without where it stands."""
    return node_of(line, {line.parent_id: 0} if line.parent_id else {})
