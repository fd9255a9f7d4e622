"""Controls in a real browser: begun, mapped in the tree of a framework, and seen in its coverage; on a phone and by night."""

import pytest
from playwright.sync_api import Page, expect

from compliance.tests.factories import framework_make
from controls.models import Control
from controls.tests.factories import operating
from foundation.testing.browser import SignIn, assert_accessible, assert_fits
from foundation.testing.cast import Cast, cast_make

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = [
    pytest.param(wishes, marks=pytest.mark.browser(**wishes), id="-".join(wishes) or "wide")
    for wishes in ({}, {"narrow": True, "dark": True})
]


@pytest.fixture
def cast(transactional_db: None, browser_sign_in: SignIn) -> Cast:
    """The cast, before the analyst."""
    made = cast_make()
    browser_sign_in(made.analyst)
    return made


@pytest.mark.parametrize("wishes", LOOKS)
def test_a_control_is_mapped_and_shows_in_the_coverage(
    browser_page: Page, cast: Cast, wishes: dict[str, bool]
) -> None:
    framework, control = framework_make(cast), operating(cast)
    browser_page.goto(control.get_absolute_url())
    assert_accessible(browser_page)
    assert_fits(browser_page)
    browser_page.goto(f"/controls/{control.reference}/requirements/add/")
    browser_page.get_by_role("link", name="Choose Harbour baseline").click()
    browser_page.locator(".pick-group summary").click()
    browser_page.get_by_label("HB-2").check()
    browser_page.get_by_label("Fully").check()
    assert_accessible(browser_page)
    browser_page.get_by_role("button", name="Map what is ticked").click()
    browser_page.wait_for_url("**/mapping/")
    expect(browser_page.locator("#requirements")).to_contain_text("HB-2")
    assert_accessible(browser_page)
    assert_fits(browser_page)
    assert Control.objects.get().requirement_links.get().extent == "full"
    browser_page.goto(f"/controls/coverage/{framework.reference}/")
    expect(browser_page.locator("#coverage")).to_contain_text("1 of 3 fully, 2 open")
    assert_accessible(browser_page)
    assert_fits(browser_page)
    browser_page.get_by_role("link", name="Gaps", exact=True).click()
    expect(browser_page.locator("#results")).not_to_contain_text("HB-2")
