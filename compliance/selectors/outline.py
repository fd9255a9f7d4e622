"""An edition's tree as its page shows it: the groups, and the lines of one of them; and the lines that answer to a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from compliance.choices import NodeKind
from compliance.models import Edition, RequirementText
from foundation.records.lexemes import question_of

OPEN_AT_ONCE = 120  # lines; an edition of more shows one group at a time
MOST_LINES = 500
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


@dataclass
class Branch:
    """What stands at the top of an edition's tree: `lines` are those below it where it is open, `count` those that can be tested."""

    key: str
    identifier: str
    title: str
    first: int
    last: int
    count: int = 0
    is_open: bool = False
    lines: Sequence[RequirementText] = ()


@dataclass(frozen=True)
class Outline:
    """An edition's branches; where it has no groups, its lines alone. `is_cut`: there are more than are shown."""

    branches: list[Branch]
    lines: Sequence[RequirementText] = ()
    is_cut: bool = False


def outline_of(edition: Edition, *, chosen: str = "") -> Outline:
    """Return the tree of an edition: all of a short one, else its groups with one of them open. Two queries."""
    rows = edition.texts.order_by("position").values_list(
        "position", "depth", "kind", "is_withdrawn", "key", "identifier", "title"
    )
    branches: list[Branch] = []
    count = 0
    for position, depth, kind, is_withdrawn, key, identifier, title in rows:
        count += 1
        if depth == 0 and kind == NodeKind.GROUP:
            branches.append(Branch(key, identifier, title, position + 1, position))
        elif depth == 0:
            branches.append(Branch("", "", "", position, position))
        branches[-1].last = position
        branches[-1].count += kind != NodeKind.GROUP and not is_withdrawn
    if not any(branch.key for branch in branches):
        lines = list(lines_of(edition)[: MOST_LINES + 1])
        return Outline([], lines[:MOST_LINES], len(lines) > MOST_LINES)
    branches = _joined(branches)
    for branch in branches:
        branch.is_open = count <= OPEN_AT_ONCE if not chosen else branch.key == chosen
    _fill(edition, [branch for branch in branches if branch.is_open])
    return Outline(branches)


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


def _joined(branches: list[Branch]) -> list[Branch]:
    """Take what stands at the top without a group for one branch, where it follows each other."""
    joined: list[Branch] = []
    for branch in branches:
        if not branch.key and joined and not joined[-1].key:
            joined[-1].last = branch.last
            joined[-1].count += branch.count
        else:
            joined.append(branch)
    return joined


def _fill(edition: Edition, branches: list[Branch]) -> None:
    if not branches:
        return
    ranges = Q()
    for branch in branches:
        ranges |= Q(position__range=(branch.first, branch.last))
    lines = list(lines_of(edition).filter(ranges))
    for branch in branches:
        branch.lines = [line for line in lines if branch.first <= line.position <= branch.last]
