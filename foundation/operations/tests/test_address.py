"""Where the web server listens, and what is said when it can not."""

import socket
from collections.abc import Iterator

import pytest

from foundation.operations.launch.address import Address


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_free_port_is_no_problem(taken: int) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    assert Address("127.0.0.1", free).problem() == ""


def test_a_port_that_is_taken_is_named(taken: int) -> None:
    assert f"port {taken} is taken" in Address("127.0.0.1", taken).problem()


def test_an_address_of_another_machine_is_named() -> None:
    assert "nothing can listen on 192.0.2.1" in Address("192.0.2.1", 8000).problem()


@pytest.mark.parametrize(
    ("host", "bind", "url"),
    [
        ("127.0.0.1", "127.0.0.1:8000", "http://127.0.0.1:8000/"),
        ("::1", "[::1]:8000", "http://[::1]:8000/"),
        ("0.0.0.0", "0.0.0.0:8000", f"http://{socket.gethostname()}:8000/"),
    ],
)
def test_how_it_is_written(host: str, bind: str, url: str) -> None:
    address = Address(host, 8000)
    assert (address.bind, address.url) == (bind, url)


def test_listening_everywhere_is_reached_on_this_machine() -> None:
    assert Address("0.0.0.0", 8000).reachable == "127.0.0.1"
