"""People are told of a sign-in by a browser that they never used."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from foundation.accounts.models import User
from foundation.accounts.tests.factories import PASSWORD
from foundation.testing.cast import Cast


def come_and_go(browser: Client, user: User) -> Any:
    answer = browser.post("/account/sign-in/", {"login": user.email, "password": PASSWORD})
    browser.post("/account/sign-out/")
    return answer


def told() -> list[str]:
    return [message.to[0] for message in mail.outbox if "never used" in message.subject]


def test_the_first_sign_in_of_all_is_not_told(cast: Cast) -> None:
    come_and_go(Client(), cast.auditor)
    assert told() == []


def test_a_new_browser_is_told_once(cast: Cast) -> None:
    own, other = Client(), Client()
    come_and_go(own, cast.auditor)
    come_and_go(own, cast.auditor)
    assert told() == []
    come_and_go(other, cast.auditor)
    come_and_go(other, cast.auditor)
    assert told() == [cast.auditor.email]


def test_each_person_knows_browsers_of_their_own(cast: Cast) -> None:
    own, other = Client(), Client()
    come_and_go(own, cast.auditor)
    come_and_go(other, cast.ciso)
    come_and_go(own, cast.ciso)
    assert told() == [cast.ciso.email]
    come_and_go(own, cast.auditor)
    assert told() == [cast.ciso.email], "two who share a browser are both remembered"


def test_a_wrong_password_makes_no_browser_known(cast: Cast) -> None:
    come_and_go(Client(), cast.auditor)
    thief = Client()
    thief.post("/account/sign-in/", {"login": cast.auditor.email, "password": "wrong"})
    come_and_go(thief, cast.auditor)
    assert told() == [cast.auditor.email]


@pytest.mark.parametrize("forged", ["{pk}", "{pk}:x:y", "", "é", "x" * 5000])
def test_a_forged_cookie_makes_no_browser_known(cast: Cast, settings: Any, forged: str) -> None:
    come_and_go(Client(), cast.auditor)
    browser = Client()
    browser.cookies[settings.KNOWN_BROWSER_COOKIE_NAME] = forged.format(pk=cast.auditor.pk)
    come_and_go(browser, cast.auditor)
    assert told() == [cast.auditor.email]
