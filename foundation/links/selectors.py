"""What a record is linked with, as far as the reader may know; and what it may be linked with."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q, QuerySet

from foundation.accounts.models import User
from foundation.links.models import Link
from foundation.links.relations import BACK, direction_of
from foundation.records.lexemes import READ, question_of
from foundation.records.models import Record
from foundation.records.querysets import visible_records

SHOWN = 200
SUGGESTED = 8
LOOKED_THROUGH = 2_000
WRITTEN_REFERENCE = re.compile(r"\s*([A-Za-z]{1,10})[\s-]*(\d{1,9})\b")


@dataclass(frozen=True)
class LinkLine:
    """A link as the page of one of its records shows it: the other record, and how this one relates to it."""

    id: int
    words: str
    other: Record
    linked_by: str


@dataclass(frozen=True)
class Suggestion:
    """A record to link with, as its picker offers it."""

    name: str
    note: str
    written: str


def links_visible(record: Record, user: User) -> QuerySet[Link]:
    """Return the links of a record whose other side the person may know of, too."""
    return Link.objects.filter(
        Q(source=record) & visible_records(user, "target__")
        | Q(target=record) & visible_records(user, "source__"),
        removed_at__isnull=True,
    )


def links_of(record: Record, user: User) -> list[LinkLine]:
    """Return what a record is linked with and the person may know of, by relation and reference. One query."""
    found = links_visible(record, user).select_related("source", "target", "created_by")[:SHOWN]
    return sorted(_lines(found, record), key=lambda line: (line.words, line.other.reference))


def _lines(links: Iterable[Link], record: Record) -> Iterable[LinkLine]:
    for link in links:
        is_back = link.target_id == record.pk
        direction = direction_of(f"{BACK}{link.relation}" if is_back else link.relation)
        yield LinkLine(
            id=link.pk,
            words=str(direction.words) if direction else link.relation,
            other=link.source if is_back else link.target,
            linked_by=link.created_by.full_name,
        )


def record_written(text: str, user: User) -> Record | None:
    """Return the record whose reference a text is or begins with ("AUD-0016", "aud 16 Gateway"), if the person may see it."""
    written = WRITTEN_REFERENCE.match(text)
    if written is None:
        return None
    reference = f"{written[1].upper()}-{int(written[2]):04d}"
    found: Record | None = Record.objects.visible_to(user).filter(reference=reference).first()
    return found


def records_to_link(text: str, *, record: Record, user: User) -> list[Suggestion]:
    """Return some records that the person may see and whose reference or title has the beginnings of these words.

    The newest two thousand are looked through first, so that a word of many records costs no more than one of few; only a
    word that proves to be rare there is looked up among all. Two queries.
    """
    question = question_of(text[:READ])
    if not question:
        return []
    visible = Record.objects.visible_to(user).exclude(pk=record.pk)
    newest = visible.order_by("-pk").values("pk")[:LOOKED_THROUGH]
    by_words = Record.objects.filter(pk__in=newest, words__matches=question).order_by("-pk")
    found = list(by_words[:SUGGESTED])
    if len(found) < SUGGESTED:
        found = list(visible.filter(words__matches=question).order_by((F("pk") + 0).desc())[:SUGGESTED])
    return [
        Suggestion(name=f"{one.reference} {one.title}", note=str(one.kind_label), written=one.reference)
        for one in found
    ]
