"""Reads of dates for the calendar. What is read is bounded, however many dates there are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Window
from django.db.models.functions import Coalesce, RowNumber, TruncDate
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.calendar.choices import View
from foundation.calendar.spans import Span
from foundation.deadlines.models import Deadline
from foundation.deadlines.querysets import DeadlineQuerySet
from foundation.deadlines.wording import kind_label, record_path
from foundation.records.querysets import visibility_grounds
from foundation.registry import DateMover, registry
from foundation.ui.components import Tone
from foundation.ui.dates import clock_time, day_words, days_until, distance_text, full_text, is_late
from foundation.ui.pagination import Page, read_page

if TYPE_CHECKING:
    from django.db.models import QuerySet

PAGE_SIZE = 100
# A whole day ends at midnight somewhere on Earth, so the instants of some local days lie within this of the days of UTC.
MARGIN = timedelta(days=2)
SOON = 7
OPEN_FIRST = F("closed_at").asc(nulls_first=True)


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
    closed: str = ""
    was_dropped: bool = False

    @cached_property
    def move_url(self) -> str:
        """Return where it is moved to another day."""
        return reverse("calendar:date-move", args=[self.pk])

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


def dates_visible(user: User) -> DeadlineQuerySet:
    """Return the dates of records that a person may know of, open or not."""
    rows: DeadlineQuerySet = Deadline.objects.visible_to(user)
    return rows


def date_visible(user: User, pk: int) -> Deadline | None:
    """Return one date with its record, if the person may know of it."""
    found: Deadline | None = dates_visible(user).filter(pk=pk).select_related("record").first()
    return found


def dates_within(rows: DeadlineQuerySet, first: date, last: date, zone: tzinfo) -> DeadlineQuerySet:
    """Keep dates from one day to another, and name the day of each `on`: an instant's is that of the zone."""
    start = datetime.combine(first, time(), UTC) - MARGIN
    end = datetime.combine(last, time(), UTC) + MARGIN
    near = rows.filter(due_at__gte=start, due_at__lte=end)  # by the indexes of open and of met dates
    named = near.annotate(on=Coalesce("due_on", TruncDate("due_at", tzinfo=zone)))
    return named.filter(on__gte=first, on__lte=last)


def days_of(
    rows: DeadlineQuerySet, span: Span, *, zone: tzinfo, today: date, now: datetime, shown: int
) -> list[Day]:
    """Return the days of a span, each with the first `shown` of its dates, by two queries.

    The first ranks the keys alone, so that what is read in full is bounded by the days and not by the dates.
    """
    dated = dates_within(rows, span.first, span.last, zone)
    ranked = dated.annotate(
        place=Window(RowNumber(), partition_by=[F("on")], order_by=[OPEN_FIRST, "due_at", "id"]),
        of_day=Window(Count("*"), partition_by=[F("on")]),
    )
    places = list(ranked.filter(place__lte=shown).order_by("on", "place").values_list("pk", "on", "of_day"))
    found = in_full(pk for pk, _on, _count in places)
    entries: dict[date, list[Entry]] = {}
    counts: dict[date, int] = {}
    for pk, on, count in places:
        counts[on] = count
        if row := found.get(pk):
            entries.setdefault(on, []).append(entry_of(row, on=on, now=now))
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


def in_full(keys: Iterable[int]) -> dict[int, Deadline]:
    """Return dates by their keys, with what the calendar says of them."""
    rows = Deadline.objects.filter(pk__in=list(keys)).select_related("record", "assignee")
    return {
        row.pk: row
        for row in rows.only(
            "kind",
            "due_on",
            "due_at",
            "closed_at",
            "was_dropped",
            "record__kind",
            "record__reference",
            "record__title",
            "assignee__full_name",
        )
    }


def page_of(rows: DeadlineQuerySet, span: Span, number: int, *, user: User, zone: tzinfo) -> Page:
    """Return a page of the dates of a span in order, by two queries; raise BadPage where there is none."""
    dated: QuerySet[Any] = dates_within(rows, span.first, span.last, zone)
    ordered = (
        dated.select_related("record", "assignee").defer("record__words").order_by("due_at", OPEN_FIRST, "id")
    )
    return read_page(ordered, number, size=PAGE_SIZE, grounds=visibility_grounds(user, prefix="record__"))


def days_listed(rows: Iterable[Any], *, today: date, now: datetime) -> list[Day]:
    """Return the dates of a page by their days."""
    entries = sorted((entry_of(row, on=row.on, now=now) for row in rows), key=lambda entry: entry.on)
    days = ((on, list(day)) for on, day in groupby(entries, lambda entry: entry.on))
    return [Day(on=on, entries=day, count=len(day), is_today=on == today) for on, day in days]


def entry_of(row: Deadline, *, on: date, now: datetime) -> Entry:
    """Return a deadline as the calendar shows it on a day."""
    due = row.due_on or row.due_at
    tone = Tone.NEUTRAL if row.closed_at else _tone(due, now)
    return Entry(
        pk=row.pk,
        on=on,
        what=kind_label(row.kind),
        title=row.record.title,
        reference=row.record.reference,
        url=record_path(row.record.kind, row.record.reference),
        assignee=row.assignee.full_name,
        due=due,
        time="" if row.due_on else clock_time(row.due_at),
        tone=tone,
        can_move=row.closed_at is None
        and row.due_on is not None
        and registry.find(DateMover, row.kind) is not None,
        distance="" if tone is Tone.NEUTRAL else distance_text(due, now=now),
        closed=closed_words(row),
        was_dropped=row.was_dropped,
    )


def closed_words(row: Deadline) -> str:
    """Return what became of a date that is open no longer, and when; nothing of an open one."""
    if row.closed_at is None:
        return ""
    words = _("Called off on %(day)s") if row.was_dropped else _("Done on %(day)s")
    return words % {"day": day_words(localtime(row.closed_at).date())}


def _tone(due: date | datetime, now: datetime) -> Tone:
    if is_late(due, now=now):
        return Tone.BAD
    return Tone.ATTENTION if days_until(due, now=now) <= SOON else Tone.NEUTRAL
