"""What the portal takes from the inside of django-allauth is there, does what is relied on, and is taken at one place."""

import re
import time
from base64 import b32encode
from datetime import UTC, datetime
from typing import Any

import pytest
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.core import context
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from foundation.accounts import allauth_inside as inside
from foundation.accounts.models import User
from foundation.accounts.session_store import SessionStore
from foundation.accounts.tests.factories import PASSWORD
from foundation.testing.cast import Cast

INSIDE = re.compile(r"allauth[\w.]*\.internal\b|allauth[\w.]* import .*\b_[A-Za-z]|import_module\(.allauth")


@pytest.fixture
def request_of(cast: Cast) -> HttpRequest:
    request = RequestFactory().post("/account/code/")
    request.user, request.session = cast.auditor, SessionStore()
    return request


def test_nothing_else_reaches_inside() -> None:
    found = {
        str(path.relative_to(settings.BASE_DIR))
        for folder in ("audits", "bench", "ciso_portal", "foundation")
        for path in (settings.BASE_DIR / folder).rglob("*.py")
        if INSIDE.search(path.read_text())
    }
    assert found == {
        "foundation/accounts/allauth_inside.py",
        "foundation/accounts/tests/factors.py",  # makes what a person sets up by hand
        "foundation/accounts/tests/test_allauth_inside.py",
    }


def test_the_session_s_records_say_how_and_when(request_of: HttpRequest, cast: Cast) -> None:
    assert inside.authentication_records(request_of) == []
    inside.record_authentication(request_of, cast.auditor, "mfa", id=7, type="totp")
    inside.record_authentication(request_of, cast.auditor, "password", reauthenticated=True)
    by_app, by_password = inside.authentication_records(request_of)
    assert (by_app["method"], by_app["id"], by_app["type"]) == ("mfa", 7, "totp")
    assert (by_password["method"], by_password["reauthenticated"]) == ("password", True)
    assert time.time() - 60 < by_app["at"] <= by_password["at"] <= time.time()
    inside.forget_records(request_of, method="mfa", pk=7)
    assert [one["method"] for one in inside.authentication_records(request_of)] == ["password"]
    request_of.user = cast.ciso
    assert inside.authentication_records(request_of) == [], "of the one person alone"


def test_a_sign_in_by_form_writes_such_a_record(cast: Cast, request_of: HttpRequest) -> None:
    browser = Client()
    browser.post("/account/sign-in/", {"login": cast.auditor.email, "password": PASSWORD})
    request_of.session = browser.session
    (record,) = inside.authentication_records(request_of)
    assert record["method"] == "password"
    assert "reauthenticated" not in record


def test_a_note_outside_of_a_request_counts_alike(request_of: HttpRequest, cast: Cast) -> None:
    inside.note_shown(request_of.session, cast.auditor, method="password", at=17.0)
    assert inside.authentication_records(request_of) == [{"method": "password", "at": 17.0}]
    inside.note_shown(request_of.session, cast.auditor, method="password", at=17.0, again=True)
    (noted,) = inside.authentication_records(request_of)
    inside.record_authentication(request_of, cast.auditor, "password", reauthenticated=True)
    assert noted.keys() == inside.authentication_records(request_of)[-1].keys(), "as the library writes it"


def answer(request: HttpRequest, state: dict[str, Any]) -> HttpResponse:
    return HttpResponse(f"done {state}")


def test_the_library_calls_back_once(request_of: HttpRequest) -> None:
    inside.call_back(request_of.session, f"{__name__}.{answer.__name__}")
    with context.request_context(request_of):
        answered = resume_request(request_of)
        assert answered is not None
        assert answered.content == b"done {}"
        assert resume_request(request_of) is None


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")]
)
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    """RFC 6238, appendix B: its codes have eight digits, of which an app shows the last six."""
    secret = b32encode(b"12345678901234567890").decode()
    shown = inside.code_of_period(secret, int(datetime.fromtimestamp(seconds, UTC).timestamp()) // 30)
    assert shown == code
    assert inside.codes_match(actual=f"{code[:3]} {code[3:]}", expected=shown)
    assert not inside.codes_match(actual="000000", expected=shown)
    assert not inside.codes_match(actual="", expected="")
    assert not inside.codes_match(actual="é", expected=shown)


def test_tries_of_codes_are_limited(request_of: HttpRequest, cast: Cast) -> None:
    with context.request_context(request_of):
        for _try in range(5):
            clear = inside.check_rate_limit(cast.auditor)
        with pytest.raises(Exception, match="Too many"):
            inside.check_rate_limit(cast.auditor)
        clear()
        inside.check_rate_limit(cast.auditor)


def test_a_browser_is_asked_for_a_key_of_its_holder(request_of: HttpRequest, cast: Cast) -> None:
    request_of.META["HTTP_HOST"] = "testserver"
    with context.request_context(request_of):
        made = inside.begin_registration(cast.auditor, True)["publicKey"]
        shown = inside.begin_authentication(user=None)["publicKey"]
    assert made["authenticatorSelection"]["userVerification"] == "required"
    assert made["user"]["name"]
    assert shown["challenge"]
    assert User.objects.filter(pk=cast.auditor.pk).exists()
