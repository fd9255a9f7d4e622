"""The date of an activity: who is reminded of it, and moving it."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from duties.choices import TO_DO, ActivityState
from duties.models import Activity
from duties.permissions import MANAGE, can_manage, doing_refusal
from foundation.accounts.models import User
from foundation.accounts.rights import right_missing
from foundation.deadlines.services import deadline_close, deadline_set
from foundation.records.models import Record
from foundation.records.services import record_update

DUE = "duties.activity"


def dates_follow(*, activity: Activity, now: datetime) -> None:
    """Let the owner be reminded of an activity as long as it is to be done."""
    if activity.state in TO_DO:
        deadline_set(record=activity, kind=DUE, assignee=activity.owner, due_on=activity.due_on, now=now)
    else:
        was_dropped = activity.state == ActivityState.SKIPPED
        deadline_close(record=activity, kind=DUE, now=now, was_dropped=was_dropped)


def activity_move_refusal(*, record: Record, user: User) -> str | None:
    """Return why the day of an activity can't be moved, or None; raise PermissionDenied for who may not change it."""
    activity = _activity(record)
    if not can_manage(user, activity):
        raise right_missing(MANAGE, activity.unit_id)
    return doing_refusal(activity)


@transaction.atomic
def activity_move(*, record: Record, to: date, version: int, actor: User, now: datetime) -> None:
    """Let an activity be due on another day; later ones of its series keep theirs.

    Raises PermissionDenied where it can't be moved, StaleRecord when somebody was faster.
    """
    if refusal := activity_move_refusal(record=record, user=actor):
        raise PermissionDenied(refusal)
    moved = record_update(record=_activity(record), changes={"due_on": to}, actor=actor, version=version)
    dates_follow(activity=moved, now=now)


def _activity(record: Record) -> Activity:
    """Return the activity that a record is; lists have it in hand, the calendar only the record."""
    if isinstance(record, Activity):
        return record
    found: Activity = Activity.objects.select_related("owner", "unit").get(pk=record.pk)
    return found
