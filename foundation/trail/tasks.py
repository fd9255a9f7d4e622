"""Celery's wake-up calls for the trail."""

from celery import shared_task

from foundation import clock
from foundation.trail.services import seal_entries


@shared_task(name="trail.seal")
def seal() -> int:
    """Seal what waits, sign, and publish the checkpoint; return how many entries were sealed."""
    return seal_entries(now=clock.now())
