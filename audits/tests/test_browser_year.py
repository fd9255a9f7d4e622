"""A year of audits in a real browser: bars that lead to their audits, and on a phone a list by month; without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from audits.models import Audit
from audits.tests.factories import audit_make
from foundation.testing.browser import SignIn
from foundation.testing.cast import Cast, cast_make

pytestmark = pytest.mark.django_db(transaction=True)
YEAR = "/audits/year/2027/"


@pytest.fixture
def audit(transactional_db: None, browser_sign_in: SignIn) -> Audit:
    cast: Cast = cast_make()
    browser_sign_in(cast.analyst)
    audit_make(cast, title="Branch audit", unit=cast.units.retail, lead_auditor=cast.analyst)
    return audit_make(cast)


@pytest.mark.browser(scripts=False)
def test_a_bar_lies_where_its_dates_are_and_leads_to_its_audit(browser_page: Page, audit: Audit) -> None:
    browser_page.goto(YEAR)
    row = browser_page.get_by_role("row").filter(has_text=audit.title)
    expect(row).to_contain_text("fieldwork 18 Jan – 22 Jan")
    line, fieldwork = row.locator("svg.year-line"), row.locator("rect.year-fieldwork")
    whole, bar = line.bounding_box(), fieldwork.bounding_box()
    assert whole is not None
    assert bar is not None
    assert bar["x"] == pytest.approx(whole["x"] + whole["width"] * 17 / 365, abs=1.5)
    assert bar["width"] == pytest.approx(whole["width"] * 5 / 365, abs=1.5)
    expect(browser_page.locator(".year-narrow")).to_be_hidden()
    fieldwork.click()
    expect(browser_page.get_by_role("heading", level=1)).to_have_text(audit.title)


@pytest.mark.browser(scripts=False, narrow=True)
def test_on_a_phone_the_year_is_a_list_by_month(browser_page: Page, audit: Audit) -> None:
    browser_page.goto(YEAR)
    expect(browser_page.locator(".year-table")).to_be_hidden()
    months = browser_page.locator(".year-narrow")
    expect(months.get_by_role("heading", name="January")).to_be_visible()
    browser_page.get_by_label("Business unit").select_option(label="\u2003Payments")
    browser_page.get_by_role("button", name="Filter").click()
    expect(months.get_by_role("link")).to_have_count(1)
    months.get_by_role("link", name=audit.title).click()
    expect(browser_page.get_by_role("heading", level=1)).to_have_text(audit.title)
