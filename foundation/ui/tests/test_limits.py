"""Limits on how often something may be asked for."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.test import RequestFactory

from foundation.ui.errors import TooManyRequests
from foundation.ui.limits import limit_check, sender_of

NOW = datetime(2027, 3, 1, 8, 0, 10, tzinfo=UTC)


def ask(key: str = "one", *, what: str = "thing", now: datetime = NOW, most: int = 3) -> None:
    limit_check(what=what, key=key, most=most, seconds=60, now=now)


def test_so_many_and_no_more() -> None:
    for _ in range(3):
        ask()
    with pytest.raises(TooManyRequests) as refused:
        ask()
    assert refused.value.retry_after == 50, "until the minute is over"


def test_each_counts_for_itself() -> None:
    for _ in range(3):
        ask()
    ask("another")
    ask(what="something-else")
    with pytest.raises(TooManyRequests):
        ask()


def test_the_next_stretch_starts_anew() -> None:
    for _ in range(3):
        ask()
    ask(now=NOW + timedelta(seconds=50))
    with pytest.raises(TooManyRequests):
        ask(now=NOW + timedelta(seconds=49))


def test_a_cache_that_forgets_locks_nobody_out() -> None:
    for _ in range(3):
        ask()
    cache.clear()
    ask()


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:9::9", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", "unknown"),
        ("nonsense", "unknown"),
    ],
)
def test_an_ipv6_network_is_one_sender(address: str, counted: str) -> None:
    assert sender_of(RequestFactory(REMOTE_ADDR=address).get("/")) == counted
