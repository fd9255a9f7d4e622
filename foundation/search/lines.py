"""What was found, as pages and the palette show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from foundation.accounts.models import User
from foundation.lifecycle.tables import Lifecycle
from foundation.records.lexemes import Question, holds_all
from foundation.records.models import Record
from foundation.registry import RecordKind, SearchHit, SearchSource, registry
from foundation.search.selectors import kind_texts, records_by_key
from foundation.ui.components import Badge, Tone


@dataclass(frozen=True)
class RecordLine:
    """A record that was found; `text` is its kind's own, where the words are not all in reference and title.

    `stands` is the state in which the day has put it, where that is not written yet.
    """

    record: Record
    text: str = ""
    stands: str = ""

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
        state = self.stands or self.record.state
        return Badge(table.states(state).label, table.tones.get(state, Tone.NEUTRAL), dot=True)


@dataclass(frozen=True)
class Section:
    """What a source found; `more_url` leads to the rest, where there may be some."""

    source: SearchSource
    hits: Sequence[SearchHit]
    more_url: str = ""


def lines_of(keys: Sequence[int], question: Question, *, on: date) -> list[RecordLine]:
    """Return a line for each record, in order, as it stands on a day. One query, and one for each kind whose own text holds some
    of the words, or that a day alone moves on.
    """
    records = records_by_key(keys)
    elsewhere = [
        record for record in records if not holds_all(f"{record.reference} {record.title}", question)
    ]
    texts = kind_texts(elsewhere)
    standing = _standing(records, on)
    return [RecordLine(record, texts.get(record.pk, ""), standing.get(record.pk, "")) for record in records]


def _standing(records: Sequence[Record], on: date) -> dict[int, str]:
    found: dict[int, str] = {}
    for table in registry.all(Lifecycle):
        keys = [record.pk for record in records if record.kind == table.key] if table.stands else []
        if keys and table.stands:
            found.update(table.stands(keys, on))
    return found


def section_of(
    source: SearchSource, user: User, text: str, *, limit: int, now: datetime, more_url: str = ""
) -> Section:
    """Return what a source finds for a person, so many at most."""
    hits = list(source.search(user=user, text=text, now=now, limit=limit))[:limit]
    return Section(source, hits, more_url if len(hits) == limit else "")
