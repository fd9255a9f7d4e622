"""Races on real connections: without sleeps, and without hoping that two threads meet.

`elsewhere()` runs something on a thread with database connections of its own; `wait_until_blocked()` returns once such a
thread stands before a lock that is held here; `together()` lets several start at one barrier.
"""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Barrier, Event, Thread
from typing import Any, TypeVar

from django.db import connection, connections

T = TypeVar("T")
PATIENCE_SECONDS = 15.0


class NobodyBlocked(AssertionError):
    """No other connection came to wait for a lock."""


def elsewhere(action: Callable[[], T]) -> "Future[T]":
    """Start an action on another thread and other connections; its result, or error, is that of the future.

    For tests that commit (`transactional_db`): other connections see nothing of a test's own transaction.
    """
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(action())
        except BaseException as error:  # noqa: BLE001 - handed to whoever asks for the result
            future.set_exception(error)
        finally:
            connections.close_all()

    Thread(target=run, daemon=True).start()
    return future


def wait_until_blocked(count: int = 1) -> None:
    """Return once so many other connections wait for a lock; raise NobodyBlocked after fifteen seconds."""
    pause = Event()
    for _attempt in range(int(PATIENCE_SECONDS / 0.01)):
        with connection.cursor() as cursor:
            cursor.execute(
                # Within a transaction PostgreSQL would show the same picture over and over.
                "SELECT pg_stat_clear_snapshot(); SELECT count(*) FROM pg_stat_activity"
                " WHERE datname = current_database() AND wait_event_type = 'Lock' AND pid <> pg_backend_pid()"
            )
            if cursor.fetchone()[0] >= count:
                return
        pause.wait(0.01)
    raise NobodyBlocked(f"{count} other connection(s) should wait for a lock.")


def together(*actions: Callable[[], Any]) -> list[Any]:
    """Start all actions at one barrier, each on connections of its own; return their results, or errors, in order."""
    barrier = Barrier(len(actions))

    def started(action: Callable[[], Any]) -> Callable[[], Any]:
        def run() -> Any:
            barrier.wait(PATIENCE_SECONDS)
            return action()

        return run

    futures = [elsewhere(started(action)) for action in actions]
    errors = [future.exception(PATIENCE_SECONDS) for future in futures]
    return [error or future.result() for error, future in zip(errors, futures, strict=True)]
