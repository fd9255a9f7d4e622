"""How somebody signs in, as who manages the account sees it: kinds and days, no secrets; ending sessions, taking factors."""

from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client

from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.models import Session, User
from foundation.accounts.services import organisation_change
from foundation.accounts.tests.factories import PASSWORD, RoleGrantFactory, UserFactory
from foundation.accounts.tests.factors import app_of, codes_of
from foundation.accounts.tests.test_sessions import FIREFOX, is_in, row_of
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry

SignIn = Callable[[User], Client]


@pytest.fixture
def page(cast: Cast) -> str:
    return f"/people/{cast.personnel.pk}/"


def confirm(browser: Client, answer: Any) -> Any:
    """Type the password where a step leads to, and return what the step answers then."""
    assert answer["Location"].startswith("/account/confirm/?next="), answer
    return browser.post(answer["Location"], {"password": PASSWORD})


def signed_in_by_form(user: User) -> Client:
    browser = Client(HTTP_USER_AGENT=FIREFOX)
    browser.post("/account/sign-in/", {"login": user.email, "password": PASSWORD})
    return browser


def test_it_shows_kinds_and_days_and_no_secret(cast: Cast, sign_in: SignIn, page: str) -> None:
    app = app_of(cast.personnel)
    Authenticator.objects.create(
        user=cast.personnel,
        type=Authenticator.Type.WEBAUTHN,
        data={"name": "Blue key", "credential": "hush"},
    )
    SocialAccount.objects.create(user=cast.personnel, provider="oidc", uid="vale-17")
    theirs = signed_in_by_form(UserFactory.create(email="x@example.com"))
    assert is_in(theirs)
    sign_in(cast.personnel)
    browser = sign_in(cast.administrator)
    with assert_queries("person signs in"):
        shown = browser.get(f"{page}sign-in/").content.decode()
    for words in ("Authenticator app", "Passkey", "Blue key", "Recovery codes", "Single sign-on", "Password"):
        assert words in shown
    kept = Authenticator.objects.get(user=cast.personnel, type=Authenticator.Type.TOTP).data["secret"]
    for secret in (app.secret, kept, "hush", "vale-17", *codes_of(cast.personnel)):
        assert secret not in shown
    assert shown.count(">End it<") == 1, "the sessions of this person alone"


def test_only_who_manages_the_account_sees_it(cast: Cast, sign_in: SignIn, page: str) -> None:
    assert f"{page}sign-in/" in sign_in(cast.administrator).get(page).content.decode()
    for person in (cast.ciso, cast.personnel):
        browser = sign_in(person)
        assert f"{page}sign-in/" not in browser.get(page).content.decode()
        assert browser.get(f"{page}sign-in/").status_code == 403


def test_who_manages_a_unit_does_not_sign_out_who_may_more(cast: Cast, sign_in: SignIn, page: str) -> None:
    local = UserFactory.create(unit=cast.units.payments)
    RoleGrantFactory.create(user=local, role=Role.ADMINISTRATOR, unit=cast.units.payments)
    browser = sign_in(local)
    assert browser.get(f"{page}sign-in/").status_code == 200
    RoleGrantFactory.create(user=cast.personnel, role=Role.SECURITY)
    for path in ("sign-in/", "sign-out/", "second-factors/reset/"):
        assert browser.get(f"{page}{path}").status_code == 403


def test_one_s_own_is_elsewhere(cast: Cast, sign_in: SignIn) -> None:
    app_of(cast.administrator)
    browser, own = sign_in(cast.administrator), f"/people/{cast.administrator.pk}/"
    assert "sign-in/" not in browser.get(own).content.decode().partition("<main")[2]
    for path in ("sign-in/", "sign-out/", "second-factors/reset/", f"sessions/{row_of(browser).pk}/end/"):
        answer = browser.get(f"{own}{path}")
        assert answer.status_code == 403
        assert "Sign-in and security" in answer.content.decode()


