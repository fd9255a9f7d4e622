"""Wake-up calls for the files of long lists."""

from uuid import UUID

from celery import shared_task

from foundation import clock
from foundation.batches import task_wake
from foundation.lists.services import export_run, exports_tidy


@shared_task(name="lists.export")
def export(key: str) -> None:
    """Write one file. To be told twice, or not at all, does no harm."""
    export_run(key=UUID(key), clock=clock.now)


@shared_task(name="lists.tidy_exports")
def tidy_exports() -> None:
    """Drop old files, and write what is waiting: its own call was lost, or its worker died."""
    for key in exports_tidy(clock=clock.now):
        export_run(key=key, clock=clock.now)


def export_wake(key: UUID) -> None:
    """Tell a worker of a file to write."""
    task_wake(export, str(key))
