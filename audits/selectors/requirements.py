"""Reads for choosing what an audit tests: frameworks, and the tree of an edition with what is in the checklist already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, Q, QuerySet

from audits.models import Audit
from compliance.choices import NodeKind
from compliance.models import Framework, RequirementText
from compliance.selectors import frameworks_visible
from foundation.accounts.models import User
from foundation.records.lexemes import question_of

LINES = """
    SELECT said.id, said.parent_id, said.depth, said.kind, said.identifier, said.title, said.is_withdrawn,
        EXISTS (
            SELECT 1 FROM audits_check AS checked
            WHERE checked.audit_id = %s AND checked.requirement_id = said.requirement_id
        )
    FROM compliance_requirementtext AS said WHERE said.edition_id = %s ORDER BY said.position
"""


class TreeLine(NamedTuple):
    """A line of an edition: a heading, or what can be tested; `is_in` tells that the audit tests it already."""

    id: int
    parent_id: int | None
    depth: int
    kind: str
    identifier: str
    title: str
    is_withdrawn: bool
    is_in: bool

    @property
    def is_group(self) -> bool:
        """Tell whether it is a heading."""
        return self.kind == NodeKind.GROUP


def frameworks_to_choose(user: User, audit: Audit) -> QuerySet[Framework]:
    """Return the active frameworks that a person may read, with how many of their requirements the audit tests."""
    found: QuerySet[Framework] = (
        frameworks_visible(user)
        .active()
        .filter(current__isnull=False)
        .select_related("current")
        .annotate(tested_here=Count("requirements__checks", filter=Q(requirements__checks__audit=audit)))
        .order_by("title", "pk")
    )
    return found


def tree_of(framework: Framework, audit: Audit) -> list[TreeLine]:
    """Return the current edition's lines in order, without what was withdrawn; one query."""
    with connection.cursor() as cursor:
        cursor.execute(LINES, [audit.pk, framework.current_id])
        lines = [TreeLine._make(row) for row in cursor.fetchall()]
    return [line for line in lines if not line.is_withdrawn]


def texts_with(framework: Framework, words: str) -> set[int]:
    """Return the lines of the current edition whose text has all of these words, or whose identifier has them as typed."""
    texts = RequirementText.objects.filter(edition=framework.current_id).testable()
    wanted = Q(identifier__icontains=words)
    if question := question_of(words):
        wanted |= Q(words__matches=question)
    return set(texts.filter(wanted).values_list("pk", flat=True))


def texts_below(framework: Framework, groups: Iterable[int]) -> list[int]:
    """Return the lines of the current edition under these headings, however deep; one query."""
    inside = set(groups)
    found = []
    lines = RequirementText.objects.filter(edition=framework.current_id).order_by("position")
    for key, parent, kind in lines.values_list("pk", "parent_id", "kind"):
        if parent in inside or key in inside:
            inside.add(key)
            if kind != NodeKind.GROUP:
                found.append(key)
    return found


def texts_of_all(framework: Framework) -> list[int]:
    """Return all that can be tested of the current edition; one query."""
    texts = RequirementText.objects.testable().filter(edition=framework.current_id)
    return list(texts.values_list("pk", flat=True))
