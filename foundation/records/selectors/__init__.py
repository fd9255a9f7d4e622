"""Reads of records whatever their kind, of their history, and of the trail."""

from foundation.records.selectors.held import (
    held_of,
    name_for,
    owned_held,
    parts_held,
    parts_taken,
    records_owned,
    successors_for,
    with_work_left,
)
from foundation.records.selectors.history import History, history_of
from foundation.records.selectors.records import (
    known_name,
    pairs_that_see,
    people_who_see,
    specific,
    specific_all,
    stands_in_for_owner,
)
from foundation.records.selectors.trail import (
    KEPT_FROM,
    changing_entries,
    entries_of,
    entries_visible_to,
    entries_with_words,
    fields_kept,
    fields_kept_in,
    last_entry_of,
    may_be_kept,
    speaking_of_kept,
    spoken_of,
)

__all__ = [
    "KEPT_FROM",
    "History",
    "changing_entries",
    "entries_of",
    "entries_visible_to",
    "entries_with_words",
    "fields_kept",
    "fields_kept_in",
    "held_of",
    "history_of",
    "known_name",
    "last_entry_of",
    "may_be_kept",
    "name_for",
    "owned_held",
    "pairs_that_see",
    "parts_held",
    "parts_taken",
    "people_who_see",
    "records_owned",
    "speaking_of_kept",
    "specific",
    "specific_all",
    "spoken_of",
    "stands_in_for_owner",
    "successors_for",
    "with_work_left",
]
