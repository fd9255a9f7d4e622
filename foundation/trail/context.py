"""From where the current request or task acts: kept beside the call, so that services need not pass it on."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Origin:
    """The IP address and the id of the request under way; both empty for a task or a command."""

    ip_address: str | None = None
    request_id: str = ""


_origin: ContextVar[Origin] = ContextVar("trail_origin", default=Origin())


def current_origin() -> Origin:
    """Return from where the current code acts."""
    return _origin.get()


@contextmanager
def acting_from(origin: Origin) -> Iterator[None]:
    """Let all entries written in the block carry this origin."""
    token = _origin.set(origin)
    try:
        yield
    finally:
        _origin.reset(token)
