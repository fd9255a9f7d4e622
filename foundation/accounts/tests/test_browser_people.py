"""People, units and roles in a real browser: every page looked at, and the steps by keyboard."""

from collections.abc import Callable

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from audits.tests.factories import audit_make
from foundation.accounts.models import User
from foundation.accounts.tests.factories import PASSWORD
from foundation.testing.browser import assert_accessible, assert_fits
from foundation.testing.cast import Cast

in_both_shapes = pytest.mark.parametrize(
    "shape",
    [
        pytest.param("wide", marks=pytest.mark.browser),
        pytest.param("narrow and dark", marks=pytest.mark.browser(narrow=True, dark=True)),
    ],
)


@in_both_shapes
def test_the_pages_of_people_and_units(
    shape: str, browser_page: Page, browser_sign_in: Callable[[User], None], cast: Cast
) -> None:
    audit_make(cast, owner=cast.personnel, team=[cast.personnel])
    browser_sign_in(cast.administrator)
    person, unit = f"/people/{cast.personnel.pk}/", f"/units/{cast.units.payments.pk}/"
    for path in (
        "/people/",
        "/people/new/",
        "/people/import/",
        person,
        f"{person}edit/",
        f"{person}roles/new/",
        f"{person}deactivate/",
        f"{person}stand-in/",
        f"/rights/?person={cast.personnel.pk}",
        f"/rights/actions.manage/?unit={cast.units.cards.pk}&person={cast.personnel.pk}",
        f"/roles/{cast.personnel.grants.get().pk}/edit/",
        "/units/",
        "/units/new/",
        unit,
        f"{unit}move/",
    ):
        browser_page.goto(path)
        assert_accessible(browser_page)
        assert_fits(browser_page)


@pytest.mark.browser
def test_a_role_is_given_by_keyboard(
    browser_page: Page, browser_sign_in: Callable[[User], None], cast: Cast
) -> None:
    browser_sign_in(cast.administrator)
    page = browser_page
    page.goto(f"/people/{cast.outsider.pk}/")
    page.get_by_role("link", name="Give a role").press("Enter")
    page.get_by_label("Role").focus()
    page.keyboard.type("Aud")
    page.get_by_role("button", name="Give the role").press("Enter")
    expect(page.get_by_text("Role given to Oskar Lindqvist")).to_be_visible()
    expect(page.get_by_role("cell", name="the whole organisation")).to_be_visible()
    assert cast.outsider.grants.get().role == "auditor"


@pytest.mark.browser
def test_from_the_invitation_to_the_first_sign_in(
    browser_page: Page, browser_sign_in: Callable[[User], None], cast: Cast
) -> None:
    browser_sign_in(cast.administrator)
    page = browser_page
    page.goto("/people/new/")
    page.get_by_label("Full name").fill("Nils Ek")
    page.get_by_label("E-mail address").fill("nils.ek@example.com")
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_text("the invitation sent")).to_be_visible()
    assert_accessible(page)
    link = str(mail.outbox[-1].body).split("https://portal.example.com")[1].split()[0]
    page.context.clear_cookies()
    page.goto(link)
    assert_accessible(page)
    assert_fits(page)
    page.get_by_label("Password*", exact=True).fill(PASSWORD)
    page.get_by_label("Password, once more").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("Your password is set")).to_be_visible()
    page.get_by_label("E-mail address").fill("nils.ek@example.com")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_text("Nils Ek").first).to_be_visible()
