"""Wake-up calls: PostgreSQL knows which uploads were left unused."""

from celery import shared_task

from foundation import clock
from foundation.records.imports.drafts import import_files_drop


@shared_task(name="records.drop_import_files")
def drop_import_files() -> int:
    """Drop the tables that nobody imported within a day of their upload; return how many."""
    return import_files_drop(now=clock.now())
