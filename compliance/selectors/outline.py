"""An edition's tree as its pages show it: its branches, the lines of one of them, and the lines that answer to a question."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Count, F, Func, IntegerField, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from compliance.choices import NodeKind
from compliance.models import Edition, RequirementText
from foundation.records.lexemes import question_of

OPEN_AT_ONCE = 120  # lines; an edition of more shows one group at a time
SHOWN = (
    "pk",
    "position",
    "depth",
    "kind",
    "identifier",
    "title",
    "is_withdrawn",
    "withdrawn_to",
    "edition_id",
    "requirement_id",
    "key",
)


# A branch begins with each group at the top, and with what follows one there without a group. Its first line is joined by its
# key: of a version that was just written PostgreSQL knows nothing yet, and would read all its lines for each branch.
BRANCHES = """
    WITH placed AS (
        SELECT id, position, kind, is_withdrawn, depth = 0 AND (kind = 'group' OR coalesce(
            lag(kind) OVER (PARTITION BY depth = 0 ORDER BY position), 'group'
        ) = 'group') AS begins
        FROM compliance_requirementtext WHERE edition_id = %s
    ), counted AS (
        SELECT (array_agg(id ORDER BY position))[1] AS head, min(position) AS first, max(position) AS last, count(*) AS lines,
            count(*) FILTER (WHERE kind <> 'group' AND NOT is_withdrawn) AS testable
        FROM (SELECT *, count(*) FILTER (WHERE begins) OVER (ORDER BY position) AS number FROM placed) AS numbered
        GROUP BY number
    )
    SELECT head.id, head.key, head.identifier, head.title, head.kind = 'group', first, last, lines, testable
    FROM counted JOIN compliance_requirementtext AS head ON head.id = counted.head
    ORDER BY first
"""


class Branch(NamedTuple):
    """What stands at the top of an edition's tree: a group with all that is in it, or lines in no group that follow each other.

    `pk`, `key` and the rest are those of its first line; `lines` counts all of them, `testable` those that can be tested.
    """

    pk: int
    key: str
    identifier: str
    title: str
    is_group: bool
    first: int
    last: int
    lines: int
    testable: int

    def __str__(self) -> str:
        return f"{self.identifier} {self.title}".strip()

    @property
    def below(self) -> int:
        """Return how many lines are shown below its heading."""
        return self.lines - self.is_group


def branches_of(edition: Edition) -> list[Branch]:
    """Return the branches of an edition in order; one query."""
    with connection.cursor() as cursor:
        cursor.execute(BRANCHES, [edition.pk])
        return [Branch(*row) for row in cursor.fetchall()]


def lines_below(edition: Edition, branch: Branch) -> QuerySet[RequirementText]:
    """Return the lines of a branch in order, without the group itself."""
    return lines_of(edition).filter(position__gte=branch.first + branch.is_group, position__lte=branch.last)


def groups_of(edition: Edition) -> list[RequirementText]:
    """Return the groups of an edition in order; one query."""
    return list(lines_of(edition).filter(kind=NodeKind.GROUP))


def counts_now(edition: Edition) -> dict[str, int]:
    """Return the figures that an edition keeps of its lines, as they are in a draft by now; one query."""
    required = ~Q(kind=NodeKind.GROUP)
    parameters = Func(F("parameters"), function="jsonb_array_length", output_field=IntegerField())
    found: dict[str, int] = edition.texts.aggregate(
        group_count=Count("pk", filter=~required),
        requirement_count=Count("pk", filter=Q(kind=NodeKind.REQUIREMENT)),
        enhancement_count=Count("pk", filter=Q(kind=NodeKind.ENHANCEMENT)),
        parameter_count=Coalesce(Sum(parameters), 0),
        withdrawn_count=Count("pk", filter=required & Q(is_withdrawn=True)),
    )
    return found


def is_short(branches: Sequence[Branch]) -> bool:
    """Tell whether all of an edition is shown at once."""
    return sum(branch.lines for branch in branches) <= OPEN_AT_ONCE


def place_of(edition: Edition, line: RequirementText) -> tuple[str, int] | None:
    """Return the key of the branch in which a line is shown and how many lines are shown there before it; None where all is shown at once, or the line is gone."""
    branches = branches_of(edition)
    if is_short(branches):
        return None
    branch = next((branch for branch in reversed(branches) if branch.first <= line.position), None)
    if branch is None:
        return None
    before = lines_below(edition, branch).filter(position__lt=line.position).count()
    return branch.key, before


def lines_of(edition: Edition) -> QuerySet[RequirementText]:
    """Return the lines of an edition in order, with what lists show of each."""
    lines: QuerySet[RequirementText] = (
        RequirementText.objects.filter(edition=edition).only(*SHOWN).order_by("position")
    )
    return lines


def lines_matching(
    edition: Edition, *, text: str = "", kind: str = "", method: str = ""
) -> QuerySet[RequirementText]:
    """Return the requirements of an edition that answer to a question; `kind` may be "withdrawn", too."""
    lines = lines_of(edition).exclude(kind=NodeKind.GROUP)
    if text:
        lines = lines.filter(text_matches(text))
    if kind == "withdrawn":
        lines = lines.filter(is_withdrawn=True)
    elif kind:
        lines = lines.filter(kind=kind)
    return lines.filter(methods__contains=[{"method": method}]) if method else lines


def storable(text: str) -> str:
    """Return a text without what the database takes in none: NUL, and halves of a pair."""
    return text.replace("\x00", " ").encode("utf-8", "ignore").decode().strip()


def text_matches(text: str) -> Q:
    """Return the condition that a line has all words of a text, or its beginning as its identifier."""
    asked = storable(text)
    by_identifier = Q(identifier__istartswith=asked) if asked else Q(pk__in=())
    question = question_of(text)
    return by_identifier | Q(words__matches=question) if question else by_identifier


def levels_of(lines: Sequence[RequirementText], *, above: int = 1) -> list[tuple[int, Any]]:
    """Return lines with how deep each stands below what is shown above them."""
    return [(max(0, line.depth - above), line) for line in lines]
