"""Reads of records whatever their kind, of their history, and of the trail."""

from foundation.records.selectors.history import History, history_of
from foundation.records.selectors.records import pairs_that_see, specific, specific_all
from foundation.records.selectors.trail import entries_visible_to, entries_with_words, last_entry_of

__all__ = [
    "History",
    "entries_visible_to",
    "entries_with_words",
    "history_of",
    "last_entry_of",
    "pairs_that_see",
    "specific",
    "specific_all",
]
