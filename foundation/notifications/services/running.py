"""One run of the outbox, as a worker makes it each minute."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection

from foundation.notifications.services.composing import mails_compose
from foundation.notifications.services.delivering import Tally, mails_deliver
from foundation.registry import NoticeSource, registry

COMPOSING_LOCK = 0x6E6F7469  # "noti": any number that no other advisory lock of the database has


def outbox_run(*, now: datetime, stopping: Callable[[], bool] = lambda: False) -> Tally:
    """Write the notices that have become due, compose mails from them, and send what is due.

    One worker at a time writes and composes, so that all that became due for a person while nothing ran is in one
    mail; any number of workers send. What fails in one step is raised in the end, and keeps no other from its work.
    """
    try:
        with _composing_turn() as ours:
            if ours:
                _write_and_compose(now)
    finally:
        tally = mails_deliver(now=now, stopping=stopping)
    return tally


def _write_and_compose(now: datetime) -> None:
    try:
        for source in registry.all(NoticeSource):
            source.write(now=now)
    finally:
        mails_compose(now=now)


@contextmanager
def _composing_turn() -> Iterator[bool]:
    """Tell whether it is our turn; the database ends it with our connection, however that ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [COMPOSING_LOCK])
        (ours,) = cursor.fetchone()
    try:
        yield ours
    finally:
        if ours and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [COMPOSING_LOCK])
