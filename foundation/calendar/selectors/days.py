"""Reads of dates for the calendar. What is read is bounded, however many dates there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import cached_property
from itertools import groupby
from typing import Any, NamedTuple

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.calendar.choices import Outcome, View
from foundation.calendar.models import CalendarDate
from foundation.calendar.querysets import CalendarDateQuerySet
from foundation.calendar.spans import Span
from foundation.deadlines.models import Deadline
from foundation.deadlines.wording import kind_label, record_path
from foundation.registry import DateMover, registry
from foundation.ui.addresses import address_of_key
from foundation.ui.components import Tone
from foundation.ui.dates import clock_time, day_words, days_until, distance_text, full_text, is_late
from foundation.ui.pagination import Page, read_page

PAGE_SIZE = 80
SOON = 7

# What the calendar says of a date, in the order of FoundDate.
FIELDS = (
    "pk",
    "on",
    "deadline__kind",
    "due_on",
    "due_at",
    "outcome",
    "deadline__closed_at",
    "record__kind",
    "record__reference",
    "record__title",
    "assignee__full_name",
)


class FoundDate(NamedTuple):
    """A date with what the calendar says of it, as plain values. `on` is its day in the reader's zone."""

    pk: int
    on: date
    kind: str
    due_on: date | None
    due_at: datetime
    outcome: int
    closed_at: datetime | None
    record_kind: str
    reference: str
    title: str
    assignee: str


@dataclass(frozen=True)
class Entry:
    """A date as the calendar shows it. `time` is empty for a whole day; `distance` says how far off it is when late or near.

    `closed` says of one that is open no longer what became of it, and when.
    """

    pk: int
    on: date
    what: str
    title: str
    reference: str
    url: str
    assignee: str
    due: date | datetime
    time: str
    tone: Tone
    distance: str
    can_move: bool
    kind: str = ""
    closed: str = ""
    was_dropped: bool = False

    @cached_property
    def move_url(self) -> str:
        """Return where it is moved to another day."""
        return address_of_key("calendar:date-move", self.pk)

    @property
    def is_late(self) -> bool:
        """Tell whether it is late."""
        return self.tone is Tone.BAD

    @property
    def words(self) -> str:
        """Return all of it in a sentence, for a tip and for screen readers."""
        said = self.closed or self.distance
        parts = (self.what, f"{self.reference} {self.title}", self.time, said, self.assignee)
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True)
class Day:
    """A day of the calendar: its first dates, and how many there are in all."""

    on: date
    entries: Sequence[Entry]
    count: int
    is_today: bool
    is_aside: bool = False

    @property
    def more(self) -> int:
        """Return how many are not shown."""
        return self.count - len(self.entries)

    @property
    def iso(self) -> str:
        """Return the day as addresses and scripts have it: 2026-11-27."""
        return self.on.isoformat()

    @property
    def name(self) -> str:
        """Return the day in full."""
        return full_text(self.on)


def dates_visible(user: User) -> CalendarDateQuerySet:
    """Return the dates of records that a person may know of, open or not."""
    rows: CalendarDateQuerySet = CalendarDate.objects.visible_to(user)
    return rows


def date_visible(user: User, pk: int) -> Deadline | None:
    """Return one deadline with its record, if the person may know of it."""
    found: Deadline | None = Deadline.objects.visible_to(user).filter(pk=pk).select_related("record").first()
    return found


def days_of(
    rows: CalendarDateQuerySet, span: Span, *, zone: tzinfo, today: date, now: datetime, shown: int
) -> list[Day]:
    """Return the days of a span, each with the first `shown` of its dates, by two queries.

    The first ranks and counts the narrow copies in the database, so that what is read in full is bounded by the days
    and not by the dates.
    """
    dated = rows.within(span.first, span.last, zone)
    ranked = dated.annotate(
        place=Window(RowNumber(), partition_by=[F("on")], order_by=["outcome", "due_at", "pk"]),
        of_day=Window(Count("*"), partition_by=[F("on")]),
    )
    places = list(ranked.filter(place__lte=shown).order_by("on", "place").values_list("pk", "on", "of_day"))
    found = _in_full(dated, [pk for pk, _on, _count in places])
    entries: dict[date, list[Entry]] = {}
    counts: dict[date, int] = {}
    for pk, on, count in places:
        counts[on] = count
        if row := found.get(pk):
            entries.setdefault(on, []).append(entry_of(row, now=now))
    return [
        Day(
            on=on,
            entries=entries.get(on, []),
            count=counts.get(on, 0),
            is_today=on == today,
            is_aside=span.view is View.MONTH and on.month != span.day.month,
        )
        for on in span.days
    ]


def _in_full(dated: CalendarDateQuerySet, keys: Sequence[int]) -> dict[int, FoundDate]:
    """Return dates by their keys, with what the calendar says of them."""
    rows = dated.filter(pk__in=keys).values_list(*FIELDS)
    return {row[0]: FoundDate(*row) for row in rows}


def page_of(rows: CalendarDateQuerySet, span: Span, number: int, *, zone: tzinfo) -> Page:
    """Return a page of the dates of a span in order, by two queries; raise BadPage where there is none."""
    dated: Any = rows.within(span.first, span.last, zone)
    ordered = dated.order_by("due_at", "outcome", "pk")
    return read_page(
        ordered, number, size=PAGE_SIZE, in_full=lambda shown: shown.values_list(*FIELDS, named=True)
    )


def days_listed(rows: Iterable[Any], *, today: date, now: datetime) -> list[Day]:
    """Return the dates of a page by their days."""
    entries = sorted((entry_of(FoundDate(*row), now=now) for row in rows), key=lambda entry: entry.on)
    days = ((on, list(day)) for on, day in groupby(entries, lambda entry: entry.on))
    return [Day(on=on, entries=day, count=len(day), is_today=on == today) for on, day in days]


def entry_of(row: FoundDate, *, now: datetime) -> Entry:
    """Return a date as the calendar shows it."""
    is_open = row.outcome == Outcome.OPEN
    due = row.due_on or row.due_at
    tone = _tone(due, now) if is_open else Tone.NEUTRAL
    return Entry(
        pk=row.pk,
        on=row.on,
        kind=row.kind,
        what=kind_label(row.kind),
        title=row.title,
        reference=row.reference,
        url=record_path(row.record_kind, row.reference),
        assignee=row.assignee,
        due=due,
        time="" if row.due_on else clock_time(row.due_at),
        tone=tone,
        can_move=is_open and row.due_on is not None and registry.find(DateMover, row.kind) is not None,
        distance="" if tone is Tone.NEUTRAL else distance_text(due, now=now),
        closed=closed_words(row.closed_at, was_dropped=row.outcome == Outcome.DROPPED),
        was_dropped=row.outcome == Outcome.DROPPED,
    )


def closed_words(closed_at: datetime | None, *, was_dropped: bool) -> str:
    """Return what became of a date that is open no longer, and when; nothing of an open one."""
    if closed_at is None:
        return ""
    words = _("Called off on %(day)s") if was_dropped else _("Done on %(day)s")
    return words % {"day": day_words(localtime(closed_at).date())}


def _tone(due: date | datetime, now: datetime) -> Tone:
    if is_late(due, now=now):
        return Tone.BAD
    return Tone.ATTENTION if days_until(due, now=now) <= SOON else Tone.NEUTRAL
