"""Fixtures of the app's tests."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache

from foundation.accounts.steady_cache import SteadyRedisCache


@pytest.fixture
def dead_cache(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let nothing answer where the cache should be."""
    monkeypatch.setattr(SteadyRedisCache, "_ask_again_at", 0.0)
    default = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": default}
    assert isinstance(caches["default"], RedisCache)
    yield
    SteadyRedisCache._ask_again_at = 0.0
