"""What was typed into a form that the portal did not take stands in it again; and what was taken does not."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from foundation.testing.browser import Problems, SignIn, assert_accessible, assert_fits
from foundation.testing.cast import Cast, cast_make

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("foundation.ui.tests.sample_pages")]

BACK = "What you typed was not saved"


STORED = "sessionStorage.getItem('draft:sent')"


@pytest.fixture
def people(transactional_db: None) -> Cast:
    return cast_make()


@pytest.fixture
def form(people: Cast, browser_page: Page, browser_sign_in: SignIn, browser_problems: Problems) -> Page:
    browser_problems.allow("Failed to load resource")
    browser_sign_in(people.analyst)
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
    expect(form.get_by_text("this tab keeps what you typed")).to_be_visible()
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


@pytest.mark.browser
def test_what_was_taken_is_not_kept_whatever_else_is_refused(form: Page) -> None:
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("heading", level=1)).to_have_text("Typed once")
    assert form.evaluate(STORED) is None
    form.evaluate("fetch('/sample/new/', { method: 'POST' })")
    form.goto("/sample/new/")
    expect(form.get_by_label("Name")).to_have_value("")
    expect(form.get_by_text(BACK)).to_have_count(0)


@pytest.mark.browser
def test_whoever_signs_in_next_in_the_same_tab_finds_nothing(
    form: Page, people: Cast, browser_sign_in: SignIn
) -> None:
    form.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_url(re.compile("/account/sign-in/"))
    assert "Typed once" in form.evaluate(STORED)
    browser_sign_in(people.auditor)
    form.goto("/sample/new/")
    expect(form.get_by_label("Name")).to_have_value("")
    expect(form.get_by_text(BACK)).to_have_count(0)
    assert form.evaluate(STORED) is None


@pytest.mark.browser
def test_the_same_person_who_signs_in_again_has_it(form: Page, people: Cast, browser_sign_in: SignIn) -> None:
    form.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    form.get_by_role("button", name="Save").click()
    expect(form).to_have_url(re.compile("/account/sign-in/"))
    browser_sign_in(people.analyst)
    form.goto("/sample/new/")
    is_back_once(form)


@pytest.mark.browser
def test_signing_out_forgets_it(form: Page, people: Cast, browser_sign_in: SignIn) -> None:
    expire(form)
    form.get_by_role("button", name="Save").click()
    other = form.context.new_page()
    other.goto("/account/sign-out/")
    other.locator("main").get_by_role("button", name="Sign out").click()
    expect(other).to_have_url(re.compile("/account/sign-in/"))
    browser_sign_in(people.analyst)
    form.goto("/sample/new/")
    expect(form.get_by_label("Name")).to_have_value("")
    assert form.evaluate(STORED) is None
