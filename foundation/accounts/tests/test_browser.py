"""Accounts in a real browser: the first visit, sign-in by keyboard, and every page looked at."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from foundation import clock
from foundation.accounts.models import Organisation, User
from foundation.accounts.services import setup_code_issue
from foundation.accounts.tests.factories import PASSWORD
from foundation.testing.browser import Problems, assert_accessible, assert_fits, settle
from foundation.testing.cast import Cast

SIGN_IN_PAGES = (
    "/account/sign-in/",
    "/account/password/reset/",
    "/account/password/reset/sent/",
    "/account/password/reset/changed/",
    "/account/password/reset/1-x/",
    "/account/inactive/",
)
OWN_PAGES = (
    "/profile/",
    "/organisation/",
    "/rights/",
    "/rights/records.view/",
    "/account/password/change/",
    "/account/sign-out/",
    "/account/confirm/",
)
in_both_shapes = pytest.mark.parametrize(
    "shape",
    [
        pytest.param("wide", marks=pytest.mark.browser),
        pytest.param("narrow and dark", marks=pytest.mark.browser(narrow=True, dark=True)),
    ],
)


def look_at(page: Page, paths: tuple[str, ...]) -> None:
    for path in paths:
        page.goto(path)
        assert_accessible(page)
        assert_fits(page)


@in_both_shapes
def test_the_pages_of_sign_in(shape: str, browser_page: Page, browser_problems: Problems, cast: Cast) -> None:
    browser_problems.allow("404")  # a link that was cut off
    look_at(browser_page, SIGN_IN_PAGES)


@in_both_shapes
def test_the_pages_of_accounts(
    shape: str, browser_page: Page, browser_sign_in: Callable[[User], None], cast: Cast
) -> None:
    browser_sign_in(cast.ciso)
    look_at(browser_page, OWN_PAGES)


@pytest.mark.browser
@pytest.mark.usefixtures("transactional_db")
def test_the_first_visit_by_keyboard(browser_page: Page, browser_problems: Problems) -> None:
    browser_problems.allow("422")
    code = setup_code_issue(now=clock.now()) or ""
    page = browser_page
    page.goto("/audits/")
    expect(page).to_have_url("/setup/")
    assert_accessible(page)
    field = page.get_by_label("One-time code").first
    field.focus()
    page.keyboard.type("WRONG")
    page.keyboard.press("Tab")
    page.keyboard.type("Osprey Insurance")
    page.get_by_label("Your full name").fill("Mara Lind")
    page.get_by_label("Your e-mail address").fill("mara.lind@example.com")
    for label in ("Password*", "Password, once more*"):
        page.get_by_label(label, exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    assert_accessible(page)
    summary.get_by_role("link").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("One-time code").first).to_be_focused()
    page.get_by_label("One-time code").first.fill(code.lower())
    expect(page.get_by_label("Name of the organisation")).to_have_value("Osprey Insurance")
    for label in ("Password*", "Password, once more*"):
        page.get_by_label(label, exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Osprey Insurance is set up")).to_be_visible()
    assert Organisation.objects.get().name == "Osprey Insurance"


@pytest.mark.browser
def test_sign_in_and_out_by_keyboard(browser_page: Page, cast: Cast) -> None:
    page = browser_page
    page.goto("/rights/")
    expect(page.get_by_label("E-mail address")).to_be_focused()
    page.keyboard.type(cast.auditor.email)
    page.keyboard.press("Tab")
    page.keyboard.type("not-the-password")
    page.keyboard.press("Enter")
    expect(page.get_by_text("is not right").first).to_be_visible()
    expect(page.get_by_label("E-mail address")).to_have_value(cast.auditor.email)
    settle(page)  # a script leads to what is wrong
    page.get_by_label("Password").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page).to_have_url("/rights/")
    page.goto("/account/sign-out/")
    page.get_by_role("button", name="Sign out", exact=True).last.press("Enter")
    expect(page).to_have_url("/account/sign-in/")


@pytest.mark.browser(scripts=False)
def test_sign_in_without_scripts(browser_page: Page, cast: Cast) -> None:
    browser_page.goto("/profile/")
    browser_page.get_by_label("E-mail address").fill(cast.personnel.email)
    browser_page.get_by_label("Password").fill(PASSWORD)
    browser_page.get_by_role("button", name="Sign in").click()
    expect(browser_page).to_have_url("/profile/")


@pytest.mark.browser
def test_a_time_zone_is_found_by_typing(
    browser_page: Page, browser_sign_in: Callable[[User], None], cast: Cast
) -> None:
    browser_sign_in(cast.analyst)
    page = browser_page
    page.goto("/profile/")
    page.get_by_role("combobox", name="Time zone").first.focus()
    page.keyboard.type("reykj")
    expect(page.get_by_role("option", name="Atlantic/Reykjavik")).to_be_visible()
    expect(page.locator("#id_time_zone-ts-dropdown").get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")  # leaving the field closes its list
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Profile saved")).to_be_visible()
    assert User.objects.get(pk=cast.analyst.pk).time_zone == "Atlantic/Reykjavik"
