"""Work in the background: removing contents that no version speaks of, scanning what nobody scanned."""

from celery import shared_task
from django.conf import settings

from foundation import clock
from foundation.files.orphans import orphans_drop
from foundation.files.scanning import AGAIN_AFTER, MOST_AT_ONCE, files_scan


@shared_task(name="files.drop_orphans")
def drop_orphans() -> int:
    """Remove contents older than a day that no version speaks of, and return how many."""
    return orphans_drop(now=clock.now())


@shared_task(name="files.scan")
def scan() -> int:
    """Show files to the virus scanner that came in before there was one, and return how many; the next run goes on."""
    if not settings.CLAMD_URL:
        return 0
    return files_scan(now=clock.now(), most=MOST_AT_ONCE, again_after=AGAIN_AFTER).scanned
