"""The checks at the edge: 403 with the reason, sign-in for strangers."""

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from django.views import View

from foundation.accounts.permissions import (
    RightRequiredMixin,
    right_check,
    right_required,
)
from foundation.testing.cast import Cast


@right_required("mail.manage")
def outbox(request: HttpRequest) -> HttpResponse:
    return HttpResponse("outbox")


class OutboxView(RightRequiredMixin, View):
    right = "mail.manage"

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse("outbox")


@pytest.fixture(params=[outbox, OutboxView.as_view()], ids=["function", "class"])
def page(request: pytest.FixtureRequest) -> Any:
    return request.param


def ask(page: Any, user: Any) -> HttpResponse:
    request = RequestFactory().get("/mail/outbox/?state=parked")
    request.user = user
    return page(request)


def test_it_works(page: Any, cast: Cast) -> None:
    assert ask(page, cast.administrator).content == b"outbox"


def test_the_signed_in_without_the_right_are_told_why(page: Any, cast: Cast) -> None:
    with pytest.raises(PermissionDenied, match="See the outbox.*Administrator"):
        ask(page, cast.ciso)


def test_strangers_sign_in_first_and_come_back(page: Any) -> None:
    response = ask(page, AnonymousUser())
    assert response.status_code == 302
    assert response["Location"].endswith("?next=/mail/outbox/%3Fstate%3Dparked")


def test_a_right_for_a_unit_holds_below_it_alone(cast: Cast) -> None:
    right_check(user=cast.unit_lead, right="records.view", unit_id=cast.units.cards.pk)
    with pytest.raises(PermissionDenied):
        right_check(user=cast.unit_lead, right="records.view", unit_id=cast.units.retail.pk)
    with pytest.raises(PermissionDenied):
        right_check(user=cast.unit_lead, right="records.view")


def test_an_unknown_right_fails_at_once() -> None:
    with pytest.raises(KeyError):
        right_required("mail.mange")
