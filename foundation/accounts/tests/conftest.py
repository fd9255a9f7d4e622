"""Fixtures of the app's tests."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from django.test.utils import override_settings

from foundation.accounts.oidc_settings import provider_settings
from foundation.accounts.steady_cache import SteadyRedisCache
from foundation.accounts.tests.oidc_provider import CLIENT_ID, CLIENT_SECRET, Provider, running_provider


@pytest.fixture
def dead_cache(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let nothing answer where the cache should be."""
    monkeypatch.setattr(SteadyRedisCache, "_ask_again_at", 0.0)
    default = {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    settings.CACHES = {"default": default}
    assert isinstance(caches["default"], RedisCache)
    yield
    SteadyRedisCache._ask_again_at = 0.0


@pytest.fixture
def provider() -> Iterator[Provider]:
    """Run an identity provider, and let the portal know it."""
    with running_provider() as server:
        known = provider_settings(
            issuer=server.issuer, client_id=CLIENT_ID, secret=CLIENT_SECRET, name="Vale ID"
        )
        with override_settings(OIDC_ISSUER=server.issuer, OIDC_NAME="Vale ID", SOCIALACCOUNT_PROVIDERS=known):
            yield server
