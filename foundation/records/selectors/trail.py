"""Which entries of the trail a person may read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import (
    BooleanField,
    Case,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from foundation.accounts.access import access_of
from foundation.records.choices import Confidentiality
from foundation.records.models import Participant, Record, Withheld
from foundation.records.playing import parts_played
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
    the record, whatever other rights they have, and so are those about what is withheld from the reader. What a record's
    history keeps from the reader stays out, too. Conditions hang on single entries, so a page costs what it shows.
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
        entries = entries.alias(is_secret=_found(theirs.filter(closed).exclude(visible))).filter(
            is_secret=False
        )
    return _with_kept(entries, user, OuterRef("record_id")).filter(is_kept=False)


def entries_of(record: Record, reader: AnyUser) -> QuerySet[Entry]:
    """Return what the trail has of a record, for a reader who may know of it: not what is kept from a part they play in it."""
    entries = Entry.objects.filter(record_id=record.pk).defer("words")
    parts = parts_played(reader, record)
    if not parts:
        return entries
    actions = [verb.action for verb in registry.all(TrailVerb) if verb.kept_from in parts]
    return entries.alias(**{KEPT_FROM: _said_kept()}).exclude(
        Q(action__in=actions) | Q(**{f"{KEPT_FROM}__in": sorted(parts)})
    )


def entries_unkept(entries: QuerySet[Entry], reader: AnyUser) -> QuerySet[Entry]:
    """Keep, of entries about records that a reader may know of, those that the reader may read to the last value.

    Left out is what is kept from a part that they play in the record, and what speaks of a field that is: an entry as it
    was sealed can't be shown without one of its values.
    """
    readable = _with_kept(entries, reader, OuterRef("record_id")).filter(is_kept=False)
    if not _fields_by_part():
        return readable
    return readable.exclude(pk__in=speaking_of_kept(entries, reader).values("pk"))


def _with_kept(entries: QuerySet[Entry], reader: AnyUser, record: Any) -> QuerySet[Any]:
    """Return entries for which `is_kept` tells that one is kept from the reader, who plays a part in its record.

    That is said by the entry's `TrailVerb`, or (of what hangs on the record, such as a file) by the entry itself. `record`
    is the expression of the record's key. Parts are looked up for those entries alone that are kept from one.
    """
    named = Q(_found(_parts(reader, record).filter(role=OuterRef(KEPT_FROM))))
    for role, records in counted_parts(reader, record).items():
        named |= Q(Q(**{KEPT_FROM: role}), _found(records))
    kept = Q(~Q(**{KEPT_FROM: ""}), named)
    by_part: dict[str, list[str]] = {}
    for verb in registry.all(TrailVerb):
        if verb.kept_from:
            by_part.setdefault(verb.kept_from, []).append(verb.action)
    for role, actions in by_part.items():
        kept |= Q(Q(action__in=actions), _plays(reader, record, role))
    return entries.alias(**{KEPT_FROM: _said_kept()}).alias(
        is_kept=Case(When(kept, then=True), default=False)
    )


def _said_kept() -> Coalesce:
    """Return the part from which an entry itself says that it is kept; empty for most."""
    return Coalesce(
        KeyTextTransform(KEPT_FROM, "after"),
        KeyTextTransform(KEPT_FROM, "before"),
        Value(""),
        output_field=TextField(),
    )


def _parts(reader: AnyUser, record: Any) -> QuerySet[Participant]:
    return Participant.objects.filter(record_id=record, user_id=reader.pk or 0)


def _plays(reader: AnyUser, record: Any, role: str) -> Q:
    """Return the condition that a reader plays a part in a record, or counts as one who does."""
    named = Q(_found(_parts(reader, record).filter(role=role)))
    records = counted_parts(reader, record).get(role)
    return named if records is None else named | Q(_found(records))


def _found(rows: QuerySet[Any]) -> Coalesce:
    """Return whether there is any of the rows, looked up for single entries.

    Made a join or a hash table (EXISTS), PostgreSQL would misjudge how many rows there are and read them all; asked for
    NULL, it would take nearly all entries for such and read all entries.
    """
    known = rows.order_by().annotate(known=Value(True)).values("known")[:1]
    return Coalesce(Subquery(known), False, output_field=BooleanField())


def spoken_of(entries: Iterable[Entry]) -> dict[int, set[str]]:
    """Return the fields that entries speak of, by the record that they are about."""
    spoken: dict[int, set[str]] = {}
    for entry in entries:
        spoken.setdefault(entry.record_id or 0, set()).update(entry.before, entry.after)
    return spoken


def fields_kept(reader: AnyUser, spoken: Mapping[int, Collection[str]]) -> Mapping[int, Collection[str]]:
    """Return, by record, those of the fields spoken of whose values the reader does not read in its history or the trail.

    One query, none where no field is kept from anybody.
    """
    by_part = _fields_by_part()
    some = frozenset().union(*by_part.values())
    keys = [key for key, fields in spoken.items() if not some.isdisjoint(fields)]
    if not keys:
        return {}
    plays = (Case(When(_plays(reader, OuterRef("pk"), role), then=True), default=False) for role in by_part)
    kept = {}
    for key, *played in Record.objects.filter(pk__in=keys).values_list("pk", *plays):
        parts = zip(by_part.values(), played, strict=True)
        kept[key] = frozenset().union(*(fields for fields, is_played in parts if is_played))
    return kept


def fields_kept_in(record: Record, reader: AnyUser) -> frozenset[str]:
    """Return the fields whose values a reader does not read in the history of a record in hand."""
    by_part = _fields_by_part()
    return frozenset().union(*(by_part.get(part, ()) for part in parts_played(reader, record)))


def speaking_of_kept(entries: QuerySet[Entry], reader: AnyUser) -> QuerySet[Entry]:
    """Keep entries that speak of a field whose values the reader does not read."""
    speaking = Q(pk=None)
    for role, fields in _fields_by_part().items():
        names = sorted(fields)
        speaks = Q(before__has_any_keys=names) | Q(after__has_any_keys=names)
        speaking |= Q(speaks, _plays(reader, OuterRef("record_id"), role))
    return entries.filter(speaking)


def may_be_kept(name: str) -> bool:
    """Tell whether the values of a field are kept from who plays some part."""
    words = registry.find(FieldWords, name)
    return bool(words and words.kept_from)


def _fields_by_part() -> dict[str, frozenset[str]]:
    by_part: dict[str, frozenset[str]] = {}
    for words in registry.all(FieldWords):
        if words.kept_from:
            by_part[words.kept_from] = by_part.get(words.kept_from, frozenset()) | {words.key}
    return by_part


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


def changing_entries(seen: Mapping[int, int], reader: AnyUser) -> dict[int, list[Entry]]:
    """Return the entries of what made records differ from the versions at which they were seen, the latest first.

    Without those that are kept from the reader.

    Each change that raises a record's version writes one entry of the record's app; what else the trail knows of it (files,
    comments, links) is of other apps. Two queries.
    """
    records = {record.pk: record for record in Record.objects.filter(pk__in=seen)}
    found: dict[int, list[Any]] = {key: [] for key in records}
    newest = Entry.objects.filter(record_id__in=records).defer("words").order_by("-at", "-pk")
    for entry in _with_kept(newest, reader, OuterRef("record_id")).annotate(hidden=F("is_kept"))[:MOST_READ]:
        record = records[entry.record_id or 0]
        entries = found[record.pk]
        is_of_the_record = entry.action.startswith(f"{kind_model(record.kind)._meta.app_label}.")
        if is_of_the_record and entry.after and len(entries) < record.version - seen[record.pk]:
            entries.append(entry)
    return {key: [entry for entry in entries if not entry.hidden] for key, entries in found.items()}


def last_entry_of(record: Record) -> Entry | None:
    """Return the latest fact about a record."""
    return Entry.objects.filter(record_id=record.pk).defer("words").order_by("-at", "-pk").first()
