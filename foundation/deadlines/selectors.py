"""Reads of deadlines, for my desk, the pages of records and the services."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import IntegerField, QuerySet

from foundation.accounts.models import Organisation, User
from foundation.accounts.organisation import organisation_day
from foundation.deadlines.ladders import Clock, due_day
from foundation.deadlines.models import Deadline, Ladder
from foundation.records.models import Record
from foundation.records.selectors import held_of
from foundation.records.written import Written
from foundation.registry import DeadlineKind, Held, registry

HOUR_BEFORE_SET_UP = 7
LONGEST_SNOOZE = timedelta(days=30)
STANDARD = "standard"
MARGIN_DAYS = 7


def clock_in_force() -> Clock:
    """Return the organisation's zone and reminder hour as the database has them now, never a kept copy."""
    row = Organisation.objects.values_list("time_zone", "reminder_hour").first()
    zone, hour = row or ("UTC", HOUR_BEFORE_SET_UP)
    return Clock(ZoneInfo(zone), hour)


def deadlines_of(record: Record) -> QuerySet[Deadline]:
    """Return what is open on a record, the earliest first, with assignees and ladders."""
    of_record: QuerySet[Deadline] = Deadline.objects.open().filter(record_id=record.pk)
    return of_record.select_related("assignee", "ladder").order_by("due_at", "id")


def deadlines_assigned(person: User) -> QuerySet[Deadline]:
    """Return what is open and assigned to a person, whatever that person may know of."""
    assigned: QuerySet[Deadline] = Deadline.objects.open().filter(assignee=person)
    return assigned.order_by("id")


def deadlines_held(*, person: User, reader: User, now: datetime) -> Held:
    """Return a preview of the records with open dates that are assigned to a person."""
    records: QuerySet[Any] = Record.objects.filter(
        pk__in=deadlines_assigned(person).order_by().values("record_id")
    )
    return held_of(records.order_by("pk"), reader=reader)


def kinds_by_ladder() -> dict[str, list[str]]:
    """Return which kinds of dates go by which ladder, by its key, in the order of the alphabet."""
    kinds: dict[str, set[str]] = {}
    for kind in registry.all(DeadlineKind):
        kinds.setdefault(kind.ladder, set()).add(str(kind.label))
    return {key: sorted(labels) for key, labels in kinds.items()}


def snoozed_until(deadline: Deadline, *, now: datetime) -> date | None:
    """Return the day on which a date is reminded of again; None when its reminders are not put off, or no longer."""
    until = deadline.snoozed_until
    return until if until and until > organisation_day(now) else None


def last_snooze_day(deadline: Deadline, *, now: datetime) -> date:
    """Return the day until which reminders can be put off: the escalation's, and a month from now at the most."""
    clock = clock_in_force()
    due = due_day(due_on=deadline.due_on, due_at=deadline.due_at, clock=clock)
    last = clock.day_of(now) + LONGEST_SNOOZE
    escalate_after = deadline.ladder.escalate_after
    return min(last, due + timedelta(days=escalate_after)) if escalate_after else last


def planned_ahead_days(*kinds: str) -> int:
    """Return how many days before its first date what recurs must be planned, so that no reminder of it is late.

    The longest rung of the ladders that remind of these kinds of dates, and a margin: the CISO may lengthen a ladder any day.
    """
    ladders = Ladder.objects.filter(key__in=_ladders_of(kinds))
    return max((day for ladder in ladders for day in ladder.days_before), default=0) + MARGIN_DAYS


def days_ahead(*kinds: str) -> Written:
    """Return `planned_ahead_days()` as an expression, for a query that asks it of several things at once."""
    longest = "SELECT max(day) FROM deadlines_ladder, unnest(days_before) AS day WHERE key IN %s"
    sql = f"coalesce(({longest}), 0) + %s"
    return Written(sql, {}, (tuple(_ladders_of(kinds)), MARGIN_DAYS), output_field=IntegerField())


def _ladders_of(kinds: Iterable[str]) -> list[str]:
    return sorted({STANDARD, *(registry.get(DeadlineKind, kind).ladder for kind in kinds)})


def planned_up_to(*, last: date, recurs_since: datetime) -> date:
    """Return the day after which occurrences are still to be planned: the last one that is, but never before it began to recur.

    So what is written down late, or let recur again, does not bring up occurrences that nobody missed.
    """
    return max(last, organisation_day(recurs_since) - timedelta(days=1))
