"""Counts the queries of what runs in this process."""

from collections.abc import Callable
from typing import Any


class Counter:
    """A wrapper of a connection's queries that counts them."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        """Count a query, and run it."""
        self.count += 1
        return execute(sql, params, many, context)
