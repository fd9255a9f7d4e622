"""Links in a real browser: accessible in every look, picked and removed from the keyboard, and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from audits.models import Audit
from audits.tests.factories import audit_make
from foundation.links.models import Link
from foundation.links.tests.test_links import link
from foundation.records.choices import Confidentiality
from foundation.testing.browser import SignIn, assert_accessible, assert_fits
from foundation.testing.cast import Cast, cast_make

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = [
    pytest.param(wishes, marks=pytest.mark.browser(**wishes), id="-".join(wishes) or "wide")
    for wishes in ({}, {"dark": True}, {"narrow": True}, {"narrow": True, "dark": True})
]


@pytest.fixture
def players(transactional_db: None, browser_sign_in: SignIn) -> Cast:
    cast = cast_make()
    browser_sign_in(cast.auditor)
    return cast


@pytest.fixture
def audit(players: Cast) -> Audit:
    made = audit_make(players)
    audit_make(players, title="Card data audit")
    audit_make(
        players, title="Card fraud", lead_auditor=players.ciso, confidentiality=Confidentiality.RESTRICTED
    )
    return made


@pytest.mark.parametrize("wishes", LOOKS)
def test_it_is_accessible_in_every_look(
    browser_page: Page, audit: Audit, players: Cast, wishes: dict[str, bool]
) -> None:
    link(audit, Audit.objects.get(reference="AUD-0002"), players.analyst)
    browser_page.goto("/audits/AUD-0001/links/")
    expect(browser_page.get_by_role("link", name="Card data audit")).to_be_visible()
    browser_page.get_by_label("Other record").fill("card")
    expect(browser_page.locator(".suggestions").get_by_role("option")).to_have_text(
        "AUD-0002 Card data auditAudit"
    )
    assert_accessible(browser_page)
    assert_fits(browser_page)


def test_a_record_is_picked_and_removed_from_the_keyboard(browser_page: Page, audit: Audit) -> None:
    browser_page.goto("/audits/AUD-0001/links/")
    browser_page.get_by_label("This record").select_option(label="leads to")
    field = browser_page.get_by_role("combobox", name="Other record")
    field.press_sequentially("card da")
    expect(browser_page.locator(".suggestions").get_by_role("option")).to_have_count(1)
    field.press("Enter")
    expect(field).to_have_value("AUD-0002")
    expect(browser_page.locator(".suggestions").get_by_role("option")).to_have_count(0)
    field.press("Enter")
    expect(browser_page.get_by_role("listitem").filter(has_text="leads to")).to_contain_text(
        "Card data audit"
    )
    browser_page.goto("/audits/AUD-0002/links/")
    expect(browser_page.get_by_role("listitem").filter(has_text="follows from")).to_contain_text("AUD-0001")
    browser_page.get_by_role("link", name="Remove the link with AUD-0001").press("Enter")
    expect(browser_page.get_by_role("dialog")).to_contain_text("no longer stand on each other's pages")
    browser_page.get_by_role("button", name="Remove").press("Enter")
    expect(browser_page.get_by_text("Nothing is linked yet")).to_be_visible()
    assert Link.objects.get().removed_at


@pytest.mark.browser(scripts=False)
def test_it_works_without_scripts(browser_page: Page, audit: Audit) -> None:
    browser_page.goto("/audits/AUD-0001/links/")
    browser_page.get_by_label("Other record").fill("AUD-0002")
    browser_page.get_by_role("button", name="Link", exact=True).click()
    expect(browser_page.get_by_role("link", name="Card data audit")).to_be_visible()
