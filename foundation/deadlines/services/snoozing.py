"""Putting off the reminders of a date, and taking that back."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.deadlines.keys import deadline_prefix
from foundation.deadlines.ladders import Steps, due_day, next_rung, wake_rung
from foundation.deadlines.models import Deadline
from foundation.deadlines.selectors import clock_in_force, last_snooze_day
from foundation.deadlines.services.reckoning import reckoning_share
from foundation.deadlines.wording import kind_label
from foundation.notifications.services import notices_cancel
from foundation.trail.services import entry_write


class SnoozeRefused(ValidationError):
    """The reminders can't be put off, or not so far; the message says why."""


@transaction.atomic
def deadline_snooze(*, deadline: Deadline, until: date, reason: str, actor: User, now: datetime) -> Deadline:
    """Remind nobody of a date until the morning of a day, and call off what is not in a mail yet; it is in the trail why.

    What goes to the manager and the CISO is never put off. Raises SnoozeRefused for a day that is not after today or
    after the last one possible, and for a date that was met meanwhile.
    """
    locked = _locked(deadline)
    clock = clock_in_force()
    today, last = clock.day_of(now), last_snooze_day(locked, now=now)
    if last <= today:
        raise SnoozeRefused(_("It is so late that the manager and the CISO are told: that can't be put off."))
    if not today < until <= last:
        raise SnoozeRefused(
            {"until": _("Choose a day after today, up to %(day)s.") % {"day": date_format(last)}}
        )
    due = due_day(due_on=locked.due_on, due_at=locked.due_at, clock=clock)
    before = locked.snoozed_until
    wake = wake_rung(until, due, clock)
    locked.snoozed_until, locked.snooze_reason = until, reason
    locked.next_rung, locked.next_reminder_at = wake.days, wake.at
    locked.save(update_fields=["snoozed_until", "snooze_reason", "next_rung", "next_reminder_at"])
    notices_cancel(record_id=locked.record_id, key_prefix=deadline_prefix(locked.pk))
    _tell("deadlines.deadline.snoozed", locked, actor, before=before, after=until, comment=reason)
    return locked


@transaction.atomic
def deadline_wake(*, deadline: Deadline, actor: User, now: datetime) -> bool:
    """Take a snooze back, so that people are reminded as the ladder says; tell whether there was one."""
    locked = _locked(deadline)
    before = locked.snoozed_until
    if before is None:
        return False
    clock = clock_in_force()
    due = due_day(due_on=locked.due_on, due_at=locked.due_at, clock=clock)
    rung = next_rung(Steps.of(locked.ladder), due, clock, now)
    locked.snoozed_until, locked.snooze_reason = None, ""
    locked.next_rung = rung.days if rung else None
    locked.next_reminder_at = rung.at if rung else None
    locked.save(update_fields=["snoozed_until", "snooze_reason", "next_rung", "next_reminder_at"])
    _tell("deadlines.deadline.woken", locked, actor, before=before, after=None)
    return True


def _locked(deadline: Deadline) -> Deadline:
    """Return the row as it is now, held until the transaction ends."""
    reckoning_share()
    found: Deadline | None = (
        Deadline.objects.open()
        .filter(pk=deadline.pk)
        .select_related("record", "ladder")
        .select_for_update(of=("self",), no_key=True)
        .first()
    )
    if found is None:
        raise SnoozeRefused(
            _("This date was met or called off meanwhile: nobody is reminded of it any more.")
        )
    return found


def _tell(
    action: str,
    deadline: Deadline,
    actor: User,
    *,
    before: date | None,
    after: date | None,
    comment: str = "",
) -> None:
    entry_write(
        action=action,
        actor=actor,
        record=deadline.record,
        before={"snoozed_until": before.isoformat() if before else None},
        after={"snoozed_until": after.isoformat() if after else None, "date": kind_label(deadline.kind)},
        comment=comment,
    )
