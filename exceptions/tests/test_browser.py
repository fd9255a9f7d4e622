"""Exceptions in a real browser: asked for, submitted and granted on a phone; the list and a document's tab."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from exceptions.choices import ExceptionState
from exceptions.models import PolicyException
from exceptions.tests.factories import exception_make
from foundation import clock
from foundation.accounts.organisation import organisation_day
from foundation.testing.browser import SignIn, assert_accessible, assert_fits
from foundation.testing.cast import Cast, cast_make
from policies.tests.factories import published

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = [
    pytest.param(wishes, marks=pytest.mark.browser(**wishes), id="-".join(wishes) or "wide")
    for wishes in ({}, {"narrow": True, "dark": True})
]


@pytest.fixture
def cast(transactional_db: None, browser_sign_in: SignIn) -> Cast:
    """The cast, before the CISO."""
    made = cast_make()
    browser_sign_in(made.ciso)
    return made


@pytest.mark.browser(narrow=True)
def test_it_is_asked_for_and_granted_on_a_phone(
    browser_page: Page, cast: Cast, browser_sign_in: SignIn
) -> None:
    page, document = browser_page, published(cast)
    today = organisation_day(clock.now())
    page.goto("/exceptions/new/")
    assert_accessible(page)
    assert_fits(page)
    page.get_by_label("From which document?").type("doo")
    expect(page.locator(".suggestions").get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_label("From which document?")).to_have_value(f"{document.reference} Door policy")
    page.get_by_role("button", name="Go on").press("Enter")
    page.get_by_label("Title").fill("Gates without keys")
    page.get_by_label("Section").select_option("section-rules")
    page.get_by_label("Why?").fill("The locks are on their way.")
    page.get_by_label("Compensating controls").fill("A guard stands at each gate.")
    page.locator("#id_risk").select_option("moderate")
    page.get_by_label("Risk in words").fill("Somebody may slip in.")
    page.get_by_label("In force until").fill((today + timedelta(days=60)).isoformat())
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("button", name="Save the draft").press("Enter")
    expect(page.get_by_text("The draft is saved")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    page.get_by_role("link", name="Submit for a decision").press("Enter")
    page.get_by_role("dialog").get_by_role("button", name="Submit for a decision").press("Enter")
    expect(page.get_by_text("What was asked, and who decides")).to_be_visible()

    browser_sign_in(cast.analyst)
    page.goto("/approvals/")
    page.get_by_role("link", name="Gates without keys").first.press("Enter")
    expect(page.get_by_text("A guard stands at each gate.")).to_be_visible()
    assert_fits(page)
    page.goto(PolicyException.objects.get().get_absolute_url())
    assert PolicyException.objects.get().state == ExceptionState.IN_REVIEW


@pytest.mark.parametrize("wishes", LOOKS)
def test_the_list_and_the_tab_of_a_document_are_read(
    browser_page: Page, cast: Cast, wishes: dict[str, bool]
) -> None:
    page, document = browser_page, published(cast)
    exception_make(cast, document=document)
    page.goto("/exceptions/")
    expect(page.get_by_role("link", name="Gates without keys")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
    page.goto(f"{document.get_absolute_url()}exceptions/")
    expect(page.get_by_role("link", name="Gates without keys")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)
