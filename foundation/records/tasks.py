"""Wake-up calls: PostgreSQL knows which uploads are to be imported, and which were left unused."""

from uuid import UUID

from celery import shared_task

from foundation import clock
from foundation.records.imports.aside import TASK, import_run, imports_waiting
from foundation.records.imports.drafts import import_files_drop


@shared_task(name=TASK)
def run_import(key: str) -> None:
    """Import one file that was asked for. To be told twice, or not at all, does no harm."""
    import_run(key=UUID(key), clock=clock.now)


@shared_task(name="records.run_imports")
def run_imports() -> None:
    """Import what is waiting: its own call was lost, or its worker died."""
    for key in imports_waiting():
        import_run(key=key, clock=clock.now)


@shared_task(name="records.drop_import_files")
def drop_import_files() -> int:
    """Drop the tables that nobody imported within a day of their upload; return how many."""
    return import_files_drop(now=clock.now())
