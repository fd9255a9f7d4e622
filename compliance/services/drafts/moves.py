"""Moving the lines of a draft, and taking them out: always with all that stands in them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from compliance.catalogues import Kind
from compliance.catalogues.values import MOST_DEPTH
from compliance.models import Edition, RequirementText
from compliance.services.drafts.locks import LineRefused, draft_lock, line_lock, line_written
from compliance.services.drafts.places import branch_of, end_of, free_positions, lines_delete
from foundation.accounts.models import User

AT_ONCE = 500


@transaction.atomic
def line_move(*, line: RequirementText, up: bool, actor: User, now: datetime) -> RequirementText | None:
    """Move a line before the one above it or after the one below, of those beside it; return it as it stands then, or None where there is none.

    Raises LineGone, EditionRefused.
    """
    draft = draft_lock(line.edition)
    moved = line_lock(draft, line)
    beside = draft.texts.filter(parent=moved.parent_id)
    if up:
        other = beside.filter(position__lt=moved.position).order_by("-position").first()
    else:
        other = beside.filter(position__gt=moved.position).order_by("position").first()
    if other is None:
        return None
    _put(draft, moved, before=other.position if up else end_of(draft, other), depth=moved.depth)
    line_written(draft, actor, "compliance.line.moved", moved)
    moved.refresh_from_db(fields=["position"])
    return moved


@transaction.atomic
def line_place(
    *,
    line: RequirementText,
    parent: RequirementText | None,
    after: RequirementText | None,
    actor: User,
    now: datetime,
) -> RequirementText:
    """Let a line stand in another one, or at the top: behind `after`, which stands there, or at the end.

    What comes to stand in a requirement strengthens it, and what leaves one is required by itself. Raises LineRefused (a
    group in a requirement, a line in itself, too deep), LineGone, EditionRefused.
    """
    draft = draft_lock(line.edition)
    moved = line_lock(draft, line)
    inside = None if parent is None else line_lock(draft, parent, field="parent")
    behind = None if after is None else line_lock(draft, after, field="after")
    kind = kind_in(inside, moved.kind)
    _check_place(draft, moved, inside, behind)
    depth = 0 if inside is None else inside.depth + 1
    if behind is not None and behind.pk == moved.pk:
        return moved
    _put(draft, moved, before=end_of(draft, behind or inside), depth=depth)
    draft.texts.filter(pk=moved.pk).update(parent=inside, kind=kind.value)
    line_written(draft, actor, "compliance.line.moved", moved)
    moved.refresh_from_db(fields=["parent", "kind", "position", "depth"])
    return moved


@transaction.atomic
def line_remove(*, line: RequirementText, actor: User, now: datetime) -> None:
    """Take a line out of a draft; what was there in earlier editions stays there. Raises LineGone, EditionRefused."""
    draft = draft_lock(line.edition)
    gone = line_lock(draft, line)
    lines_delete(branch_of(draft, gone))
    line_written(draft, actor, "compliance.line.removed", gone)


def kind_in(parent: RequirementText | None, kind: str) -> Kind:
    """Return what a line is where it stands: in a requirement, everything strengthens it. Raises LineRefused for a group there."""
    if parent is None or parent.kind == Kind.GROUP:
        return Kind.GROUP if kind == Kind.GROUP else Kind.REQUIREMENT
    if kind == Kind.GROUP:
        raise LineRefused({"parent": _("A group stands in a group, and not in a requirement.")})
    return Kind.ENHANCEMENT


def _check_place(
    draft: Edition, line: RequirementText, parent: RequirementText | None, after: RequirementText | None
) -> None:
    branch = branch_of(draft, line)
    if parent is not None and branch.filter(pk=parent.pk).exists():
        raise LineRefused({"parent": _("A line can't stand in itself.")})
    if after is not None and after.parent_id != (parent.pk if parent else None):
        said = _("“%(line)s” does not stand there.") % {"line": str(after).strip()}
        raise LineRefused({"after": said})
    deepest = branch.order_by("-depth").values_list("depth", flat=True)[0] - line.depth
    if parent is not None and parent.depth + 1 + deepest > MOST_DEPTH:
        raise LineRefused({"parent": _("More than %(limit)s stand in each other.") % {"limit": MOST_DEPTH}})


def _put(draft: Edition, line: RequirementText, *, before: int, depth: int) -> None:
    """Let a line and all that stands in it come before a position, and stand as deep as this."""
    rows = list(branch_of(draft, line).only("pk", "depth"))
    places = free_positions(draft, before=before, count=len(rows))
    for row, place in zip(rows, places, strict=True):
        row.position, row.depth = place, row.depth + depth - line.depth
    RequirementText.objects.bulk_update(rows, ["position", "depth"], batch_size=AT_ONCE)
