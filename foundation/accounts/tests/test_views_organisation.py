"""The organisation's settings."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from foundation.accounts.models import Organisation, RoleGrant, User
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

PAGE = "/organisation/"
SETTINGS = {
    "name": "Halden & Vale Group",
    "time_zone": "America/New_York",
    "currency": "USD",
    "base_url": "https://security.example.com/",
    "reminder_hour": "6",
}

SignIn = Callable[[User], Client]


def save(browser: Client, data: dict[str, Any]) -> Any:
    """Send the form as a browser does: with the version that it was filled from."""
    version = browser.get(PAGE).context["form"]["version"].value()
    return browser.post(PAGE, {**data, "version": version})


def test_it_works(cast: Cast, sign_in: SignIn) -> None:
    browser = sign_in(cast.ciso)
    page = browser.get(PAGE)
    assert "Halden &amp; Vale Bank" in page.content.decode()
    response = save(browser, SETTINGS)
    assert (response.status_code, response["Location"]) == (302, PAGE)
    organisation = Organisation.objects.get()
    assert (organisation.name, organisation.time_zone, organisation.reminder_hour) == (
        "Halden & Vale Group",
        "America/New_York",
        6,
    )
    assert organisation.base_url == "https://security.example.com"
    entry = Entry.objects.latest("id")
    assert (entry.action, entry.actor_name) == ("accounts.organisation.changed", "Celia Moreau")
    assert entry.before["time_zone"] == "Europe/Lisbon"
    assert "Halden &amp; Vale Group" in browser.get(PAGE).content.decode()


def test_requires_right(cast: Cast, sign_in: SignIn) -> None:
    response = sign_in(cast.analyst).get(PAGE)
    assert response.status_code == 403
    assert "Change the organisation" in response.content.decode()
    assert sign_in(cast.analyst).post(PAGE, SETTINGS).status_code == 403
    assert Organisation.objects.get().name == "Halden & Vale Bank"


def test_a_right_for_one_unit_is_not_enough(cast: Cast, sign_in: SignIn) -> None:
    RoleGrant.objects.filter(user=cast.administrator).update(unit=cast.units.retail)
    assert sign_in(cast.administrator).get(PAGE).status_code == 403


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("time_zone", "Europe/Atlantis"),
        ("currency", "EURO"),
        ("base_url", "ftp://portal.example.com"),
        ("base_url", ""),
        ("reminder_hour", "24"),
        ("reminder_hour", "six"),
    ],
)
def test_what_is_wrong_is_told(cast: Cast, sign_in: SignIn, field: str, value: str) -> None:
    response = sign_in(cast.ciso).post(PAGE, {**SETTINGS, field: value})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert Organisation.objects.get().name == "Halden & Vale Bank"


def test_values_outside_the_lists_stay(cast: Cast, sign_in: SignIn) -> None:
    Organisation.objects.update(time_zone="Etc/GMT-14", currency="XAU")
    browser = sign_in(cast.ciso)
    kept = {**SETTINGS, "time_zone": "Etc/GMT-14", "currency": "XAU"}
    assert save(browser, kept).status_code == 302
    assert Organisation.objects.get().time_zone == "Etc/GMT-14"


def test_the_address_may_come_from_the_environment(cast: Cast, sign_in: SignIn, settings: Any) -> None:
    settings.BASE_URL = "https://environment.example.org"
    browser = sign_in(cast.ciso)
    assert "https://environment.example.org" in browser.get(PAGE).content.decode()
    assert save(browser, {**SETTINGS, "base_url": ""}).status_code == 302