def test_lost_factors_are_taken_with_a_reason_by_whom_it_is(cast: Cast, sign_in: SignIn, page: str) -> None:
    app_of(cast.personnel)
    theirs, browser = sign_in(cast.personnel), sign_in(cast.administrator)
    url = f"{page}second-factors/reset/"
    assert browser.post(url, {"comment": " "}).status_code == 422, "a reason is asked for"
    asked = browser.post(url, {"comment": "Lost the phone & the codes"})
    assert Authenticator.objects.filter(user=cast.personnel).exists(), "not before it is known who asks"
    assert confirm(browser, asked)["Location"] == f"{page}sign-in/"
    assert not Authenticator.objects.filter(user=cast.personnel).exists()
    assert not is_in(theirs)
    entry = Entry.objects.get(action="accounts.factors.reset")
    assert (entry.actor_name, entry.comment) == ("Ada Nyberg", "Lost the phone & the codes")
    (message,) = mail.outbox
    assert message.to == [cast.personnel.email]
    assert "Ada Nyberg did it, and says why: “Lost the phone & the codes”" in message.body


def test_somebody_is_signed_out_everywhere(cast: Cast, sign_in: SignIn, page: str) -> None:
    theirs = [sign_in(cast.personnel), sign_in(cast.personnel)]
    browser = sign_in(cast.administrator)
    asked = browser.post(f"{page}sign-out/", {"comment": "Laptop stolen"})
    assert all(is_in(one) for one in theirs)
    confirm(browser, asked)
    assert not any(is_in(one) for one in theirs)
    assert is_in(browser)
    entry = Entry.objects.get(action="accounts.sessions.ended")
    assert (entry.actor_name, entry.subject, entry.before) == ("Ada Nyberg", "Pavel Dimitrov", {"count": 2})
    assert entry.comment == "Laptop stolen"
    assert [message.subject for message in mail.outbox] == ["You were signed out · CISO Portal"]


def test_one_session_is_ended(cast: Cast, sign_in: SignIn, page: str) -> None:
    lost, kept = signed_in_by_form(cast.personnel), sign_in(cast.personnel)
    browser = sign_in(cast.administrator)
    url = f"{page}sessions/{row_of(lost).pk}/end/"
    assert "Firefox on Linux" in browser.get(url).content.decode()
    confirm(browser, browser.post(url, {"comment": "Left on the train"}))
    assert (is_in(lost), is_in(kept)) == (False, True)
    entry = Entry.objects.get(action="accounts.session.ended")
    assert entry.before["device"] == "Firefox on Linux"
    assert "Left on the train" in mail.outbox[-1].body
    assert browser.get(url).status_code == 404


def test_the_session_of_another_person_is_not_found(cast: Cast, sign_in: SignIn, page: str) -> None:
    other, browser = sign_in(cast.ciso), sign_in(cast.administrator)
    for key in (row_of(other).pk, row_of(browser).pk, "x"):
        assert browser.post(f"{page}sessions/{key}/end/", {"comment": "x"}).status_code == 404
    assert is_in(other)


def test_a_dialog_leads_to_the_question_and_back(cast: Cast, sign_in: SignIn, page: str) -> None:
    sign_in(cast.personnel)
    browser = sign_in(cast.administrator)
    url = f"{page}sign-out/"
    headers = {"HX-Request": "true", "HX-Target": "ask-content"}
    asked = browser.post(url, {"comment": "Stolen"}, headers=headers)
    back = browser.post(asked["HX-Redirect"], {"password": PASSWORD})
    assert back["Location"] == f"{page}sign-in/"
    assert not Session.objects.filter(user=cast.personnel).exists()


def test_who_needs_a_factor_and_has_none_is_told(cast: Cast, sign_in: SignIn, page: str) -> None:
    organisation_change(changes={"mfa_roles": [Role.PERSONNEL.value]}, actor=cast.ciso, now=clock.now())
    shown = sign_in(cast.administrator).get(f"{page}sign-in/").content.decode()
    assert "No second factor yet" in shown
    assert "Nowhere." in shown
