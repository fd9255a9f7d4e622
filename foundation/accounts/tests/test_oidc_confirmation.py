"""Weighty steps of people whom only the provider knows: it asks them anew, and what it says is checked."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pghistory.models
import pytest
import requests
from django.test import Client

from audits.tests.factories import audit_make
from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.confirmation import CONFIRMED
from foundation.accounts.models import User
from foundation.accounts.services import organisation_change
from foundation.accounts.tests.factors import App, app_of
from foundation.accounts.tests.oidc_provider import Provider
from foundation.accounts.tests.test_oidc import person, sign_in, way_back
from foundation.accounts.tests.test_weighty_steps import fields_of
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

GO = "/account/confirm/oidc/go/"
PAGE = "/account/confirm/oidc/"
SET = "/account/password/set/"
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
    """Let the provider confirm, and return what the portal answers at last; a form that sends itself is sent."""
    page = client.get(way_back(client, f"{GO}?next={to}"))["Location"]
    answer = client.get(page)
    return client.post(page) if b"data-sends-itself" in answer.content else answer


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


@pytest.mark.parametrize("trusted", [True, False])
def test_a_provider_that_tells_no_time_is_believed_only_where_that_is_set(
    browser: Client, provider: Provider, cast: Cast, settings: Any, trusted: bool
) -> None:
    settings.OIDC_TRUST_PROMPT = trusted
    provider.sign_in(**person(cast.auditor, auth_time=None))
    assert (go(browser).status_code == 302) is trusted
    assert (browser.get(STEP).status_code == 200) is trusted


def test_whoever_takes_the_question_out_of_the_address_confirms_nothing(
    browser: Client, provider: Provider
) -> None:
    """Who sits at an open browser sees the way to the provider, and may ask it something else."""
    there = browser.get(f"{GO}?next={STEP}")["Location"]
    for part in ("prompt=login", "max_age=0"):
        assert part in there
        there = there.replace(part, "")
    back = urlsplit(requests.get(there, allow_redirects=False, timeout=10).headers["Location"])
    answer = browser.get(browser.get(f"{back.path}?{back.query}")["Location"])
    assert "did not confirm that it is you" in answer.content.decode()
    assert browser.get(STEP).status_code == 302


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
    assert browser.get(STEP)["Location"].startswith(PAGE)
    assert browser.get("/account/passkeys/new/")["Location"].startswith(PAGE)


def test_a_factor_that_the_provider_tells_of_confirms_nothing(
    browser: Client, provider: Provider, cast: Cast, settings: Any
) -> None:
    settings.OIDC_TRUST_MFA = True
    provider.sign_in(**person(cast.auditor, amr=["mfa"]))
    browser.get(way_back(browser))
    assert browser.get(STEP)["Location"].startswith(PAGE)


def test_the_first_factor_is_set_up_after_the_first_sign_in(cast: Cast, provider: Provider) -> None:
    changes = {"mfa_roles": [Role.AUDITOR.value]}
    organisation_change(changes=changes, actor=cast.administrator, now=clock.now())
    provider.sign_in(**person(forget_password(cast.auditor)))
    client, answer = sign_in()
    assert client.get(answer["Location"])["Location"] == "/second-factor/"
    assert client.get(STEP)["Location"].startswith(PAGE)
    assert go(client)["Location"] == STEP
    secret = client.get(STEP).context["form"].secret
    assert client.post(STEP, {"code": App(secret).code()}).status_code == 302
    assert client.get("/account/recovery-codes/").status_code == 200


def test_a_password_is_set_by_who_proved_who_it_is(browser: Client, cast: Cast) -> None:
    typed = {"password1": "Nine-Otters-Sing-42", "password2": "Nine-Otters-Sing-42"}
    assert browser.get(SET)["Location"] == f"{PAGE}?next=%2Faccount%2Fpassword%2Fset%2F"
    asks = browser.post(SET, typed)["Location"]
    assert "you send it once more afterwards" in browser.get(asks).content.decode()
    cast.auditor.refresh_from_db()
    assert not cast.auditor.has_usable_password()
    assert go(browser, to=SET)["Location"] == SET
    assert browser.get(SET).status_code == 200
    assert browser.post(SET, typed).status_code == 302
    cast.auditor.refresh_from_db()
    assert cast.auditor.check_password(typed["password1"])


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


def test_the_field_history_of_what_follows_a_confirmation_tells_who(cast: Cast, provider: Provider) -> None:
    """The provider leads back by a GET, and a GET writes nothing: what waits is sent on by a form."""
    forget_password(cast.administrator)
    provider.sign_in(**person(cast.administrator))
    client, _answer = sign_in()
    url = f"/people/{cast.auditor.pk}/edit/"
    asks = client.post(url, fields_of(client, url) | {"email": "elsewhere@example.com"})
    assert asks["Location"].startswith(PAGE)
    page = client.get(way_back(client, f"{GO}?next={url}"))["Location"]
    shown = client.get(page)
    cast.auditor.refresh_from_db()
    assert cast.auditor.email != "elsewhere@example.com", "to look changes nothing"
    assert "data-sends-itself" in shown.content.decode()
    assert client.post(page)["Location"] == f"/people/{cast.auditor.pk}/"
    cast.auditor.refresh_from_db()
    assert cast.auditor.email == "elsewhere@example.com"
    events = pghistory.models.Events.objects.tracks(cast.auditor)
    event = events.get(pgh_data__email="elsewhere@example.com")
    assert event.pgh_context["user"] == cast.administrator.pk
    assert event.pgh_context["url"] == url


def test_what_was_not_kept_is_never_said_to_be_done(browser: Client) -> None:
    typed = {"password1": "Nine-Otters-Sing-42", "password2": "Nine-Otters-Sing-42"}
    browser.post(SET, typed)
    answer = browser.get(way_back(browser, f"{GO}?next={SET}"), follow=True)
    assert answer.redirect_chain[-1] == (SET, 302), "no form to send on, where nothing can be done"
    assert "You are confirmed: take the step once more" in answer.content.decode()


@pytest.mark.parametrize("age", [290, 310])
def test_a_confirmation_is_good_for_five_minutes(browser: Client, age: int) -> None:
    asks = browser.post(STEP, {"code": "000000"})["Location"]
    browser.get(way_back(browser, f"{GO}?next={STEP}"))
    session = browser.session
    session[CONFIRMED] -= age
    session.save()
    is_good = age < 300
    assert ("data-sends-itself" in browser.get(asks).content.decode()) is is_good
    answer = browser.post(asks).content.decode()
    assert ("This code is not right" in answer) is is_good
    assert ("Go to Vale ID" in answer) is not is_good


def test_the_page_of_sign_in_says_what_there_is(browser: Client, cast: Cast, provider: Provider) -> None:
    page = browser.get("/account/security/").content.decode()
    assert "Vale ID lets you in since" in page
    assert f'href="{SET}"' in page
    cast.auditor.set_password("Nine-Otters-Sing-42")
    cast.auditor.save()
    with_password = Client()
    with_password.force_login(cast.auditor)
    page = with_password.get("/account/security/").content.decode()
    assert f"You sign in with it and the address {cast.auditor.email}." in page
    assert 'href="/account/password/change/"' in page
