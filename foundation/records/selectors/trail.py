"""Which entries of the trail a person may read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import Exists, OuterRef, QuerySet

from foundation.accounts.access import access_of
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.records.querysets import visible_records
from foundation.trail.models import WORDS_COLUMNS, WORDS_CONFIG, Entry

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


def entries_visible_to(user: AnyUser) -> QuerySet[Entry]:
    """Return the entries that a person may read, by the right `trail.view`.

    With the right for some units: those about records of these units. With the right for the whole organisation: all,
    those about people and settings among them. Entries about restricted records are for those alone who may know of
    the record, whatever other rights they have. Conditions hang on single entries, so a page costs what it shows.
    """
    scope = access_of(user).scope("trail.view")
    if not scope:
        return Entry.objects.none()
    entries = Entry.objects.all()
    theirs = Record.objects.filter(pk=OuterRef("record_id"))
    if not scope.everywhere:
        entries = entries.filter(Exists(theirs.filter(unit_id__in=sorted(scope.unit_ids))))
    if visible := visible_records(user):
        secret = theirs.filter(confidentiality=Confidentiality.RESTRICTED).exclude(visible)
        entries = entries.filter(~Exists(secret))
    return entries


def entries_with_words(entries: QuerySet[Entry], text: str) -> QuerySet[Entry]:
    """Keep entries whose subject, comment, person or reference has each of the words, or words that start so."""
    words = [
        word.replace("\\", "").replace("'", "''") for word in text.split() if any(map(str.isalnum, word))
    ]
    if not words:
        return entries.none() if text.strip() else entries
    query = SearchQuery(" & ".join(f"'{word}':*" for word in words), search_type="raw", config=WORDS_CONFIG)
    return entries.annotate(words=SearchVector(*WORDS_COLUMNS, config=WORDS_CONFIG)).filter(words=query)


def last_entry_of(record: Record) -> Entry | None:
    """Return the latest fact about a record."""
    return Entry.objects.filter(record_id=record.pk).order_by("-at", "-pk").first()
