"""What the plugin sees to between tests."""

import pytest
from django.core.cache import caches

from foundation.testing import plugin


def test_a_thread_that_lasts_finds_nothing_of_another_test(monkeypatch: pytest.MonkeyPatch) -> None:
    cache_of_the_thread = caches.create_connection("default")
    cache_of_the_thread.set("visited", 1)
    assert cache_of_the_thread.get("visited") == 1
    monkeypatch.setattr(plugin._Cache, "prefix", "the-next-test")
    assert cache_of_the_thread.get("visited") is None
