"""The cache that does not fail."""

import logging
import uuid
from typing import Any

import pytest
from django.core.cache import caches

from foundation.accounts.steady_cache import SteadyRedisCache


@pytest.fixture
def key() -> str:
    return uuid.uuid4().hex


def test_it_is_the_cache_in_use(settings: Any, key: str) -> None:
    cache = caches["default"]
    assert isinstance(cache, SteadyRedisCache)
    cache.set(key, [1.5, 2], 30)
    assert cache.get(key) == [1.5, 2]
    assert not cache._own_memory.has_key(key)


def test_it_counts_for_itself_when_nothing_answers(dead_cache: None, key: str, caplog: Any) -> None:
    cache = caches["default"]
    with caplog.at_level(logging.WARNING):
        assert cache.add(key, 1, 30)
        assert not cache.add(key, 2, 30)
        assert cache.incr(key) == 2
        assert cache.get(key) == 2
        assert cache.get_many([key]) == {key: 2}
        assert key in cache
        cache.set_many({f"{key}-2": 5}, 30)
        cache.delete_many([f"{key}-2"])
        assert cache.touch(key, 60)
        assert cache.delete(key)
        assert cache.get(key) is None
    assert len([record for record in caplog.records if "cache does not answer" in record.message]) == 1


def test_it_asks_again_after_a_pause(
    dead_cache: None, settings: Any, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    caches["default"].set(key, "own", 30)
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": settings.REDIS_URL}}
    cache = caches["default"]
    until = SteadyRedisCache._ask_again_at
    monkeypatch.setattr("foundation.accounts.steady_cache.time.monotonic", lambda: until - 0.1)
    assert cache.get(key) == "own"
    monkeypatch.setattr("foundation.accounts.steady_cache.time.monotonic", lambda: until)
    assert cache.get(key) is None
    cache.set(key, "shared", 30)
    assert cache.get(key) == "shared"
