"""Wake-up calls: PostgreSQL knows which audits are to be planned."""

from celery import shared_task

from audits.services import occurrences_plan
from foundation import clock


@shared_task(name="audits.plan_occurrences")
def plan_occurrences() -> int:
    """Plan the audits of all series whose first reminder is near; return how many were planned."""
    return occurrences_plan(now=clock.now())
