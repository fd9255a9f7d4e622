"""Reads for choosing requirements: the lines of an edition's tree, and which of them are meant."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q

from compliance.choices import NodeKind
from compliance.models import Framework, RequirementText
from foundation.records.lexemes import question_of


class TreeLine(NamedTuple):
    """A line of an edition: a heading, or what can be tested; `is_in` tells that it was chosen before."""

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
