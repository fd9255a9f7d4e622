"""What follows from the steps of an activity. Each must be called inside the step's transaction."""

from datetime import datetime

from duties.models import Activity
from duties.services.dates import dates_follow
from duties.services.series import series_go_on
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day


def activity_done(*, activity: Activity, actor: User, now: datetime) -> None:
    """Note who reported it done, and when; remind of nothing any more; plan the next of its series."""
    activity.done_on, activity.done_by = organisation_day(now), actor
    activity.save(update_fields=["done_on", "done_by"])
    dates_follow(activity=activity, now=now)
    series_go_on(activity=activity, now=now)


def activity_skipped(*, activity: Activity, reason: str, now: datetime) -> None:
    """Note why it is skipped, and when; remind of nothing any more; plan the next of its series."""
    activity.skip_reason, activity.skipped_on = reason, organisation_day(now)
    activity.save(update_fields=["skip_reason", "skipped_on"])
    dates_follow(activity=activity, now=now)
    series_go_on(activity=activity, now=now)


def activity_open_again(*, activity: Activity, now: datetime) -> None:
    """Let it be to be done again, with its day and its reminders; what was said of its end is in its history."""
    activity.done_on = activity.done_by = activity.skipped_on = None
    activity.skip_reason = ""
    activity.save(update_fields=["done_on", "done_by", "skipped_on", "skip_reason"])
    dates_follow(activity=activity, now=now)
