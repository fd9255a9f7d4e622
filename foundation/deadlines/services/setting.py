"""Setting and closing deadlines, in the transaction of the fact that they follow from."""

from datetime import UTC, date, datetime

from django.db import transaction

from foundation.accounts.models import User
from foundation.deadlines.keys import deadline_prefix, recipient_prefix
from foundation.deadlines.ladders import DeadlineOutOfRange, Steps, due_day, next_rung
from foundation.deadlines.models import Deadline, Ladder
from foundation.deadlines.selectors import clock_in_force
from foundation.deadlines.services.reckoning import reckoning_share
from foundation.notifications.services import notices_cancel
from foundation.records.models import Participant, Record
from foundation.registry import DeadlineKind, registry
from foundation.ui.dates import FIRST_DAY, LAST_DAY

STANDARD = "standard"


@transaction.atomic
def deadline_set(
    *,
    record: Record,
    kind: str,
    assignee: User,
    now: datetime,
    due_on: date | None = None,
    due_at: datetime | None = None,
    key: str = "",
    ladder: Ladder | None = None,
    is_stuck: bool = False,
) -> Deadline:
    """Set a date of a record (a whole day or an exact instant), or change it; a closed one is open again.

    Reminders go by `ladder`, or by the one that the kind names, and start with the first rung after `now`. A new date
    calls off what is still to be sent of the old one, and reminds anew; setting the same date again loses no reminder.
    A snooze ends with the date or the assignee that it was for. `is_stuck` tells that nobody may do it, and the assignee sees to it that somebody may.
    Raises DeadlineOutOfRange for a date before 1970 or after 2999.
    """
    if (due_on is None) == (due_at is None):
        raise ValueError("A deadline is either a whole day (due_on) or an instant (due_at).")
    reckoning_share()
    clock = clock_in_force()
    if due_on is None:
        assert due_at is not None
        if not FIRST_DAY < due_at.date() < LAST_DAY:
            raise DeadlineOutOfRange(f"{due_at} is not between {FIRST_DAY} and {LAST_DAY}.")
        instant = due_at.astimezone(UTC)
    else:
        instant = clock.end_of(due_on)
    ladder = _ladder_row(kind, ladder)
    rung = next_rung(Steps.of(ladder), due_day(due_on=due_on, due_at=instant, clock=clock), clock, now)
    deadline, created = Deadline.objects.select_for_update(no_key=True).get_or_create(
        record_id=record.pk,
        kind=kind,
        key=key,
        defaults={
            "due_on": due_on,
            "due_at": instant,
            "assignee": assignee,
            "is_stuck": is_stuck,
            "ladder": ladder,
            "next_rung": rung and rung.days,
            "next_reminder_at": rung and rung.at,
            "changed_at": now,
        },
    )
    if created:
        return deadline
    moved = deadline.due_on != due_on or (due_on is None and deadline.due_at != instant)
    if moved:
        notices_cancel(record_id=record.pk, key_prefix=deadline_prefix(deadline.pk))
    elif deadline.assignee_id != assignee.pk and not _in_audience(deadline, deadline.assignee_id):
        notices_cancel(record_id=record.pk, key_prefix=recipient_prefix(deadline.pk, deadline.assignee_id))
    if moved or deadline.closed_at or deadline.assignee_id != assignee.pk:
        deadline.snoozed_until, deadline.snooze_reason = None, ""
    waits_for_scan = deadline.next_reminder_at is not None and deadline.next_reminder_at <= now
    if moved or deadline.closed_at or not waits_for_scan:
        deadline.next_rung = rung and rung.days
        deadline.next_reminder_at = rung and rung.at
    if moved or deadline.closed_at:
        deadline.revision += 1
    if moved or deadline.closed_at or deadline.assignee_id != assignee.pk:
        deadline.changed_at = now
    deadline.due_on, deadline.due_at = due_on, instant
    deadline.assignee, deadline.is_stuck, deadline.ladder = assignee, is_stuck, ladder
    deadline.closed_at, deadline.was_dropped = None, False
    deadline.save()
    return deadline


@transaction.atomic
def deadline_close(
    *, record: Record, kind: str, now: datetime, key: str = "", was_dropped: bool = False
) -> bool:
    """Close a date that was met, or dropped, and call off its reminders; tell whether it was open."""
    reckoning_share()
    deadline = (
        Deadline.objects.open()
        .filter(record_id=record.pk, kind=kind, key=key)
        .select_for_update(no_key=True)
        .first()
    )
    if deadline is None:
        return False
    deadline.closed_at, deadline.next_rung, deadline.next_reminder_at = now, None, None
    deadline.was_dropped = was_dropped
    deadline.save(update_fields=["closed_at", "was_dropped", "next_rung", "next_reminder_at"])
    notices_cancel(record_id=record.pk, key_prefix=deadline_prefix(deadline.pk))
    return True


def _ladder_row(kind: str, ladder: Ladder | None) -> Ladder:
    """Return the ladder as it is now: the one given, or the kind's, or the standard one where that is gone."""
    if ladder is not None:
        return Ladder.objects.get(pk=ladder.pk)
    wanted = registry.get(DeadlineKind, kind).ladder
    found = {row.key: row for row in Ladder.objects.filter(key__in={wanted, STANDARD})}
    return found.get(wanted) or found[STANDARD]


def _in_audience(deadline: Deadline, user_id: int) -> bool:
    entry = registry.find(DeadlineKind, deadline.kind)
    roles = entry.audience if entry else ()
    return Participant.objects.filter(record_id=deadline.record_id, user_id=user_id, role__in=roles).exists()
