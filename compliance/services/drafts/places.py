"""Where the lines of a draft stand: positions leave room, so that a line comes between two without renumbering the rest."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Max, Min, QuerySet

from compliance.models import Edition, RequirementText
from compliance.services.editions import ROOM

NEXT = 100  # from one line to another that is put behind it
LAST = 2**31 - 1
RENEW = """
    UPDATE compliance_requirementtext AS line SET position = renewed.position
    FROM (
        SELECT id, row_number() OVER (ORDER BY position) * %s AS position
        FROM compliance_requirementtext WHERE edition_id = %s
    ) AS renewed
    WHERE line.id = renewed.id AND line.position <> renewed.position
"""


def end_of(draft: Edition, line: RequirementText | None) -> int:
    """Return the position before which stands all that stands in a line, with itself; of None, all of the draft."""
    if line is None:
        return LAST
    after = draft.texts.filter(position__gt=line.position, depth__lte=line.depth)
    found: int | None = after.aggregate(at=Min("position"))["at"]
    return LAST if found is None else found


def branch_of(draft: Edition, line: RequirementText) -> QuerySet[RequirementText]:
    """Return a line with all that stands in it, in order."""
    found: QuerySet[RequirementText] = draft.texts.filter(
        position__gte=line.position, position__lt=end_of(draft, line)
    )
    return found.order_by("position")


def free_positions(draft: Edition, *, before: int, count: int) -> list[int]:
    """Return positions for so many lines before one; where there is no room, all lines get new positions first."""
    if found := _between(draft, before, count):
        return found
    ahead = draft.texts.filter(position__lt=before).count()
    with connection.cursor() as cursor:
        cursor.execute(RENEW, [ROOM, draft.pk])
    at = draft.texts.order_by("position").values_list("position", flat=True)[ahead : ahead + 1]
    return _between(draft, next(iter(at), LAST), count)


def _between(draft: Edition, before: int, count: int) -> list[int]:
    last: int | None = draft.texts.filter(position__lt=before).aggregate(at=Max("position"))["at"]
    start = -1 if last is None else last
    step = min(NEXT, (before - start) // (count + 1))
    return [start + step * (number + 1) for number in range(count)] if step > 0 else []


def lines_delete(lines: QuerySet[Any]) -> None:
    """Delete lines, the deepest first: a line is kept as long as something stands in it."""
    for depth in sorted(set(lines.order_by().values_list("depth", flat=True).distinct()), reverse=True):
        lines.filter(depth=depth).delete()
