"""The portal's WSGI application, each answer of which says how long the server took and how often it asked the database."""

from collections.abc import Callable, Iterable
from time import perf_counter, thread_time
from typing import TYPE_CHECKING, Any

from django.db import connection

from ciso_portal.wsgi import application as portal

if TYPE_CHECKING:
    from wsgiref.types import StartResponse

TRANSACTION_WORDS = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


class _Counter:
    """Counts the statements of a request, and the time that they took; not those that only open or close a transaction."""

    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        started = perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += perf_counter() - started
            self.count += not sql.lstrip().upper().startswith(TRANSACTION_WORDS)


def application(environ: dict[str, Any], start_response: "StartResponse") -> Iterable[bytes]:
    """Answer a request, with a `Server-Timing` header (W3C): the whole answer, its processor time, its statements."""
    counter = _Counter()
    answer: list[Any] = []

    def keep(status: str, headers: list[tuple[str, str]], *exc: Any) -> Callable[[bytes], object]:
        answer[:] = [status, headers, *exc]
        return answer.append

    started, started_cpu = perf_counter(), thread_time()
    with connection.execute_wrapper(counter):
        response = portal(environ, keep)
        try:
            body = b"".join(response)
        finally:
            if hasattr(response, "close"):
                response.close()
    status, headers, *exc = answer
    timing = (
        f"app;dur={(perf_counter() - started) * 1000:.2f}, cpu;dur={(thread_time() - started_cpu) * 1000:.2f}, "
        f"db;dur={counter.seconds * 1000:.2f};desc={counter.count}"
    )
    start_response(status, [*headers, ("Server-Timing", timing)], *exc)
    return [body]
