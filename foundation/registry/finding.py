"""What is searched besides records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from foundation.registry.texts import StrOrPromise


@dataclass(frozen=True, kw_only=True)
class SearchHit:
    """Something that a SearchSource found: a file, a comment, a person.

    `record` is what it hangs on, if it does. `text` is where the words were found, as plain text of whatever length: the
    page shows the part around them, with the words marked. `note` says who and when, in a few words.
    """

    title: StrOrPromise
    url: str
    record: Any = None
    text: str = ""
    note: StrOrPromise = ""


@dataclass(frozen=True, kw_only=True)
class SearchSource:
    """What is searched besides records: the names of files, comments, people.

    `search(user=…, text=…, now=…, limit=…)` returns at most `limit` SearchHits, best first, of what the person may know of
    alone: the source itself sees to that. It is asked within a page, so it must be bounded, and must bear any text.
    `right` None: everyone who is signed in may search it; else who has the right anywhere.
    """

    key: str
    label: StrOrPromise
    icon: str
    search: Callable[..., Sequence[SearchHit]]
    right: str | None = None
    order: int = 100
