"""What was found, as pages and the palette show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from foundation.accounts.models import User
from foundation.lifecycle.tables import Lifecycle
from foundation.records.lexemes import Question, holds_all
from foundation.records.models import Record
from foundation.registry import RecordKind, SearchHit, SearchSource, registry
from foundation.search.selectors import kind_texts, records_by_key
from foundation.ui.components import Badge, Tone


@dataclass(frozen=True)
class RecordLine:
    """A record that was found; `text` is its kind's own, where the words are not all in reference and title."""

    record: Record
    text: str = ""

    @property
    def kind(self) -> RecordKind:
        """Return the record's kind."""
        return self.record.kind_entry

    @property
    def state(self) -> Badge | None:
        """Return the record's state as its lifecycle names it."""
        table = registry.find(Lifecycle, self.record.kind)
        if table is None:
            return None
        label = table.states(self.record.state).label
        return Badge(label, table.tones.get(self.record.state, Tone.NEUTRAL), dot=True)


@dataclass(frozen=True)
class Section:
    """What a source found; `more_url` leads to the rest, where there may be some."""

    source: SearchSource
    hits: Sequence[SearchHit]
    more_url: str = ""


def lines_of(keys: Sequence[int], question: Question) -> list[RecordLine]:
    """Return a line for each record, in order. One query, and one for each kind whose own text holds some of the words."""
    records = records_by_key(keys)
    elsewhere = [
        record for record in records if not holds_all(f"{record.reference} {record.title}", question)
    ]
    texts = kind_texts(elsewhere)
    return [RecordLine(record, texts.get(record.pk, "")) for record in records]


def section_of(
    source: SearchSource, user: User, text: str, *, limit: int, now: datetime, more_url: str = ""
) -> Section:
    """Return what a source finds for a person, so many at most."""
    hits = list(source.search(user=user, text=text, now=now, limit=limit))[:limit]
    return Section(source, hits, more_url if len(hits) == limit else "")
