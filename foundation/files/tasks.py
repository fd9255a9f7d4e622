"""Work in the background: removing contents that no version speaks of."""

from celery import shared_task

from foundation import clock
from foundation.files.orphans import orphans_drop


@shared_task(name="files.drop_orphans")
def drop_orphans() -> int:
    """Remove contents older than a day that no version speaks of, and return how many."""
    return orphans_drop(now=clock.now())
