"""What people read in the library: what is in force and meant for them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Case, Count, QuerySet, Value, When
from django.urls import reverse

from foundation.accounts.access import access_of
from foundation.files.models import FileVersion
from foundation.records.lexemes import Question
from foundation.search.marking import LOOKED_THROUGH, excerpt
from policies.models import DocumentVersion
from policies.models.versions import MOST_TEXT
from policies.prose import PICTURE, Prose, prose_of
from policies.selectors.pictures import pictures_of

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser

MARKS = re.compile(r"(?m)^\s*(?:#{1,6}|>|[-*+]|\d+\.)\s+(?:\[[ xX]\] )?|[*_`|~]+|!?\[|\]\([^)\s]*\)")
MOST_READ = 400_000  # characters of all texts of a page that are looked through for what to show


def library_for(user: AnyUser) -> QuerySet[DocumentVersion]:
    """Return what is in force and meant for a person, but for the texts; their own query each, whatever the person's rights."""
    found: QuerySet[DocumentVersion] = (
        DocumentVersion.objects.meant_for(access_of(user)).select_related("document__owner").defer("body")
    )
    return found


def library_found(
    rows: QuerySet[DocumentVersion], question: Question, *, type: str = ""
) -> QuerySet[DocumentVersion]:
    """Return those that hold all words of a question, those that have them in reference and title first; all, by title, without one."""
    if type:
        rows = rows.filter(document__type=type)
    if not question:
        return rows.order_by("title", "pk")
    rank = Case(
        When(shelved__words__matches=question.literal(whole=True, weights="AB"), then=Value(0)),
        When(shelved__words__matches=question.literal(weights="AB"), then=Value(1)),
        default=Value(2),
    )
    return rows.filter(shelved__words__matches=question).annotate(rank=rank).order_by("rank", "title", "pk")


def library_types(rows: QuerySet[DocumentVersion], question: Question) -> dict[str, int]:
    """Return how many there are of each type. One query."""
    found = library_found(rows, question).order_by().values("document__type")
    return dict(found.annotate(count=Count("pk")).values_list("document__type", "count"))


@dataclass(frozen=True)
class Around:
    """What a text says around a word; `is_cut`: more stands in its file than search knows."""

    text: str = ""
    is_cut: bool = False


def library_excerpts(versions: Sequence[DocumentVersion], question: Question) -> dict[int, Around]:
    """Return what each of these says around the first of the words, where its text has one. One query."""
    texts = dict(
        DocumentVersion.objects.filter(pk__in=[one.pk for one in versions]).values_list("pk", "body")
    )
    left, found = MOST_READ, {}
    for version in versions:
        text = texts.get(version.pk, "")
        is_cut = version.file_id is not None and len(text) >= MOST_TEXT
        found[version.pk] = Around(_around(text[:left], question), is_cut)
        left = max(0, left - len(text))
    return found


def library_version(user: AnyUser, reference: str) -> DocumentVersion | None:
    """Return what is in force of a document that is meant for a person, with its text. One query."""
    found: DocumentVersion | None = (
        DocumentVersion.objects.meant_for(access_of(user))
        .filter(document__reference=reference)
        .select_related("document__owner", "document__unit", "file__file", "written_by")
        .first()
    )
    return found


def library_prose(version: DocumentVersion, user: AnyUser) -> Prose:
    """Return a text as readers see it: its pictures come from the library. One query where it has some."""
    named = set(PICTURE.findall(version.body))
    if not named:
        return prose_of(version.body)
    shown = []
    for picture in pictures_of(version.document, user).filter(file__key__in=_keys(named)):
        reference = f"files/{picture.file.key}/{picture.number}"
        if reference in named:
            where = [version.document.reference, picture.file.key, picture.number]
            shown.append((reference, reverse("policies:library-picture", args=where)))
    return prose_of(version.body, tuple(sorted(shown)))


def library_picture(version: DocumentVersion, user: AnyUser, key: UUID, number: int) -> FileVersion | None:
    """Return a picture that a text shows; none for any other file. One query."""
    if f"files/{key}/{number}" not in PICTURE.findall(version.body):
        return None
    found: FileVersion | None = (
        pictures_of(version.document, user).filter(file__key=key, number=number).first()
    )
    return found


def _keys(named: set[str]) -> set[str]:
    return {reference.split("/")[1] for reference in named}


def _around(text: str, question: Question) -> str:
    for start in range(0, len(text), LOOKED_THROUGH):
        if found := excerpt(MARKS.sub(" ", text[start : start + LOOKED_THROUGH]), question):
            return found
    return ""
