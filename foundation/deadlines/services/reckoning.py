"""Reckoning all deadlines anew after a change of the organisation's clock or of a ladder."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from foundation.deadlines.ladders import Clock, Rung, Steps, due_day, next_rung
from foundation.deadlines.models import Deadline, Ladder, ReminderClock
from foundation.deadlines.selectors import clock_in_force

# Whoever writes single deadlines shares this lock until the transaction ends; who reckons them all anew holds it
# alone. So neither waits for a row of the other while holding one, and no deadline is set by a clock just left.
RECKONING_LOCK = 711_000_002
AT_ONCE = 2_000

# What fell due but was not scanned yet stays as it is: the next scan takes it by the ladder and clock of its moment.
MISSED = "coalesce(deadline.next_reminder_at <= %(now)s, false)"
RUNG = f"CASE WHEN {MISSED} THEN deadline.next_rung ELSE anew.rung END"
AT = f"CASE WHEN {MISSED} THEN deadline.next_reminder_at ELSE anew.at END"


def _reckon_sql(due_type: str, matches: str) -> str:
    return f"""
        UPDATE deadlines_deadline AS deadline
        SET due_at = anew.due_at, next_rung = {RUNG}, next_reminder_at = {AT}
        FROM unnest(%(ladders)s::bigint[], %(dues)s::{due_type}[], %(due_ats)s::timestamptz[], %(rungs)s::int[],
                    %(ats)s::timestamptz[]) AS anew (ladder_id, due, due_at, rung, at)
        WHERE deadline.closed_at IS NULL AND deadline.ladder_id = anew.ladder_id AND {matches}
          AND (deadline.due_at, deadline.next_rung, deadline.next_reminder_at)
              IS DISTINCT FROM (anew.due_at, {RUNG}, {AT})
    """  # noqa: S608 - constants of this module


RECKON_DAYS = _reckon_sql("date", "deadline.due_on = anew.due")
RECKON_INSTANTS = _reckon_sql("timestamptz", "deadline.due_on IS NULL AND deadline.due_at = anew.due")

Due = tuple[int, date | datetime]


def reckoning_share() -> None:
    """Keep all deadlines from being reckoned anew until the transaction ends; wait while that goes on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [RECKONING_LOCK])


@transaction.atomic
def deadlines_recompute(*, now: datetime, ladder: Ladder | None = None) -> int:
    """Reckon the open deadlines (of one ladder, or all) by the ladders and the clock in force; return how many changed.

    Each different date is reckoned once, so the cost grows with the dates in use; the rows follow in bulk.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RECKONING_LOCK])
    clock = clock_in_force()
    steps = {row.pk: Steps.of(row) for row in Ladder.objects.all()}
    deadlines: QuerySet[Deadline] = Deadline.objects.filter(closed_at__isnull=True)
    if ladder is None:
        ReminderClock.objects.update_or_create(
            pk=1, defaults={"time_zone": clock.zone.key, "reminder_hour": clock.hour}
        )
    else:
        deadlines = deadlines.filter(ladder=ladder)
    days = deadlines.filter(due_on__isnull=False).values_list("ladder_id", "due_on").distinct()
    instants = deadlines.filter(due_on__isnull=True).values_list("ladder_id", "due_at").distinct()
    changed = 0
    for sql, dues in ((RECKON_DAYS, days), (RECKON_INSTANTS, instants)):
        for part in _parts(dues.iterator(chunk_size=AT_ONCE)):
            changed += _reckon(sql, part, steps, clock, now)
    return changed


def reckoning_follow(*, now: datetime) -> None:
    """Reckon all deadlines anew when the organisation's zone or hour is not the one they were reckoned by."""
    clock = clock_in_force()
    reckoned_by = ReminderClock.objects.values_list("time_zone", "reminder_hour").first()
    if reckoned_by != (clock.zone.key, clock.hour):
        deadlines_recompute(now=now)


def _reckon(sql: str, dues: list[Due], steps: dict[int, Steps], clock: Clock, now: datetime) -> int:
    due_ats: list[datetime] = []
    rungs: list[Rung | None] = []
    for ladder_id, due in dues:
        if isinstance(due, datetime):
            due_at, day = due, due_day(due_on=None, due_at=due, clock=clock)
        else:
            due_at, day = clock.end_of(due), due
        due_ats.append(due_at)
        rungs.append(next_rung(steps[ladder_id], day, clock, now))
    with connection.cursor() as cursor:
        cursor.execute(
            sql,
            {
                "now": now,
                "ladders": [ladder_id for ladder_id, _due in dues],
                "dues": [due for _ladder_id, due in dues],
                "due_ats": due_ats,
                "rungs": [rung and rung.days for rung in rungs],
                "ats": [rung and rung.at for rung in rungs],
            },
        )
        return int(cursor.rowcount)


def _parts(dues: Iterable[Any]) -> Iterator[list[Due]]:
    """Yield the dues in lists of at most AT_ONCE."""
    rest = iter(dues)
    while part := list(islice(rest, AT_ONCE)):
        yield part
