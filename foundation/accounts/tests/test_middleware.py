"""What is done to every request on its way to a page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from foundation.accounts.middleware import ClientAddressMiddleware
from foundation.accounts.models import User
from foundation.testing.cast import Cast


def address_of(settings: Any, proxies: int, forwarded: str | None) -> str:
    settings.TRUSTED_PROXY_COUNT = proxies
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    request = RequestFactory(REMOTE_ADDR="10.0.0.1").get("/", headers=headers)
    seen: list[str] = []

    def page(request: HttpRequest) -> HttpResponse:
        seen.append(request.META["REMOTE_ADDR"])
        return HttpResponse()

    ClientAddressMiddleware(page)(request)
    return seen[0]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.7", "10.0.0.1"),  # nobody is believed
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),  # what the client wrote itself comes first
        (2, "198.51.100.1, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        (1, "2001:db8::7", "2001:db8::7"),
        (2, "203.0.113.7", "10.0.0.1"),  # too few: it did not come by both proxies
        (1, "nonsense", "10.0.0.1"),
        (1, "", "10.0.0.1"),
        (1, None, "10.0.0.1"),
    ],
)
def test_the_clients_address(settings: Any, proxies: int, forwarded: str | None, address: str) -> None:
    assert address_of(settings, proxies, forwarded) == address


def test_a_page_that_says_nothing_is_closed_to_strangers(client: Client, cast: Cast) -> None:
    assert client.get("/health/")["Location"] == "/account/sign-in/?next=/health/"


def test_a_fragment_sends_the_whole_page_to_sign_in(client: Client, cast: Cast) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/rights/?x=1"}
    response = client.get("/rights/mail.manage/", headers=headers)
    assert response.status_code == 204
    assert response["HX-Redirect"] == "/account/sign-in/?next=/rights/%3Fx%3D1"


def test_a_dialog_leads_to_the_confirmation_as_a_whole_page(
    cast: Cast, sign_in: Callable[[User], Client]
) -> None:
    response = sign_in(cast.ciso).post("/approvals/1/decide/", headers={"HX-Request": "true"})
    assert response["HX-Redirect"] == "/account/confirm/?next=%2Fapprovals%2F1%2Fdecide%2F"
    assert "Location" not in response
