"""When reminders fall due: the rungs of a ladder, as pure functions of dates, a zone and `now`.

A rung is a number of days from the due date: −7 is a week before, 0 the morning of the day, 3 three days late. It is
due at the organisation's reminder hour on that local date. Where the clock change makes that wall time happen twice,
the first counts; where it skips it, the time is read by the offset before the change, which lands as much later as the
clock jumped (RFC 5545 §3.3.5, PEP 495 `fold=0`).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from heapq import merge
from itertools import count, groupby
from zoneinfo import ZoneInfo

from foundation.deadlines.models import Ladder
from foundation.ui.dates import FIRST_DAY, LAST_DAY

# A local date may differ by two from what the zone's present offset suggests: Pacific/Apia skipped 30 December 2011.
NEAR_DAYS = 2


class DeadlineOutOfRange(ValueError):
    """The date lies outside the years 1970 to 2999."""


@dataclass(frozen=True)
class Clock:
    """The organisation's time zone, and the hour of the day at which reminders fall due."""

    zone: ZoneInfo
    hour: int

    def at(self, day: date) -> datetime:
        """Return the instant (UTC) of the reminder hour on a local date."""
        return datetime.combine(day, time(self.hour), self.zone).astimezone(UTC)

    def end_of(self, day: date) -> datetime:
        """Return the instant (UTC) of midnight at the end of a local date, until which a whole-day date is due."""
        if not FIRST_DAY <= day <= LAST_DAY:
            raise DeadlineOutOfRange(f"{day} is not between {FIRST_DAY} and {LAST_DAY}.")
        return datetime.combine(day + timedelta(days=1), time(), self.zone).astimezone(UTC)

    def day_of(self, instant: datetime) -> date:
        """Return the local date of an instant."""
        return instant.astimezone(self.zone).date()


@dataclass(frozen=True)
class Rung:
    """A reminder of one deadline: days from the due date, and the instant (UTC) at which it falls due."""

    days: int
    at: datetime


@dataclass(frozen=True)
class Steps:
    """The rungs of a ladder. The day of escalation is always one of them, so that it never passes in silence."""

    days_before: tuple[int, ...] = ()
    on_the_day: bool = True
    late_daily_for: int = 0
    late_weekly: bool = False
    escalate_after: int | None = None

    @classmethod
    def of(cls, ladder: Ladder) -> "Steps":
        """Return the steps of a ladder's row."""
        return cls(
            days_before=tuple(ladder.days_before),
            on_the_day=ladder.on_the_day,
            late_daily_for=ladder.late_daily_for,
            late_weekly=ladder.late_weekly,
            escalate_after=ladder.escalate_after,
        )

    @cached_property
    def fixed(self) -> tuple[int, ...]:
        """The rungs before the weekly ones, in order."""
        days = {-day for day in self.days_before} | set(range(1, self.late_daily_for + 1))
        if self.on_the_day:
            days.add(0)
        if self.escalate_after:
            days.add(self.escalate_after)
        return tuple(sorted(days))

    def escalates_at(self, days: int) -> bool:
        """Tell whether the manager and the CISO are told, too."""
        return self.escalate_after is not None and days >= self.escalate_after

    def has(self, days: int) -> bool:
        """Tell whether there is a rung at this number of days."""
        late_weeks = days - self._first_weekly
        return days in self.fixed or (self.late_weekly and late_weeks >= 0 and late_weeks % 7 == 0)

    def upwards(self, start: int) -> Iterator[int]:
        """Yield the rungs from a number of days on, in order: endlessly when they go on weekly."""
        first = self._first_weekly
        weekly = count(first + max(0, -(-(start - first) // 7)) * 7, 7) if self.late_weekly else ()
        yield from _once(merge((days for days in self.fixed if days >= start), weekly))

    def downwards(self, start: int) -> Iterator[int]:
        """Yield the rungs from a number of days down to the first."""
        first = self._first_weekly
        weekly = range(first + (start - first) // 7 * 7, first - 1, -7) if self.late_weekly else ()
        yield from _once(merge((d for d in reversed(self.fixed) if d <= start), weekly, reverse=True))

    @property
    def _first_weekly(self) -> int:
        return self.late_daily_for + 7


def _once(ordered: Iterable[int]) -> Iterator[int]:
    return (days for days, _same in groupby(ordered))


def due_day(*, due_on: date | None, due_at: datetime, clock: Clock) -> date:
    """Return the local date that rungs are counted from."""
    return due_on or clock.day_of(due_at)


def next_rung(steps: Steps, due: date, clock: Clock, now: datetime) -> Rung | None:
    """Return the first reminder strictly after `now`; None when none is left."""
    for days in steps.upwards((clock.day_of(now) - due).days - NEAR_DAYS):
        at = clock.at(due + timedelta(days=days))
        if at > now:
            return Rung(days, at)
    return None


def latest_rung(steps: Steps, due: date, clock: Clock, now: datetime) -> Rung | None:
    """Return the last reminder that fell due by `now`: after an outage the only one that is still sent."""
    for days in steps.downwards((clock.day_of(now) - due).days + NEAR_DAYS):
        at = clock.at(due + timedelta(days=days))
        if at <= now:
            return Rung(days, at)
    return None


def escalation_rung(steps: Steps, due: date, clock: Clock) -> Rung | None:
    """Return the first reminder that goes to the manager and the CISO, too; None where the ladder has none."""
    if not steps.escalate_after:
        return None
    return Rung(steps.escalate_after, clock.at(due + timedelta(days=steps.escalate_after)))


def wake_rung(until: date, due: date, clock: Clock) -> Rung:
    """Return the reminder that ends a snooze: on the morning of its last day."""
    return Rung((until - due).days, clock.at(until))


def rung_in_snooze(steps: Steps, until: date, due: date, clock: Clock, now: datetime) -> Rung:
    """Return the next reminder of a date that is snoozed: at the snooze's end, or before it the escalation."""
    wake, escalation = wake_rung(until, due, clock), escalation_rung(steps, due, clock)
    return escalation if escalation and now < escalation.at < wake.at else wake
