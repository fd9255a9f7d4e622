"""A record's history: the trail's entries about it, together with the field-level history of its tables.

Both carry the instant at which their transaction began, to the microsecond, so what was written by one transaction is
recognised and shown once. What the field-level history knows and the trail does not, such as a change made in the
database by hand, is shown as such.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Any

from django.apps import apps
from django.db import models
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.records.models import Record
from foundation.records.plain import row_name
from foundation.records.selectors.trail import entries_of, fields_kept_in
from foundation.records.words import (
    actor_of,
    changes_of,
    field_label,
    icon_of,
    kind_model,
    sentence_of,
    value_words,
    words_before,
)
from foundation.trail.models import Entry
from foundation.ui.structure import Change, Moment

PAGE = 30
NEVER_SHOWN = {"id", "kind", "reference", "version", "created_by", "created_at", "updated_at"}


@dataclass(frozen=True)
class History:
    """What happened to a record, newest first; `older` is from when the next part goes on, None at the beginning."""

    moments: list[Moment]
    older: datetime | None


@dataclass(frozen=True)
class _Difference:
    """A field that an event changed, as columns keep its values."""

    column: models.Field[Any, Any]
    before: Any
    after: Any


@dataclass
class _Transaction:
    """What one transaction did to the record."""

    entries: list[Entry] = field(default_factory=list)
    differences: list[_Difference] = field(default_factory=list)
    created: bool = False
    user_id: int | None = None

    @property
    def told(self) -> set[str]:
        """Return the fields that its entries speak of."""
        return {name for entry in self.entries for name in (*entry.before, *entry.after)}


def history_of(record: Record, reader: User, *, before: datetime | None = None, size: int = PAGE) -> History:
    """Return a part of a record's history, newest first: what happened before an instant, some `size` transactions.

    A query for the entries, one for each table of the record, and one for each kind of thing that fields point to.
    """
    transactions: dict[datetime, _Transaction] = defaultdict(_Transaction)
    floors: list[datetime] = []
    entries = entries_of(record, reader).filter(**({"at__lt": before} if before else {}))
    newest = list(entries.order_by("-at", "-pk")[: size + 1])
    for entry in newest:
        transactions[entry.at].entries.append(entry)
    if len(newest) > size:
        floors.append(newest[-1].at)
    for event_model in _event_models(kind_model(record.kind)):
        events = event_model._default_manager.filter(
            pgh_obj_id=record.pk, **({"pgh_created_at__lt": before} if before else {})
        )
        found: list[Any] = list(events.select_related("pgh_context").order_by("-pgh_id")[: size + 1])
        _read_events(found, transactions)
        if len(found) > size:
            floors.append(found[-1].pgh_created_at)
    # Below the highest floor a source was not read, so what stands there is not whole.
    floor = max(floors, default=None)
    whole = sorted((at for at in transactions if floor is None or at > floor), reverse=True)[:size]
    if not whole and transactions:
        whole = [max(transactions)]
    shown = [(at, transactions[at]) for at in whole]
    kept = fields_kept_in(record, reader)
    names = _Names(transaction for _at, transaction in shown)
    moments = [moment for at, done in shown for moment in _moments(at, done, record.kind, names, kept)]
    return History(moments, older=whole[-1] if len(whole) < len(transactions) else None)


def _event_models(model: type[models.Model]) -> list[type[models.Model]]:
    """Return the tables of the field-level history of a kind of record: those of all records, and its own."""
    tracked = {getattr(event, "pgh_tracked_model", None): event for event in apps.get_models()}
    return [tracked[table] for table in reversed(model.__mro__) if table in tracked]


def _read_events(found: Sequence[Any], transactions: dict[datetime, _Transaction]) -> None:
    """Note what each event changed against the one before it; the oldest one read is only compared with."""
    for newer, older in pairwise([*found, None]):
        done = transactions[newer.pgh_created_at] if older or newer.pgh_label == "insert" else _Transaction()
        done.created = done.created or newer.pgh_label == "insert"
        if newer.pgh_context:
            done.user_id = newer.pgh_context.metadata.get("user")
        if older is not None:
            done.differences.extend(_differences(older, newer))


def _differences(older: Any, newer: Any) -> Iterator[_Difference]:
    for column in newer._meta.concrete_fields:
        if column.name.startswith("pgh_") or column.name.endswith("_ptr") or column.name in NEVER_SHOWN:
            continue
        before, after = getattr(older, column.attname), getattr(newer, column.attname)
        if before != after:
            yield _Difference(column, before, after)


def _moments(
    at: datetime, done: _Transaction, kind: str, names: _Names, kept: Collection[str]
) -> Iterator[Moment]:
    """Yield what a transaction did, newest first; fields that no entry speaks of are shown with the first one."""
    told = {*done.told, *kept}
    untold = [_change(one, kind, names) for one in done.differences if one.column.name not in told]
    if not done.entries and (done.created or untold):
        yield Moment(
            at=at,
            actor=names.person(done.user_id) or _("Somebody"),
            sentence=_("created it, without an entry in the trail")
            if done.created
            else _("changed it, without an entry in the trail"),
            icon="database",
            changes=untold,
        )
    for entry in done.entries:
        yield Moment(
            at=at,
            actor=actor_of(entry),
            sentence=sentence_of(entry),
            icon=icon_of(entry),
            comment=entry.comment,
            changes=[*changes_of(entry, kept=kept), *(untold if entry is done.entries[-1] else ())],
        )


def _change(difference: _Difference, kind: str, names: _Names) -> Change:
    column = difference.column
    model = kind_model(kind)
    return Change(
        field_label(column.name, model),
        words_before(column.name, names.value(column, difference.before), model, kind),
        value_words(column.name, names.value(column, difference.after), model, kind),
    )


class _Names:
    """The names behind the numbers in events, read at once for each table that they point to."""

    def __init__(self, transactions: Iterator[_Transaction]) -> None:
        wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
        for done in transactions:
            if not done.entries and done.user_id:
                wanted[User].add(done.user_id)
            for one in done.differences:
                if isinstance(one.column, models.ForeignKey):
                    wanted[one.column.related_model] |= {one.before, one.after} - {None}
        self._rows = {model: model._default_manager.in_bulk(list(keys)) for model, keys in wanted.items()}

    def value(self, column: models.Field[Any, Any], value: Any) -> Any:
        """Return a column's value, with the name of the row that it points to."""
        if value is None or not isinstance(column, models.ForeignKey):
            return value
        row = self._rows[column.related_model].get(value)
        return {"id": value, "name": row_name(row) if row else f"#{value}"}

    def person(self, user_id: int | None) -> str:
        """Return a person's name, or nothing."""
        return str(self._rows.get(User, {}).get(user_id, ""))
