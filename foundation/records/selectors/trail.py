"""Which entries of the trail a person may read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchQuery
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from foundation.accounts.access import access_of
from foundation.records.choices import Confidentiality
from foundation.records.models import Participant, Record, Withheld
from foundation.records.querysets import HAS_WITHHELD, counted_parts, visible_records
from foundation.records.words import kind_model
from foundation.registry import FieldWords, TrailVerb, registry
from foundation.trail.models import WORDS_CONFIG, Entry

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser

KEPT_FROM = "kept_from"  # in an entry: the part in the record whose players don't read of it there
RARE_UP_TO = 5_000
MOST_READ = 2_000  # entries in which the changes of many records are looked for


def entries_visible_to(user: AnyUser) -> QuerySet[Entry]:
    """Return the entries that a person may read, by the right `trail.view`.

    With the right for some units: those about records of these units. With the right for the whole organisation: all,
    those about people and settings among them. Entries about restricted records are for those alone who may know of
    the record, whatever other rights they have, and so are those about what is withheld from the reader. Conditions hang on single entries, so a page costs what it shows.
    """
    scope = access_of(user).scope("trail.view")
    if not scope:
        return Entry.objects.none()
    entries = Entry.objects.defer("words")
    theirs = Record.objects.filter(pk=OuterRef("record_id"))
    if not scope.everywhere:
        entries = entries.filter(Exists(theirs.filter(unit_id__in=sorted(scope.unit_ids))))
    if visible := visible_records(user):
        closed = Q(confidentiality=Confidentiality.RESTRICTED)
        if HAS_WITHHELD in access_of(user).facts:
            closed |= Q(pk__in=Withheld.objects.filter(user=user.pk).values("record"))
        secret = theirs.filter(closed).exclude(visible)
        # Looked up for single entries. Made a join (NOT EXISTS), PostgreSQL would misjudge how many records are secret
        # and read them all; asked for NULL, it would take nearly all entries for secret and read all entries.
        known = Coalesce(Subquery(secret.annotate(known=Value(True)).values("known")[:1]), False)
        entries = entries.alias(is_secret=known).filter(is_secret=False)
    return entries


def entries_of(record: Record, reader: AnyUser) -> QuerySet[Entry]:
    """Return what the trail has of a record, for a reader who may know of it: not what is kept from a part they play in it.

    That is said by the entry's `TrailVerb`, or (of what hangs on the record, such as a file) by the entry itself.
    """
    part = Participant.objects.filter(record_id=record.pk, user_id=reader.pk or 0)
    counted = counted_parts(reader, Value(record.pk))
    said = Coalesce(
        KeyTextTransform(KEPT_FROM, "after"),
        KeyTextTransform(KEPT_FROM, "before"),
        Value(""),
        output_field=TextField(),
    )
    entries = Entry.objects.filter(record_id=record.pk).defer("words").alias(kept_from=said)
    kept = Q(Exists(part.filter(role=OuterRef("kept_from"))))
    for role, counts in counted.items():
        kept |= Q(counts, kept_from=role)
    by_part: dict[str, list[str]] = {}
    for verb in registry.all(TrailVerb):
        if verb.kept_from:
            by_part.setdefault(verb.kept_from, []).append(verb.action)
    for role, actions in by_part.items():
        kept |= Q(Q(Exists(part.filter(role=role))) | counted.get(role, Q(pk=None)), action__in=actions)
    return entries.exclude(kept)


def fields_kept(record: Record, reader: AnyUser, spoken: Collection[str]) -> frozenset[str]:
    """Return those of the fields spoken of whose values the reader does not read in a record's history.

    One query, none where no field is kept from anybody.
    """
    by_part: dict[str, set[str]] = {}
    for words in registry.all(FieldWords):
        if words.kept_from and words.key in spoken:
            by_part.setdefault(words.kept_from, set()).add(words.key)
    if not by_part:
        return frozenset()
    counted = counted_parts(reader, OuterRef("pk"))
    part = Participant.objects.filter(record=OuterRef("pk"), user_id=reader.pk or 0)
    plays = {role: Q(Exists(part.filter(role=role))) | counted.get(role, Q(pk=None)) for role in by_part}
    asked = Record.objects.filter(pk=record.pk).values_list(
        *(Case(When(condition, then=True), default=False) for condition in plays.values())
    )
    played = dict(zip(plays, asked.get(), strict=True))
    return frozenset().union(*(fields for role, fields in by_part.items() if played[role]))


def entries_with_words(entries: QuerySet[Entry], text: str) -> QuerySet[Entry]:
    """Keep entries whose subject, comment, person or reference has each of the words, or words that start so.

    PostgreSQL can't tell a rare beginning of a word from a common one, and would look for a rare one through the whole
    trail, or read all of a common one again and again. So some thousand matches are read from the index first. If that
    is all, they are what is kept; else the word is common, and entries are looked at from the newest on.
    """
    words = [
        word.replace("\\", "").replace("'", "''") for word in text.split() if any(map(str.isalnum, word))
    ]
    if not words:
        return entries.none() if text.strip() else entries
    query = SearchQuery(" & ".join(f"'{word}':*" for word in words), search_type="raw", config=WORDS_CONFIG)
    matching = Entry.objects.filter(words=query).order_by()
    rare = list(matching.values_list("pk", flat=True)[: RARE_UP_TO + 1])
    if len(rare) <= RARE_UP_TO:
        return entries.filter(pk__in=rare)
    past_the_index = Coalesce("words", "words")
    return entries.alias(text=past_the_index).filter(text=query)


def changing_entries(seen: Mapping[int, int]) -> dict[int, list[Entry]]:
    """Return the entries of what made records differ from the versions at which they were seen, the latest first.

    Each change that raises a record's version writes one entry of the record's app; what else the trail knows of it (files,
    comments, links) is of other apps. Two queries.
    """
    records = {record.pk: record for record in Record.objects.filter(pk__in=seen)}
    found: dict[int, list[Entry]] = {key: [] for key in records}
    newest = Entry.objects.filter(record_id__in=records).defer("words").order_by("-at", "-pk")
    for entry in newest[:MOST_READ]:
        record = records[entry.record_id or 0]
        entries = found[record.pk]
        is_of_the_record = entry.action.startswith(f"{kind_model(record.kind)._meta.app_label}.")
        if is_of_the_record and entry.after and len(entries) < record.version - seen[record.pk]:
            entries.append(entry)
    return found


def last_entry_of(record: Record) -> Entry | None:
    """Return the latest fact about a record."""
    return Entry.objects.filter(record_id=record.pk).defer("words").order_by("-at", "-pk").first()
