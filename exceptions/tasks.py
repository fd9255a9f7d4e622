"""Wake-up calls: PostgreSQL knows which exceptions are over, and which their documents have overtaken."""

from celery import shared_task

from exceptions.services import (
    exception_end_due,
    exception_find_back,
    exception_overtake,
    exceptions_astray,
    exceptions_overtaken,
    exceptions_to_end,
)
from foundation import clock
from foundation.batches import each_apart


@shared_task(name="exceptions.end")
def end() -> None:
    """Write down what ended at midnight, and tell whom it concerns. Pages show it from midnight on, whenever this runs."""
    each_apart(exceptions_to_end(now=clock.now()), lambda key: exception_end_due(key=key, now=clock.now()))


@shared_task(name="exceptions.follow_documents")
def follow_documents() -> None:
    """Let exceptions follow what becomes of their documents: who answers for them, and whether they say something else by now."""
    each_apart(exceptions_astray(), lambda key: exception_find_back(key=key, now=clock.now()))
    each_apart(
        exceptions_overtaken(now=clock.now()), lambda key: exception_overtake(key=key, now=clock.now())
    )
