"""The cache that does not fail: rate limits of sign-in stand on it, and sign-in must work without it.

While Valkey is out of reach, each process counts for itself in its own memory: a limit then allows as many tries as
there are web processes, but neither lets all through nor locks all out. What is kept there is small and short-lived, so
nothing is carried back when Valkey answers again.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import Redis
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

# After a failure, how long the process does without asking again: a broker that hangs must not slow every sign-in.
PAUSE_SECONDS = 10.0


class _KeptClient(RedisCacheClient):
    """Keeps its client, in place of one for each question: its making costs more than the answer. There is one server."""

    _kept: Redis | None = None

    def get_client(self, key: Any = None, *, write: bool = False) -> Redis:
        """Return the client."""
        if self._kept is None:
            self._kept = super().get_client(key, write=write)
        return self._kept


class SteadyRedisCache(RedisCache):
    """A RedisCache that falls back to the memory of the process."""

    _ask_again_at = 0.0

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = _KeptClient
        self._own_memory = LocMemCache("steady-cache", {**params, "OPTIONS": {}})

    def _steadily(self, method: str, *args: Any, **kwargs: Any) -> Any:
        asked: Callable[..., Any] = getattr(super(), method)
        if time.monotonic() >= SteadyRedisCache._ask_again_at:
            try:
                return asked(*args, **kwargs)
            except RedisError as error:
                SteadyRedisCache._ask_again_at = time.monotonic() + PAUSE_SECONDS
                log.warning("The cache does not answer (%s); this process counts for itself.", error)
        self._own_memory.key_prefix = self.key_prefix
        return getattr(self._own_memory, method)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._steadily("add", *args, **kwargs))

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._steadily("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._steadily("set", *args, **kwargs)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._steadily("touch", *args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._steadily("delete", *args, **kwargs))

    def get_many(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        found: dict[str, Any] = self._steadily("get_many", *args, **kwargs)
        return found

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return bool(self._steadily("has_key", *args, **kwargs))

    def incr(self, *args: Any, **kwargs: Any) -> int:
        return int(self._steadily("incr", *args, **kwargs))

    def set_many(self, *args: Any, **kwargs: Any) -> list[Any]:
        failed: list[Any] = self._steadily("set_many", *args, **kwargs)
        return failed

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._steadily("delete_many", *args, **kwargs)

    def clear(self) -> None:
        self._steadily("clear")
