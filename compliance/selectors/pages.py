"""Reads for the page of a requirement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from compliance.choices import NodeKind
from compliance.models import RequirementText
from foundation.passages import Effort, Passage, passages

COMPARED = ("title", "statement", "guidance", "objectives")


@dataclass(frozen=True)
class Around:
    """What stands around a text in its edition."""

    parent: RequirementText | None
    children: Sequence[RequirementText]
    before: RequirementText | None
    after: RequirementText | None
    known: dict[str, RequirementText]


@dataclass(frozen=True)
class TextVersion:
    """What one edition says; `is_other`: not what the edition before it said."""

    text: RequirementText
    is_other: bool
    is_first: bool


def around(text: RequirementText) -> Around:
    """Return what stands around a text, and what it names in the same edition by key; two queries."""
    named = {one["key"] for one in [*text.related, *text.withdrawn_to]}
    lines = RequirementText.objects.filter(edition=text.edition_id).only(
        "pk", "key", "identifier", "title", "kind", "position", "parent_id", "is_withdrawn", "requirement_id"
    )
    found = list(
        lines.filter(Q(key__in=named) | Q(parent=text.pk) | Q(pk=text.parent_id)).order_by("position")
    )
    required = lines.exclude(kind=NodeKind.GROUP)
    before = required.filter(position__lt=text.position).order_by("-position")[:1]
    after = required.filter(position__gt=text.position).order_by("position")[:1]
    sides = {line.position > text.position: line for line in before.union(after)}
    return Around(
        parent=next((line for line in found if line.pk == text.parent_id), None),
        children=[line for line in found if line.parent_id == text.pk],
        before=sides.get(False),
        after=sides.get(True),
        known={line.key: line for line in found},
    )


def versions_of(text: RequirementText) -> list[TextVersion]:
    """Return what each accepted edition says of a requirement, the newest first; one query."""
    texts = list(
        RequirementText.objects.filter(requirement=text.requirement_id, edition__accepted_at__isnull=False)
        .select_related("edition")
        .only(
            "pk",
            "digest",
            "is_withdrawn",
            "requirement_id",
            "edition__label",
            "edition__number",
            "edition__accepted_at",
        )
        .order_by("edition__number")
    )
    versions = [
        TextVersion(one, place > 0 and one.digest != texts[place - 1].digest, place == 0)
        for place, one in enumerate(texts)
    ]
    return versions[::-1]


def text_changes(
    old: RequirementText | Any, new: RequirementText | Any, effort: Effort | None = None
) -> list[tuple[str, list[Passage]]]:
    """Return the texts that two versions do not share, each with what is gone and new in it, by the name of the field.

    Raises TooMuch where comparing them takes more than is left of an effort.
    """
    return [
        (name, passages(plain_words(getattr(old, name)), plain_words(getattr(new, name)), effort))
        for name in COMPARED
        if getattr(old, name) != getattr(new, name)
    ]


def plain_words(markdown: str) -> str:
    """Return a text of a requirement without the signs that make lists and bold letters."""
    return "\n".join(
        line.replace("**", "").replace("- ", "", 1)
        if line.lstrip().startswith("- ")
        else line.replace("**", "")
        for line in markdown.split("\n")
    )
