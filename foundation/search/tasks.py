"""What is done now and then."""

from celery import shared_task

from foundation import clock
from foundation.search.services import visits_forget


@shared_task(name="search.forget_visits")
def forget_visits() -> int:
    """Forget which records people opened long ago."""
    return visits_forget(now=clock.now())
