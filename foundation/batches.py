"""Work on many things, each by itself: one that fails does not stand in the others' way."""

from collections.abc import Callable, Iterable

import structlog

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
