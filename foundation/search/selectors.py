"""Which records answer to a text, the best first, at a cost that does not grow with how common its words are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connection
from django.db.models import Case, F, Q, QuerySet, Value, When

from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.records.lexemes import Question, question_of
from foundation.records.models import Record
from foundation.records.names import RecordName, known_kinds
from foundation.records.querysets import visibility_grounds, visible_sql
from foundation.registry import RecordKind, SearchSource, registry

RANKED = 100  # as many records are ranked, the newest of those that match
WINDOW = 2_000  # as many of the newest records are looked through before the index is asked
WRITTEN_REFERENCE = re.compile(r"\s*([^\W\d_]{1,10})[\s\-–—_.:#]*(\d{1,12})\s*")


VISITS = """
    SELECT visit.at, record.id, record.kind, record.reference, record.title
    FROM search_recordvisit AS visit JOIN records_record AS record ON record.id = visit.record_id
    WHERE visit.user_id = %s AND record.kind IN %s AND {known}
    ORDER BY visit.at DESC, visit.id DESC
    LIMIT %s
"""


@dataclass(frozen=True)
class Visited:
    """A record that a person opened, and when last."""

    record: RecordName
    at: datetime


@dataclass(frozen=True)
class Found:
    """Records that match, best first, by primary key. `is_capped`: older ones match, too."""

    question: Question
    keys: Sequence[int] = ()
    is_capped: bool = False
    kinds: Mapping[str, int] = field(default_factory=dict)


def records_matching(user: User, text: str, *, kind: str = "") -> Found:
    """Return which records that the person may know of hold all words of a text; three queries at most.

    The words are looked for in references, titles and what a kind adds. First comes the record whose reference the text
    is, then those that have the very words in reference or title, then those that have their beginnings there, then the
    others; among equals the latest changed, and what is archived last of all.
    Only the newest 100 that match are ranked: a word that thousands of records share costs no more than a rare one.
    """
    question = question_of(text)
    if not question:
        return Found(question)
    matches = _newest(user, question, kind)
    ranked = sorted(matches[:RANKED], key=lambda match: match.place)
    kinds = {match.key: match.kind for match in ranked}
    named = record_of_reference(user, text)
    if named and kind in ("", named.kind):
        kinds = {named.pk: named.kind} | kinds
    return Found(question, list(kinds), len(matches) > RANKED, Counter(kinds.values()))


def record_of_reference(user: User, text: str) -> Record | None:
    """Return the record whose reference a text is, however it is written: AUD-0016, aud16, Aud 16. One query at most."""
    written = WRITTEN_REFERENCE.fullmatch(text[:60])
    if written is None:
        return None
    prefix, number = written[1].upper(), int(written[2])
    if prefix not in {kind.prefix for kind in registry.all(RecordKind)}:
        return None
    return Record.objects.visible_to(user).filter(reference=f"{prefix}-{number:04d}").first()


def records_by_key(keys: Sequence[int]) -> list[Record]:
    """Return these records in this order, with what a line about each of them shows. One query."""
    known = [kind.key for kind in registry.all(RecordKind)]  # an app may have been taken away
    rows = Record.objects.filter(kind__in=known).select_related("unit", "owner").defer("words")
    found = rows.in_bulk(keys) if keys else {}
    return [found[key] for key in keys if key in found]


def kind_texts(records: Sequence[Record]) -> dict[int, str]:
    """Return what these records are found by besides reference and title, by primary key. One query a kind."""
    texts: dict[int, str] = {}
    for kind in registry.all(RecordKind):
        keys = [record.pk for record in records if record.kind == kind.key]
        if keys and kind.search_text:
            rows = apps.get_model(kind.model)._default_manager.filter(pk__in=keys)
            texts.update((row.pk, kind.search_text(row)) for row in rows)
    return texts


def recent_records(user: User, *, limit: int) -> list[Visited]:
    """Return the records that a person opened last and may still know of, latest first. One query."""
    known, values = visible_sql(user, "record")
    with connection.cursor() as cursor:
        cursor.execute(VISITS.format(known=known), (user.pk, known_kinds(), *values, limit))
        return [Visited(RecordName(*name), at) for at, *name in cursor.fetchall()]


def sources_for(user: User) -> list[SearchSource]:
    """Return what the person may search besides records, in order."""
    access = access_of(user)
    sources = [
        source
        for source in registry.all(SearchSource)
        if source.right is None or access.has_anywhere(source.right)
    ]
    return sorted(sources, key=lambda source: source.order)


class _Match(NamedTuple):
    """A record that matches, with what its place depends on."""

    key: int
    kind: str
    archived_at: datetime | None
    updated_at: datetime
    rank: int

    @property
    def place(self) -> tuple[bool, int, float, int]:
        """Return what matches are sorted by, best first."""
        return self.archived_at is not None, self.rank, -self.updated_at.timestamp(), -self.key


def _newest(user: User, question: Question, kind: str) -> list[_Match]:
    """Return the newest records that match, newest first: one more than are ranked, if there are.

    A common word is found soon among the newest records; walking back to the first match of a rare one would read them
    all, and the index gives all matches of a common one. So the newest are looked through, and where they do not give
    enough, the index is asked: the words are then known to be rare.
    """
    of_kind = Q(kind=kind) if kind else Q()
    grounds = [Record.objects.filter(ground, of_kind) for ground in visibility_grounds(user)]
    matches, looked_through = _matches_in_window(grounds, question)
    rest = [rows for rows, count in zip(grounds, looked_through, strict=True) if count == WINDOW]
    if len(matches) <= RANKED and rest:
        matches |= _matches_by_index(rest, question)
    return [matches[key] for key in sorted(matches, reverse=True)[: RANKED + 1]]


def _matches_in_window(
    grounds: Sequence[QuerySet[Record]], question: Question
) -> tuple[dict[int, _Match], list[int]]:
    """Return what matches among the newest records of each ground, and how many of each were looked through.

    In SQL, since the ORM can't say "of these rows, those that match": joined to the table again, PostgreSQL would find
    what matches by the index first, all of it.
    """
    windows: list[str] = []
    parameters: list[Any] = []
    for place, rows in enumerate(grounds):
        window = rows.order_by("-pk").values_list("pk", "kind", "archived_at", "updated_at", "words")[:WINDOW]
        sql, values = window.query.sql_with_params()
        windows.append(f"w{place} (id, kind, archived_at, updated_at, words) AS MATERIALIZED ({sql})")
        parameters += values
    names = [f"w{place}" for place in range(len(grounds))]
    counts = ", ".join(f"(SELECT count(*) FROM {name})" for name in names)  # noqa: S608
    found = " UNION ALL ".join(f"SELECT * FROM {name} WHERE words @@ %s::tsquery" for name in names)  # noqa: S608
    statement = (
        f"WITH {', '.join(windows)}"  # noqa: S608 - all values are parameters
        f" SELECT ARRAY[{counts}], id, kind, archived_at, updated_at,"
        " CASE WHEN words @@ %s::tsquery THEN 0 WHEN words @@ %s::tsquery THEN 1 ELSE 2 END"
        f" FROM (SELECT 1) one LEFT JOIN (SELECT DISTINCT ON (id) * FROM ({found}) found"
        " ORDER BY id DESC LIMIT %s) newest ON true"
    )
    whole, beginnings = question.literal(whole=True, weights="AB"), question.literal(weights="AB")
    parameters = [*parameters, whole, beginnings, *[question.literal()] * len(names), RANKED + 1]
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        lines = cursor.fetchall()
    return {line[1]: _Match(*line[1:]) for line in lines if line[1]}, lines[0][0]


def _matches_by_index(grounds: Sequence[QuerySet[Record]], question: Question) -> dict[int, _Match]:
    """Return the matches with the highest keys, ground by ground: each is served by an index, their disjunction is not.

    They are ordered by a sum, else PostgreSQL would walk the primary key for what it wrongly believes to be many rows.
    """
    rank = Case(
        When(words__matches=question.literal(whole=True, weights="AB"), then=Value(0)),
        When(words__matches=question.literal(weights="AB"), then=Value(1)),
        default=Value(2),
    )
    first, *others = (
        rows.filter(words__matches=question)
        .annotate(rank=rank)
        .order_by((F("pk") + 0).desc())
        .values_list("pk", "kind", "archived_at", "updated_at", "rank")[: RANKED + 1]
        for rows in grounds
    )
    found: Any = first.union(*others) if others else first
    return {line[0]: _Match(*line) for line in found}
