"""Work on many things, each by itself: one that fails does not stand in the others' way. And how a worker is woken for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import structlog
from celery import Task, current_app
from kombu.exceptions import OperationalError

logger = structlog.get_logger(__name__)


def each_apart(keys: Iterable[int], work: Callable[[int], object]) -> None:
    """Do the work on each, whatever becomes of the others; log what fails, and raise all of it in the end.

    The work is one transaction of its own, and is tried again by the next call.
    """
    failed: list[Exception] = []
    for key in keys:
        try:
            work(key)
        except Exception as error:
            logger.exception("batches.failed", work=getattr(work, "__qualname__", ""), key=key)
            failed.append(error)
    if failed:
        raise ExceptionGroup(f"{len(failed)} failed", failed)


def task_wake(task: Task[..., Any] | str, *values: Any) -> None:
    """Tell a worker of something to do, by the task or its name. A broker that does not answer delays it until beat asks for what is waiting."""
    try:
        if isinstance(task, str):
            current_app.send_task(task, values, retry=False)
        else:
            task.apply_async(values, retry=False)
    except OperationalError:
        logger.warning("batches.not_woken", task=str(task))
