"""Reads of a year of the duties. What is read is bounded by the cells, however many dates there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from duties.choices import FACTS, Duty
from duties.planner.filters import PlannerFilters
from foundation.accounts.models import User
from foundation.calendar.choices import Outcome
from foundation.calendar.querysets import CalendarDateQuerySet
from foundation.calendar.selectors import Ahead, Entry, Heap, ahead_of, first_of, heaps_of
from foundation.records.kinds import kinds_of_areas
from foundation.registry import DutyEntry, registry

SHOWN = 3
MONTHS = range(1, 13)


@dataclass(frozen=True)
class Tally:
    """How many dates there are: open ones, the late among these, done and skipped ones, and what plans itself later."""

    open: int = 0
    late: int = 0
    done: int = 0
    dropped: int = 0
    ahead: int = 0

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing at all."""
        return not (self.open or self.done or self.dropped or self.ahead)

    @property
    def to_do(self) -> int:
        """Return how many are to be done: what is open, and what plans itself."""
        return self.open + self.ahead


@dataclass(frozen=True)
class Cell:
    """A month of a duty: its first dates, the first of what plans itself, and how many there are."""

    duty: Duty
    month: int
    entries: Sequence[Entry]
    ahead: Sequence[Ahead]
    tally: Tally

    @property
    def more(self) -> int:
        """Return how many open dates are not shown."""
        return self.tally.open - sum(not entry.closed for entry in self.entries)

    @property
    def more_done(self) -> int:
        """Return how many that are done are not shown."""
        return self.tally.done - sum(bool(entry.closed) and not entry.was_dropped for entry in self.entries)

    @property
    def more_dropped(self) -> int:
        """Return how many that were skipped or called off are not shown."""
        return self.tally.dropped - sum(entry.was_dropped for entry in self.entries)

    @property
    def more_ahead(self) -> int:
        """Return how many that plan themselves are not shown."""
        return self.tally.ahead - len(self.ahead)


@dataclass(frozen=True)
class Line:
    """A duty's year."""

    duty: Duty
    cells: Sequence[Cell]
    tally: Tally


@dataclass(frozen=True)
class Year:
    """A year of the duties; `months` is how many dates each month has in all. `is_whole` unless more recurs than is reckoned."""

    lines: Sequence[Line]
    months: Sequence[Tally]
    tally: Tally
    is_whole: bool


def year_of(
    user: User,
    rows: CalendarDateQuerySet,
    filters: PlannerFilters,
    year: int,
    *,
    today: date,
    zone: tzinfo,
    now: datetime,
) -> Year:
    """Return a year of the duties, of the dates that a person may know of, by three queries."""
    duty = filters.asked("duty")
    duties = [Duty(int(duty))] if duty else list(Duty)
    of_kind = duties_by_kind()
    cells: dict[tuple[int, int], list[Heap]] = defaultdict(list)
    for heap in heaps_of(rows, year, zone=zone, now=now):
        if number := heap.duty or of_kind.get(heap.kind):
            cells[number, heap.month].append(heap)
    asked = [
        heap for heaps in cells.values() for heap in _asked(heaps, with_done=bool(filters.asked("done")))
    ]
    first = first_of(rows, year, asked, shown=SHOWN, zone=zone, now=now)
    found, is_whole = ahead_in(user, filters, year, today=today)
    ahead: dict[tuple[int, int], list[Ahead]] = defaultdict(list)
    for one in found:
        if number := one.duty or of_kind.get(one.kind):
            ahead[number, one.on.month].append(one)
    lines = [
        _line(duty, [_cell(duty, month, cells[duty, month], first, ahead[duty, month]) for month in MONTHS])
        for duty in duties
    ]
    months = [_sum(line.cells[month - 1].tally for line in lines) for month in MONTHS]
    return Year(lines, months, _sum(months), is_whole)


def ahead_in(user: User, filters: PlannerFilters, year: int, *, today: date) -> tuple[list[Ahead], bool]:
    """Return what recurs in a year and has no record yet, by one query, and whether that is all."""
    return ahead_of(user, date(year, 1, 1), date(year, 12, 31), today=today, narrow=filters.of_records)


def duties_by_kind() -> dict[str, int]:
    """Return to which duty each kind of records belongs as a whole."""
    return {kind: duty.number for duty in registry.all(DutyEntry) for kind in kinds_of_areas(duty)}


def _asked(heaps: Iterable[Heap], *, with_done: bool) -> list[Heap]:
    """Return the heaps of a cell of which something is shown: what is open first, what is done where there is room."""
    asked: list[Heap] = []
    for outcome in Outcome if with_done else (Outcome.OPEN,):
        if sum(heap.total for heap in asked) < SHOWN:
            asked += [heap for heap in heaps if heap.outcome == outcome]
    return asked


def _cell(
    duty: Duty, month: int, heaps: Sequence[Heap], first: dict[Heap, list[Entry]], ahead: Sequence[Ahead]
) -> Cell:
    def total(outcome: Outcome) -> int:
        return sum(heap.total for heap in heaps if heap.outcome == outcome)

    dated = [((heap.outcome, entry.on, entry.pk), entry) for heap in heaps for entry in first.get(heap, ())]
    entries = [entry for _place, entry in sorted(dated, key=lambda pair: pair[0])][:SHOWN]
    tally = Tally(
        open=total(Outcome.OPEN),
        late=sum(heap.late for heap in heaps),
        done=total(Outcome.DONE),
        dropped=total(Outcome.DROPPED),
        ahead=len(ahead),
    )
    return Cell(duty, month, entries, ahead[: max(1, SHOWN - len(entries))], tally)


def _line(duty: Duty, cells: Sequence[Cell]) -> Line:
    return Line(duty, cells, _sum(cell.tally for cell in cells))


def _sum(tallies: Iterable[Tally]) -> Tally:
    listed = list(tallies)
    return Tally(
        *(
            sum(getattr(tally, name) for tally in listed)
            for name in ("open", "late", "done", "dropped", "ahead")
        )
    )


def icon_of(duty: Duty) -> str:
    """Return the icon of a duty."""
    return FACTS[duty].icon
