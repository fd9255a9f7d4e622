"""Sessions: how long they last, what ends them, and the page that lists them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.devices import device_words
from foundation.accounts.models import Session, User
from foundation.accounts.services import (
    factors_reset,
    grant_end,
    grant_give,
    user_deactivate,
)
from foundation.accounts.session_store import SessionStore, digest_of
from foundation.accounts.tasks import clear_sessions
from foundation.accounts.tests.factories import PASSWORD
from foundation.accounts.tests.factors import app_of
from foundation.accounts.tests.test_second_factor import set_up, type_password
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

SignIn = Callable[[User], Client]


def is_in(browser: Client) -> bool:
    return browser.get("/profile/").status_code == 200


def row_of(browser: Client) -> Session:
    return Session.objects.get(pk=digest_of(browser.cookies[settings.SESSION_COOKIE_NAME].value))


@pytest.fixture
def later(settings: Any) -> Callable[..., None]:
    """Return a function that lets time pass."""

    def pass_by(**time: float) -> None:
        settings.CLOCK_OFFSET += timedelta(**time)

    return pass_by


# How long they last


def test_a_session_ends_after_an_hour_without_a_request(
    cast: Cast, sign_in: SignIn, later: Callable[..., None]
) -> None:
    browser = sign_in(cast.auditor)
    later(minutes=59)
    assert is_in(browser)
    later(minutes=59)
    assert is_in(browser), "the request before counts"
    later(minutes=61)
    assert not is_in(browser)


def test_a_session_ends_after_twelve_hours_whatever_happens(
    cast: Cast, sign_in: SignIn, later: Callable[..., None]
) -> None:
    browser = sign_in(cast.auditor)
    for _step in range(24):
        assert is_in(browser)
        later(minutes=30.2)
    assert not is_in(browser)


def test_a_new_password_does_not_start_the_twelve_hours_anew(cast: Cast, later: Callable[..., None]) -> None:
    browser, _answer = type_password(cast.auditor)
    opened_at = row_of(browser).opened_at
    later(minutes=30)
    new = "copper-lantern-meadow-77"
    browser.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    assert is_in(browser)
    assert row_of(browser).opened_at == opened_at
    assert row_of(browser).ip_address == "127.0.0.1"


def test_limits_are_settings(cast: Cast, sign_in: SignIn, later: Callable[..., None], settings: Any) -> None:
    settings.SESSION_IDLE_SECONDS = 300
    browser = sign_in(cast.auditor)
    later(minutes=6)
    assert not is_in(browser)


def test_a_request_a_minute_writes_once(cast: Cast, sign_in: SignIn, later: Callable[..., None]) -> None:
    browser = sign_in(cast.auditor)
    browser.get("/profile/")
    with assert_queries("profile within a minute"):
        browser.get("/profile/")
    later(minutes=2)
    with assert_queries("profile after a minute"):
        browser.get("/profile/")
    assert row_of(browser).last_seen_at >= clock.now() - timedelta(seconds=30)


def test_what_is_over_is_cleared_away(cast: Cast, sign_in: SignIn, later: Callable[..., None]) -> None:
    sign_in(cast.auditor)
    later(hours=2)
    browser = sign_in(cast.ciso)
    clear_sessions()
    assert [session.user for session in Session.objects.all()] == [cast.ciso]
    assert is_in(browser)


def test_the_table_opens_no_session(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.auditor)
    stolen = Client()
    for session in Session.objects.all():
        stolen.cookies[settings.SESSION_COOKIE_NAME] = session.pk
        assert not is_in(stolen)
    assert is_in(browser)


@pytest.mark.parametrize("key", ["", "x", "nobody-has-this-key-at-all", "\x00" * 40, "é" * 9000])
def test_a_key_that_is_none_opens_nothing(db: None, key: str) -> None:
    assert SessionStore(key).load() == {}


# What ends them


def test_a_role_given_ends_sessions(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.outsider)
    other = sign_in(cast.auditor)
    grant_give(user=cast.outsider, role=Role.AUDITOR, unit=None, actor=cast.administrator, now=clock.now())
    assert not is_in(browser)
    assert is_in(other)


def test_a_role_taken_ends_sessions(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.auditor)
    grant_end(grant=cast.auditor.grants.get(), actor=cast.administrator, now=clock.now())
    assert not is_in(browser)


def test_a_second_factor_ends_the_other_sessions(cast: Cast, sign_in: SignIn) -> None:
    elsewhere = sign_in(cast.auditor)
    here, _answer = type_password(cast.auditor)
    set_up(here)
    assert is_in(here)
    assert not is_in(elsewhere)
    elsewhere = sign_in(cast.auditor)
    here.post("/account/authenticator-app/remove/")
    assert is_in(here)
    assert not is_in(elsewhere)


def test_lost_factors_taken_away_end_all_sessions(cast: Cast, sign_in: SignIn) -> None:
    app_of(cast.auditor)
    browser = sign_in(cast.auditor)
    factors_reset(user=cast.auditor, actor=cast.administrator, now=clock.now())
    assert not is_in(browser)


def test_a_closed_account_leaves_no_session(cast: Cast, sign_in: SignIn) -> None:
    sign_in(cast.auditor)
    user_deactivate(user=cast.auditor, actor=cast.administrator, now=clock.now())
    assert not Session.objects.filter(user=cast.auditor).exists()


# The page


def test_it_lists_where_one_is_signed_in(cast: Cast, sign_in: SignIn) -> None:
    browser = Client(headers={"User-Agent": FIREFOX})
    browser.post("/account/sign-in/", {"login": cast.auditor.email, "password": PASSWORD})
    sign_in(cast.auditor)
    sign_in(cast.ciso)
    page = browser.get("/account/security/").content.decode()
    assert "Firefox on Linux" in page
    assert "127.0.0.1" in page
    assert page.count("/end/") == 1


def test_one_other_session_is_ended(cast: Cast, sign_in: SignIn) -> None:
    here, elsewhere, third = sign_in(cast.auditor), sign_in(cast.auditor), sign_in(cast.auditor)
    assert here.post(f"/sessions/{row_of(elsewhere).pk}/end/").status_code == 302
    assert [is_in(browser) for browser in (here, elsewhere, third)] == [True, False, True]
    entry = Entry.objects.get()
    assert (entry.action, entry.actor_id, entry.subject) == (
        "accounts.session.ended",
        cast.auditor.pk,
        "Odile Brandt",
    )


def test_nobody_ends_another_persons_session(cast: Cast, sign_in: SignIn) -> None:
    here, other = sign_in(cast.auditor), sign_in(cast.ciso)
    for key in (row_of(other).pk, digest_of("unknown"), "x"):
        assert here.post(f"/sessions/{key}/end/").status_code == 404
    assert is_in(other)


def test_all_other_sessions_are_ended(cast: Cast, sign_in: SignIn) -> None:
    here, elsewhere, other = sign_in(cast.auditor), sign_in(cast.auditor), sign_in(cast.ciso)
    here.post("/sessions/end-others/")
    assert [is_in(browser) for browser in (here, elsewhere, other)] == [True, False, True]
    assert Entry.objects.get().action == "accounts.sessions.ended"


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        (FIREFOX, "Firefox on Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
            "Safari on iPhone",
        ),
        ("curl/8.0", "Unknown device"),
        ("", "Unknown device"),
    ],
)
def test_devices_are_called_by_their_names(sent: str, shown: str) -> None:
    assert device_words(sent) == shown


def test_what_a_browser_says_of_itself_breaks_nothing(cast: Cast) -> None:
    browser = Client(headers={"User-Agent": "<script>\x00\u202e" + "x" * 5000})
    browser.post("/account/sign-in/", {"login": cast.auditor.email, "password": PASSWORD})
    assert len(row_of(browser).user_agent) == 300
    assert "Unknown device" in browser.get("/account/security/").content.decode()
