"""What was typed into a form that the portal did not take stands in it again; and what was taken does not."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from foundation.testing.browser import Problems, SignIn, assert_accessible, assert_fits
from foundation.testing.cast import cast_make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("foundation.ui.tests.sample_pages")]

BACK = "What you typed was not saved"


@pytest.fixture
def form(
    transactional_db: None, browser_page: Page, browser_sign_in: SignIn, browser_problems: Problems
) -> Page:
    browser_problems.allow("Failed to load resource")
    browser_sign_in(cast_make().analyst)
    browser_page.goto("/sample/new/")
    browser_page.get_by_label("Name").fill("Typed once")
    browser_page.get_by_label("Large").check()
    return browser_page


def expire(page: Page) -> None:
    page.locator("main form [name=csrfmiddlewaretoken]").evaluate("field => field.value = 'x'.repeat(64)")


def is_back_once(page: Page) -> None:
    """The form has it all; once it is sent, a new form is empty."""
    expect(page.locator("#page-messages")).to_contain_text(BACK)
    expect(page.get_by_label("Name")).to_have_value("Typed once")
    expect(page.get_by_label("Large")).to_be_checked()
    assert_accessible(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Typed once")
    page.goto("/sample/new/")
    expect(page.get_by_label("Name")).to_have_value("")
    expect(page.get_by_text(BACK)).to_have_count(0)


@pytest.mark.browser(narrow=True)
def test_after_the_form_expired(form: Page) -> None:
    expire(form)
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("heading", level=1)).to_have_text("This form has expired")
    assert_accessible(form)
    assert_fits(form)
    form.get_by_role("link", name="Open the page again").click()
    is_back_once(form)


@pytest.mark.browser(narrow=True, dark=True)
def test_after_more_was_sent_than_is_taken(form: Page, settings: Any) -> None:
    usual = settings.REQUEST_MAX_BYTES
    settings.REQUEST_MAX_BYTES = 60
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("heading", level=1)).to_have_text("That is too large to be sent")
    expect(form.get_by_text("may take 60 bytes")).to_be_visible()
    assert_accessible(form)
    assert_fits(form)
    settings.REQUEST_MAX_BYTES = usual
    form.get_by_role("link", name="Back to the form").click()
    is_back_once(form)


@pytest.mark.browser
def test_after_it_was_typed_anew_and_taken_nothing_comes_back(form: Page) -> None:
    expire(form)
    form.get_by_role("button", name="Save").click()
    form.get_by_role("link", name="Go to the start page").click()
    form.goto("/sample/new/")
    is_back_once(form)
    form.get_by_label("Name").fill("Typed twice")
    form.get_by_label("Small").check()
    form.get_by_role("button", name="Save").click()
    form.goto("/sample/new/")
    expect(form.get_by_label("Name")).to_have_value("")
