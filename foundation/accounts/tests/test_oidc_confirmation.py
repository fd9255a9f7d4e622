"""Weighty steps of people whom only the provider knows: it asks them anew, and what it says is checked."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from audits.tests.factories import audit_make
from foundation.accounts.models import User
from foundation.accounts.tests.factors import app_of
from foundation.accounts.tests.oidc_provider import Provider
from foundation.accounts.tests.test_oidc import person, sign_in, way_back
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

GO = "/account/confirm/oidc/go/"
PAGE = "/account/confirm/oidc/"
STEP = "/account/authenticator-app/"  # asks for a confirmation when the sign-in is not of just now


def forget_password(user: User) -> User:
    user.set_unusable_password()
    user.save()
    return user


@pytest.fixture
def browser(cast: Cast, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Return a browser in which the auditor, who has neither password nor factor, signed in ten minutes ago."""
    forget_password(cast.auditor)
    provider.sign_in(**person(cast.auditor))
    client, _answer = sign_in()
    session = client.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 600
    session.save()
    return client


def go(client: Client, *, to: str = STEP) -> Any:
    """Let the provider confirm, and return what the portal answers at last."""
    page = client.get(way_back(client, f"{GO}?next={to}"))["Location"]
    return client.get(page)


def test_a_step_leads_to_the_provider_and_back(browser: Client, provider: Provider) -> None:
    answer = browser.get(STEP)
    assert answer["Location"] == f"{PAGE}?next=%2Faccount%2Fauthenticator-app%2F"
    page = browser.get(answer["Location"]).content.decode()
    assert "Go to Vale ID" in page
    assert f"{GO}?next=" in page
    assert go(browser)["Location"] == STEP
    assert (provider.asked["prompt"], provider.asked["max_age"]) == ("login", "0")
    assert browser.get(STEP).status_code == 200
    assert not Entry.objects.filter(action="accounts.session.closed").exists(), "the session goes on"


def test_what_was_sent_is_not_lost(browser: Client, cast: Cast) -> None:
    answer = browser.post(STEP, {"code": "000000"})
    back = go(browser, to="/account/authenticator-app/")
    assert answer.status_code == 302
    assert back.status_code == 200
    assert "This code is not right" in back.content.decode(), "the form that was sent is read now"


@pytest.mark.parametrize(
    "claims",
    [
        {"sub": "vale-18"},
        {"auth_time": int(time.time()) - 3600},
        {"auth_time": "now"},
        {"auth_time": True},
        {"told": {"sub": "vale-18"}},
    ],
    ids=["another person", "asked nobody", "no number", "no number either", "two persons"],
)
def test_only_the_same_person_who_was_asked_just_now_counts(
    browser: Client, provider: Provider, cast: Cast, claims: dict[str, Any]
) -> None:
    provider.sign_in(**person(cast.auditor, **claims))
    answer = go(browser)
    assert answer.status_code == 200
    assert "did not confirm that it is you" in answer.content.decode()
    assert browser.get(STEP).status_code == 302
    assert browser.session["_auth_user_id"] == str(cast.auditor.pk)
    entry = Entry.objects.latest("id")
    assert (entry.action, entry.subject) == ("accounts.confirmation.refused", cast.auditor.full_name)


def test_a_colleague_does_not_confirm(browser: Client, provider: Provider, cast: Cast) -> None:
    provider.sign_in(**person(cast.ciso, sub="vale-1"))
    sign_in()
    assert "did not confirm" in go(browser).content.decode()
    assert browser.session["_auth_user_id"] == str(cast.auditor.pk)


def test_a_provider_that_tells_no_time_is_believed(browser: Client, provider: Provider, cast: Cast) -> None:
    provider.sign_in(**person(cast.auditor, auth_time=None))
    assert go(browser)["Location"] == STEP


def test_whoever_calls_it_off_may_try_again(browser: Client, provider: Provider) -> None:
    provider.sign_in()
    answer = go(browser)
    assert "did not confirm" in answer.content.decode()
    assert "Go to Vale ID" in answer.content.decode()


def test_a_provider_that_is_away_is_told(browser: Client, provider: Provider) -> None:
    provider.shutdown()
    provider.server_close()
    page = browser.get(browser.get(GO)["Location"]).content.decode()
    assert "Vale ID does not answer" in page


def test_a_confirmation_leads_nowhere_else(browser: Client, provider: Provider) -> None:
    assert go(browser, to="https://evil.example.org/")["Location"] == "/"


def test_an_answer_confirms_once(browser: Client, provider: Provider) -> None:
    back = way_back(browser, f"{GO}?next={STEP}")
    browser.get(back)
    assert browser.get(back).status_code == 403


def test_a_sign_in_confirms_nothing(browser: Client, provider: Provider) -> None:
    """Whoever sits down at an open browser may be signed in at the provider still, and is let in there unasked."""
    browser.get(way_back(browser))
    session = browser.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 600
    session.save()
    assert browser.get(STEP)["Location"].startswith(PAGE)


def test_a_decision_asks_the_provider(cast: Cast, provider: Provider) -> None:
    forget_password(cast.ciso)
    provider.sign_in(**person(cast.ciso))
    client, _answer = sign_in()
    audit_make(cast)
    assert client.post("/approvals/1/decide/", {})["Location"].startswith(PAGE), "not passed unasked"


def test_others_may_choose_the_provider(cast: Cast, provider: Provider) -> None:
    provider.sign_in(**person(cast.auditor))
    client, _answer = sign_in()
    page = client.get(f"/account/confirm/?next={STEP}").content.decode()
    assert "Use Vale ID" in page
    assert go(client)["Location"] == STEP


def test_who_has_a_factor_shows_that_first(cast: Cast, provider: Provider) -> None:
    app_of(forget_password(cast.auditor))
    provider.sign_in(**person(cast.auditor))
    client, _answer = sign_in()
    assert client.get(PAGE).status_code == 302, "not in before the code"


def test_nothing_to_show_is_no_way_around(cast: Cast, sign_in: Callable[[User], Client]) -> None:
    forget_password(cast.ciso)
    answer = sign_in(cast.ciso).post("/approvals/1/decide/", {})
    assert answer.status_code == 403
    assert "neither password nor second factor" in answer.content.decode()
