"""Reads of the dates of a year in heaps: how many there are of each sort in each month, and the first of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Count, DateField, IntegerField, Q

from foundation.calendar.choices import Outcome
from foundation.calendar.querysets import MARGIN, CalendarDateQuerySet
from foundation.calendar.selectors.days import Entry, FoundDate, entry_of
from foundation.calendar.spans import month_end
from foundation.records.written import Written

FIRST_YEAR, LAST_YEAR = 1971, 2998

# Each heap is looked up in the index by itself and left after its first few: what is read does not grow with the heaps.
OF_HEAP = """{root_kind} = asked.kind AND {duty} = asked.duty AND {outcome} = asked.outcome
    AND {due_at} BETWEEN asked.near AND asked.far"""
# Which month of a year: 0 lies before it, and 13 after. A condition on the day in its place would be believed to leave next to
# nothing, and all would be sorted to be counted; this is also the quickest.
MONTH = "width_bucket(coalesce({due_on}, ({due_at} AT TIME ZONE %s)::date), %s)"
FIRST = """
    SELECT asked.place, found.deadline_id, found."on", deadline.kind, found.due_on, found.due_at, asked.outcome, deadline.closed_at,
           record.kind, record.reference, record.title, person.full_name
    FROM unnest(%s::int[], %s::text[], %s::int[], %s::int[], %s::timestamptz[], %s::timestamptz[], %s::date[], %s::date[])
        AS asked (place, kind, duty, outcome, near, far, first, last)
    CROSS JOIN LATERAL (OF_HEAP) AS found (deadline_id, "on", due_on, due_at, record_id, assignee_id)
    JOIN deadlines_deadline AS deadline ON deadline.id = found.deadline_id
    JOIN records_record AS record ON record.id = found.record_id
    JOIN accounts_user AS person ON person.id = found.assignee_id
    ORDER BY asked.place, found.due_at, found.deadline_id
"""


class Heap(NamedTuple):
    """The dates of a month that are of one sort: of records of a kind and the actions that follow from these, of one duty, open or not.

    `kind` and `duty` are as in CalendarDate; `late` of them are open, and over.
    """

    kind: str
    duty: int
    month: int
    outcome: int
    total: int
    late: int


def heaps_of(rows: CalendarDateQuerySet, year: int, *, zone: tzinfo, now: datetime) -> list[Heap]:
    """Return the heaps of a year, counted in the database by one query."""
    starts = [date(year + month // 12, month % 12 + 1, 1) for month in range(13)]
    near: Any = rows.filter(
        due_at__gte=_instant(starts[0]) - MARGIN, due_at__lte=_instant(starts[-1]) + MARGIN
    )
    place = Written(
        MONTH, {"due_on": "due_on", "due_at": "due_at"}, (str(zone), starts), output_field=IntegerField()
    )
    late = Count("pk", filter=Q(outcome=Outcome.OPEN, due_at__lte=now))
    heaped = near.annotate(month=place).order_by().values("root_kind", "duty", "month", "outcome")
    counted = heaped.annotate(total=Count("*"), late=late)
    found = counted.values_list("root_kind", "duty", "month", "outcome", "total", "late")
    return [heap for heap in map(Heap._make, found) if 1 <= heap.month <= 12]


def first_of(
    rows: CalendarDateQuerySet,
    year: int,
    heaps: Sequence[Heap],
    *,
    shown: int,
    zone: tzinfo,
    now: datetime,
) -> dict[Heap, list[Entry]]:
    """Return the first `shown` dates of each heap, by one query."""
    entries: dict[Heap, list[Entry]] = {}
    try:
        of_heap, values = _of_heap(rows, zone)[:shown].query.sql_with_params()
    except EmptyResultSet:
        return entries
    if not heaps:
        return entries
    firsts = [date(year, heap.month, 1) for heap in heaps]
    lasts = [month_end(day) for day in firsts]
    asked = (
        list(range(len(heaps))),
        [heap.kind for heap in heaps],
        [heap.duty for heap in heaps],
        [heap.outcome for heap in heaps],
        [_instant(day) - MARGIN for day in firsts],
        [_instant(day) + MARGIN for day in lasts],
        firsts,
        lasts,
    )
    with connection.cursor() as cursor:
        cursor.execute(FIRST.replace("OF_HEAP", of_heap), (*asked, *values))
        for place, *row in cursor.fetchall():
            entries.setdefault(heaps[place], []).append(entry_of(FoundDate(*row), now=now))
    return entries


def _of_heap(rows: CalendarDateQuerySet, zone: tzinfo) -> CalendarDateQuerySet:
    """Return the dates of the heap that is asked for, the earliest first."""
    columns = {name: name for name in ("root_kind", "duty", "outcome", "due_at")}
    heap = rows.filter(Written(OF_HEAP, columns, output_field=BooleanField()))
    first, last = (Written(f"asked.{name}", {}, output_field=DateField()) for name in ("first", "last"))
    ordered: Any = heap.on_days_of(zone).filter(on__gte=first, on__lte=last).order_by("due_at", "pk")
    found: CalendarDateQuerySet = ordered.values_list(
        "pk", "on", "due_on", "due_at", "record_id", "assignee_id"
    )
    return found


def _instant(day: date) -> datetime:
    """Return when a day begins in UTC."""
    return datetime.combine(day, time(), UTC)
