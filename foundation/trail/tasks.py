"""Celery's wake-up calls for the trail."""

from celery import shared_task
from django.utils import timezone  # the real clock: entries carry that of the database

from foundation.trail.services import seal_entries


@shared_task(name="trail.seal")
def seal() -> int:
    """Seal what waits, sign, and publish the checkpoint; return how many entries were sealed."""
    return seal_entries(now=timezone.now())
