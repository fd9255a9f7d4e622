"""Wake-up calls: PostgreSQL knows which occurrences are to be planned, and whose owners have left."""

from celery import shared_task

from duties.services import activities_left, activity_find_owner, series_plan, series_waiting
from foundation import clock
from foundation.batches import each_apart


@shared_task(name="duties.plan_occurrences")
def plan_occurrences() -> None:
    """Plan the next activity of each series whose first reminder is near, and give what somebody left behind to who is there."""
    each_apart(series_waiting(now=clock.now()), lambda key: series_plan(key=key, now=clock.now()))
    each_apart(activities_left(), lambda key: activity_find_owner(key=key, now=clock.now()))
