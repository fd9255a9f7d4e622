"""The embedded Valkey: closed to others, and what it keeps and recovers from."""

from collections.abc import Iterator

import pytest
import redis

from foundation.operations.embedded.folder import Folder
from foundation.operations.embedded.valkey import EmbeddedValkey
from foundation.operations.tests.conftest import account_in


@pytest.fixture
def valkey(folder: Folder) -> Iterator[EmbeddedValkey]:
    server = EmbeddedValkey(folder, account_in(folder))
    server.start()
    yield server
    server.stop()


def client(server: EmbeddedValkey) -> redis.Redis:
    return redis.Redis.from_url(server.url, decode_responses=True)


def test_nobody_comes_in_without_the_password(valkey: EmbeddedValkey) -> None:
    stranger = redis.Redis.from_url("redis://" + valkey.url.partition("@")[2])
    with pytest.raises(redis.AuthenticationError):
        stranger.ping()


def test_the_queue_survives_a_stop(valkey: EmbeddedValkey) -> None:
    client(valkey).rpush("queue", "first", "second")
    valkey.stop()
    valkey.start()
    assert client(valkey).lrange("queue", 0, -1) == ["first", "second"]


def test_a_queue_that_can_not_be_read_is_set_aside(valkey: EmbeddedValkey, folder: Folder) -> None:
    client(valkey).rpush("queue", "first")
    valkey.stop()
    for part in (folder.valkey / "appendonlydir").iterdir():
        part.write_bytes(b"no queue at all\n")
    valkey.start()
    assert client(valkey).ping()
    assert client(valkey).exists("queue") == 0
    assert (folder.var / "valkey.unreadable").exists()


def test_a_server_that_an_earlier_run_left_is_stopped_first(
    valkey: EmbeddedValkey, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("foundation.operations.embedded.server.LEFTOVER_SECONDS", 0.0)
    next_run = EmbeddedValkey(valkey.folder, valkey.account)
    next_run.start()
    try:
        assert valkey.mark is not None
        assert next_run.mark != valkey.mark
        assert not valkey.mark.is_running()
        assert client(next_run).ping()
    finally:
        next_run.stop()
