"""People, units and roles in a real browser: every page looked at, and the steps by keyboard."""

from collections.abc import Callable

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from audits.tests.factories import audit_make
from foundation.accounts.models import Session, User
from foundation.accounts.tests.factories import PASSWORD
from foundation.accounts.tests.factors import app_of
from foundation.testing.browser import assert_accessible, assert_fits, settle
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
    audit_make(cast, type="supplier", owner=cast.personnel, team=[cast.personnel])
    app_of(cast.personnel)
    Client().force_login(cast.personnel)
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
        f"{person}sign-in/",
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
def test_a_session_is_ended_from_a_dialog_by_who_proves_who_it_is(
    browser_page: Page, browser_sign_in: Callable[[User], None], cast: Cast
) -> None:
    Client(HTTP_USER_AGENT="Firefox").force_login(cast.personnel)
    browser_sign_in(cast.administrator)
    page = browser_page
    page.goto(f"/people/{cast.personnel.pk}/")
    page.get_by_role("link", name="Sign-in", exact=True).click()
    expect(page.get_by_role("link", name="End it")).to_be_visible()
    settle(page)
    page.get_by_role("link", name="End it").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Why").fill("Left on the train")
    assert_accessible(page, within="dialog")
    dialog.get_by_role("button", name="End it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm that it is you")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Session ended")).to_be_visible()
    assert not Session.objects.filter(user=cast.personnel).exists()
