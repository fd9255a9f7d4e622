"""Wake-up calls: PostgreSQL knows what is due."""

from celery import shared_task

from foundation import clock
from foundation.deadlines.services import deadlines_scan


@shared_task(name="deadlines.scan")
def scan() -> int:
    """Write the notices of all reminders that are due; return how many were new."""
    return deadlines_scan(now=clock.now())
