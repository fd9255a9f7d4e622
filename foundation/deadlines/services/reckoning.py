"""Reckoning all deadlines anew after a change of the organisation's clock or of a ladder."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Coalesce

from foundation.deadlines.ladders import Clock, Rung, Steps, due_day, next_rung, rung_in_snooze
from foundation.deadlines.models import Deadline, Ladder, ReminderClock
from foundation.deadlines.querysets import DeadlineQuerySet
from foundation.deadlines.selectors import clock_in_force

# Whoever writes deadlines shares this lock until the transaction ends; who reckons them all anew holds it alone. So
# neither waits for a row of the other while holding one, and nothing goes by a clock or a ladder just left.
RECKONING_LOCK = 711_000_002
AT_ONCE = 2_000

NO_RUNG = 1_000_000


class Standing(NamedTuple):
    """What open deadlines have in common that are reckoned alike; `missed` ones are due but no scan has taken them."""

    ladder_id: int
    due: Any  # a date, or an instant where only that is given
    next_rung: int | None
    missed: bool


class Onward(NamedTuple):
    """What becomes of them. Without a rung to go on to, `stays` tells whether the one they wait for remains."""

    due_at: datetime
    rung: Rung | None
    stays: bool


def _reckon_sql(due_type: str, matches: str) -> str:
    rung = "CASE WHEN anew.stays THEN deadline.next_rung ELSE anew.rung END"
    at = "CASE WHEN anew.stays THEN deadline.next_reminder_at ELSE anew.at END"
    return f"""
        UPDATE deadlines_deadline AS deadline
        SET due_at = anew.due_at, next_rung = {rung}, next_reminder_at = {at}
        FROM unnest(%(ladders)s::bigint[], %(dues)s::{due_type}[], %(were)s::int[], %(missed)s::boolean[],
                    %(due_ats)s::timestamptz[], %(rungs)s::int[], %(ats)s::timestamptz[], %(stay)s::boolean[])
             AS anew (ladder_id, due, was, missed, due_at, rung, at, stays)
        WHERE deadline.closed_at IS NULL AND deadline.snoozed_until IS NULL AND deadline.ladder_id = anew.ladder_id AND {matches}
          AND coalesce(deadline.next_rung, {NO_RUNG}) = anew.was
          AND coalesce(deadline.next_reminder_at <= %(now)s, false) = anew.missed
          AND (deadline.due_at, deadline.next_rung, deadline.next_reminder_at)
              IS DISTINCT FROM (anew.due_at, {rung}, {at})
    """  # noqa: S608 - constants of this module


RECKON_DAYS = _reckon_sql("date", "deadline.due_on = anew.due")
RECKON_INSTANTS = _reckon_sql("timestamptz", "deadline.due_on IS NULL AND deadline.due_at = anew.due")


def reckoning_share() -> None:
    """Keep all deadlines from being reckoned anew until the transaction ends; wait while that goes on."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [RECKONING_LOCK])


@transaction.atomic
def deadlines_recompute(*, now: datetime, ladder: Ladder | None = None) -> int:
    """Reckon the open deadlines (of one ladder, or all) by the ladders and the clock in force; return how many changed.

    No reminder gets lost: what fell due but was not scanned yet, and what another clock brings forward into the past, is
    left for the next scan. Deadlines that stand alike are reckoned once, so the cost grows with the dates in use; the
    rows follow in bulk.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RECKONING_LOCK])
    clock = clock_in_force()
    steps = {row.pk: Steps.of(row) for row in Ladder.objects.all()}
    deadlines = Deadline.objects.open()
    if ladder is None:
        ReminderClock.objects.update_or_create(
            pk=1, defaults={"time_zone": clock.zone.key, "reminder_hour": clock.hour}
        )
    else:
        deadlines = deadlines.filter(ladder=ladder)
    changed = _reckon_snoozed(deadlines, steps, clock, now)
    deadlines = deadlines.filter(snoozed_until__isnull=True)
    deadlines = deadlines.annotate(missed=Coalesce(Q(next_reminder_at__lte=now), False))
    for sql, field, whole_day in ((RECKON_DAYS, "due_on", True), (RECKON_INSTANTS, "due_at", False)):
        alike = (
            deadlines.filter(due_on__isnull=not whole_day)
            .values_list("ladder_id", field, "next_rung", "missed")
            .distinct()
        )
        for part in _parts(Standing(*row) for row in alike.iterator(chunk_size=AT_ONCE)):
            onward = [_onward(standing, steps[standing.ladder_id], clock, now) for standing in part]
            changed += _write(sql, part, onward, now)
    return changed


def _reckon_snoozed(deadlines: DeadlineQuerySet, steps: dict[int, Steps], clock: Clock, now: datetime) -> int:
    """Reckon those whose reminders are put off, one by one since they are few; a snooze that is over is forgotten."""
    today = clock.day_of(now)
    deadlines.filter(snoozed_until__lt=today).update(snoozed_until=None, snooze_reason="")
    snoozed = list(deadlines.filter(snoozed_until__isnull=False))
    for deadline in snoozed:
        if deadline.due_on:
            deadline.due_at = clock.end_of(deadline.due_on)
        due = due_day(due_on=deadline.due_on, due_at=deadline.due_at, clock=clock)
        rung = rung_in_snooze(steps[deadline.ladder_id], deadline.snoozed_until, due, clock, now)
        deadline.next_rung, deadline.next_reminder_at = rung.days, rung.at
    Deadline.objects.bulk_update(snoozed, ["due_at", "next_rung", "next_reminder_at"])
    return len(snoozed)


def reckoning_follow(*, now: datetime) -> None:
    """Reckon all deadlines anew when the organisation's zone or hour is not the one they were reckoned by."""
    clock = clock_in_force()
    reckoned_by = ReminderClock.objects.values_list("time_zone", "reminder_hour").first()
    if reckoned_by != (clock.zone.key, clock.hour):
        deadlines_recompute(now=now)


def _onward(standing: Standing, steps: Steps, clock: Clock, now: datetime) -> Onward:
    whole_day = not isinstance(standing.due, datetime)
    due_at = clock.end_of(standing.due) if whole_day else standing.due
    due = standing.due if whole_day else due_day(due_on=None, due_at=due_at, clock=clock)
    awaited = standing.next_rung
    if awaited is not None and steps.has(awaited):
        at = clock.at(due + timedelta(days=awaited))
        if at <= now:
            return Onward(due_at, Rung(awaited, at), stays=False)
    elif standing.missed:
        return Onward(due_at, None, stays=True)
    return Onward(due_at, next_rung(steps, due, clock, now), stays=False)


def _write(sql: str, standings: list[Standing], onward: list[Onward], now: datetime) -> int:
    values: dict[str, Any] = {
        "now": now,
        "ladders": [standing.ladder_id for standing in standings],
        "dues": [standing.due for standing in standings],
        "were": [NO_RUNG if standing.next_rung is None else standing.next_rung for standing in standings],
        "missed": [standing.missed for standing in standings],
        "due_ats": [each.due_at for each in onward],
        "rungs": [each.rung and each.rung.days for each in onward],
        "ats": [each.rung and each.rung.at for each in onward],
        "stay": [each.stays for each in onward],
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def _parts(standings: Iterable[Standing]) -> Iterator[list[Standing]]:
    """Yield the standings in lists of at most AT_ONCE."""
    rest = iter(standings)
    while part := list(islice(rest, AT_ONCE)):
        yield part
