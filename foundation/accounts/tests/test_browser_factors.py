"""Second factors in a real browser."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.services import organisation_change
from foundation.accounts.tests.factories import PASSWORD, SessionFactory
from foundation.accounts.tests.factors import App
from foundation.testing.browser import assert_accessible, assert_fits
from foundation.testing.cast import Cast

in_both_shapes = pytest.mark.parametrize(
    "shape",
    [
        pytest.param("wide", marks=pytest.mark.browser),
        pytest.param("narrow and dark", marks=pytest.mark.browser(narrow=True, dark=True)),
    ],
)


def look(page: Page) -> None:
    assert_accessible(page)
    assert_fits(page)


def sign_in_by_form(page: Page, user: User) -> None:
    page.goto("/account/sign-in/")
    page.get_by_label("E-mail address").fill(user.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")


@in_both_shapes
def test_a_demanded_factor_is_set_up_and_used(shape: str, browser_page: Page, cast: Cast) -> None:
    page = browser_page
    organisation_change(
        changes={"mfa_roles": [Role.AUDITOR.value]}, actor=cast.administrator, now=clock.now()
    )
    sign_in_by_form(page, cast.auditor)
    expect(page.get_by_role("heading", level=1)).to_have_text("Set up a second factor")
    look(page)
    page.get_by_role("link", name="Authenticator app").click()
    look(page)
    page.get_by_text("The picture can't be scanned?").click()
    app = App(page.locator(".secret").inner_text())
    page.get_by_label("Code from the app").fill(app.code())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    look(page)
    recovery_code = page.locator(".codes code").first.inner_text()
    page.get_by_role("link", name="I have kept them, go on").click()
    expect(page).to_have_url("/")
    SessionFactory.create(user=cast.auditor, ip_address="2001:db8:85a3::8a2e:370:7334")
    page.goto("/account/security/")
    look(page)
    page.get_by_role("button", name="End it: Firefox on Windows").click()
    expect(page.get_by_text("Session ended")).to_be_visible()
    page.goto("/account/recovery-codes/")
    look(page)
    page.goto("/account/recovery-codes/renew/")
    look(page)
    page.goto("/account/authenticator-app/remove/")
    look(page)
    page.context.clear_cookies()
    sign_in_by_form(page, cast.auditor)
    expect(page.get_by_label("Code")).to_be_focused()
    look(page)
    page.keyboard.type(recovery_code)
    page.keyboard.press("Enter")
    expect(page).to_have_url("/")
    page.goto("/account/security/")
    expect(page.get_by_text("9 codes are left")).to_be_visible()
    page.goto("/account/confirm/code/?next=/profile/")
    look(page)


@in_both_shapes
def test_the_organisation_says_of_whom_it_is_demanded(
    shape: str, browser_page: Page, browser_sign_in: Callable[[User], None], cast: Cast
) -> None:
    browser_sign_in(cast.ciso)
    browser_page.goto("/organisation/")
    browser_page.get_by_label("Executive").check()
    look(browser_page)
    browser_page.get_by_role("button", name="Save").click()
    expect(browser_page.get_by_text("Settings saved")).to_be_visible()
    expect(browser_page.get_by_label("Executive")).to_be_checked()
