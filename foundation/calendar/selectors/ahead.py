"""Reads of what recurs and has no record yet: the occurrences that the portal plans by itself in time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import DateField, F, IntegerField, JSONField, QuerySet, TextField, Value
from django.db.models.functions import Cast

from foundation.accounts.models import User
from foundation.deadlines.recurrence import Recurrence
from foundation.deadlines.rules import RecurrenceError
from foundation.deadlines.selectors import days_ahead
from foundation.deadlines.wording import kind_label, record_path
from foundation.registry import PlannedAhead, registry

MOST_ROWS = 300  # of which each is reckoned by its rule

Narrow = Callable[[QuerySet[Any]], QuerySet[Any]]
_Recurs = tuple[str, date, tuple[tuple[str, str | None], ...]]


class _Row(NamedTuple):
    """The latest record of what recurs, with all that its next occurrences are reckoned from."""

    since: date
    reference: str
    key: str
    kind: str
    title: str
    owner: str
    rule: str
    starts_on: date
    one_by_one: date | None
    exceptions: list[tuple[str, str | None]] | None
    lead: int
    duty: int
    early: int | None


@dataclass(frozen=True)
class Ahead:
    """An occurrence that has no record yet; `reference` and `url` are of the record that it follows.

    `key` is that of the kind of date that it will have. `planned_on` is when the portal plans it; None: once the one before is over. `kind` and `duty` are as in CalendarDate.
    """

    on: date
    key: str
    what: str
    title: str
    reference: str
    url: str
    assignee: str
    kind: str
    duty: int
    planned_on: date | None


def ahead_of(user: User, first: date, last: date, *, today: date, narrow: Narrow) -> tuple[list[Ahead], bool]:
    """Return what takes place from one day to another and is not planned, in order, by one query; and whether that is all.

    `narrow` keeps some of the records that they follow. Past days are left out: what fell on them is planned or never will be.
    """
    rows = [_rows_of(one, narrow(one.rows(user)), last) for one in registry.all(PlannedAhead)]
    if not rows:
        return [], True
    found = rows[0].union(*rows[1:], all=True).order_by("ahead_since", "reference")[: MOST_ROWS + 1]
    read = [_Row(*row) for row in found]
    start = max(first, today)
    ahead = [one for row in read[:MOST_ROWS] for one in _occurrences(row, start, last, today)]
    return sorted(ahead, key=lambda one: (one.on, one.reference)), len(read) <= MOST_ROWS


def _rows_of(one: PlannedAhead, records: QuerySet[Any], last: date) -> Any:
    early = days_ahead(*one.kinds) if one.kinds else Value(None, output_field=IntegerField())
    told: dict[str, Any] = {
        "ahead_since": _told(one.since, DateField()),
        "ahead_key": Value(one.key, output_field=TextField()),
        "ahead_rule": _told(one.rule, TextField()),
        "ahead_starts_on": _told(one.starts_on, DateField()),
        "ahead_one_by_one": _told(one.one_by_one, DateField()),
        "ahead_exceptions": _told(one.exceptions, JSONField()),
        "ahead_lead": _told(one.lead, IntegerField()),
        "ahead_duty": _told(one.duty, IntegerField()),
        "ahead_early": early,
    }
    dated = records.alias(ahead_start=told["ahead_since"]).filter(ahead_start__lte=last).order_by()
    return dated.annotate(**told).values_list(
        "ahead_since",
        "reference",
        "ahead_key",
        "kind",
        "title",
        "owner__full_name",
        *list(told)[2:],
    )


def _told(what: Any, field: Any) -> Any:
    """Return what a record tells, as an expression of a type: a field by its name, an expression, or a value."""
    if isinstance(what, str):
        return Cast(F(what), field)
    if what is None or isinstance(what, int):
        return Cast(Value(what), field)
    return Cast(what, field)


def _occurrences(row: _Row, first: date, last: date, today: date) -> list[Ahead]:
    decided = tuple((day, to) for day, to in row.exceptions or ())
    days = _days_of((row.rule, row.starts_on, decided), row.since, min(first, row.since), last)
    what, url = kind_label(row.key), record_path(row.kind, row.reference)
    made, before = [], row.one_by_one
    for on in days:
        if on >= first:
            planned_on = _planned_on(row, on, before, today)
            told = (row.title, row.reference, url, row.owner, row.kind, row.duty, planned_on)
            made.append(Ahead(on, row.key, what, *told))
        before = row.one_by_one and on
    return made


def _planned_on(row: _Row, on: date, before: date | None, today: date) -> date | None:
    if row.early is None:
        return None
    begins = on - timedelta(days=row.lead + row.early)
    return max(begins, today, before or today)


@lru_cache(maxsize=4096)  # a year of a rule is reckoned once, however often the page is asked for
def _days_of(recurs: _Recurs, since: date, first: date, last: date) -> tuple[date, ...]:
    rule, starts_on, exceptions = recurs
    decided = [(date.fromisoformat(day), to and date.fromisoformat(to)) for day, to in exceptions]
    try:
        recurrence = Recurrence(
            rule,
            starts_on,
            skipped=frozenset(day for day, to in decided if not to),
            moved=tuple((day, to) for day, to in decided if to),
        )
    except RecurrenceError:
        return ()
    return tuple(recurrence.within(first, last, since=since))
