"""Audits in a real browser: every page accessible in every look; dates in step; steps in a dialog; without scripts."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from audits.models import Audit, AuditSeries
from audits.services import occurrence_skip
from audits.tests.factories import NOW, audit_make, programme_make
from foundation.lifecycle.services import apply_transition
from foundation.testing.browser import Problems, SignIn, assert_accessible, assert_fits, focused, tab_to
from foundation.testing.cast import Cast, cast_make

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = (
    "/audits/",
    "/audits/?state=open&late=on",
    "/audits/new/",
    "/audits/AUD-0001/",
    "/audits/AUD-0001/history/",
    "/audits/AUD-0001/edit/",
    "/audits/AUD-0001/steps/cancel/",
    "/audits/AUD-0001/series/",
    "/audits/AUD-0001/series/2027-04-18/move/",
    "/audits/programmes/",
    "/audits/programmes/new/",
    "/audits/programmes/PRG-0001/",
    "/audits/programmes/PRG-0001/coverage/",
    "/audits/programmes/PRG-0001/load/",
    "/audits/year/2027/",
    "/audits/year/2027/coverage/",
    "/audits/year/2027/load/",
)


@pytest.fixture
def players(transactional_db: None, browser_sign_in: SignIn) -> Cast:
    cast = cast_make()
    browser_sign_in(cast.analyst)
    return cast


@pytest.fixture
def audit(players: Cast) -> Audit:
    """An audit with everything that its page can show."""
    made = audit_make(
        players,
        rrule="FREQ=MONTHLY",
        programme=programme_make(players),
        team=[players.executive],
        auditees=[players.unit_lead],
        objectives="Show that leavers lose access.",
    )
    occurrence_skip(
        audit=made, occurrence_on=date(2027, 2, 18), actor=players.analyst, reason="Freeze", now=NOW
    )
    apply_transition(record=made, name="prepare", actor=players.auditor, now=NOW, comment="Kick-off held")
    return made


@pytest.mark.parametrize(
    "looks",
    [
        pytest.param(wishes, marks=pytest.mark.browser(**wishes), id="-".join(wishes) or "wide")
        for wishes in ({}, {"dark": True}, {"narrow": True}, {"narrow": True, "dark": True})
    ],
)
def test_every_page_is_accessible(browser_page: Page, audit: Audit, looks: dict[str, bool]) -> None:
    for path in PAGES:
        browser_page.goto(path)
        expect(browser_page.locator("h1")).to_be_visible()
        assert_accessible(browser_page)
        assert_fits(browser_page)


@pytest.mark.browser
def test_days_and_numbers_of_days_stay_in_step(browser_page: Page, players: Cast) -> None:
    browser_page.goto("/audits/new/")
    start = browser_page.get_by_label("Fieldwork starts")
    preparation_days = browser_page.get_by_label("Preparation starts: days before the start")
    preparation_on = browser_page.get_by_label("Preparation starts", exact=True)
    report_days = browser_page.get_by_label("Report due: days after the start")
    report_on = browser_page.get_by_label("Report due", exact=True)
    start.fill("2027-03-29")
    expect(preparation_on).to_have_value("2027-03-01")
    expect(report_on).to_have_value("2027-04-16")
    preparation_days.fill("14")
    expect(preparation_on).to_have_value("2027-03-15")
    report_on.fill("2027-04-30")
    expect(report_days).to_have_value("32")
    start.fill("2027-04-01")
    expect(preparation_on).to_have_value("2027-03-18")
    expect(report_on).to_have_value("2027-05-03")


def plan_an_audit(page: Page) -> None:
    page.goto("/audits/new/")
    page.get_by_label("Title").fill("Backup and restore")
    page.get_by_label("Business unit").select_option(label="\u2003Payments")
    page.locator("#id_lead_auditor").evaluate(
        "select => { const option = [...select.options].find(one => one.text.startsWith('Odile'));"
        " select.tomselect ? select.tomselect.setValue(option.value) : (select.value = option.value); }"
    )
    page.get_by_label("Fieldwork starts").fill("2027-01-31")


@pytest.mark.browser
def test_an_audit_is_planned_with_a_preview_of_its_recurrence(browser_page: Page, players: Cast) -> None:
    plan_an_audit(browser_page)
    browser_page.get_by_label("Repeats").select_option(label="Monthly")
    preview = browser_page.locator("#repeat-preview")
    expect(preview.locator("li")).to_have_count(5)
    expect(preview.locator("time").first).to_have_attribute("datetime", "2027-02-28")
    browser_page.get_by_role("button", name="Plan the audit").click()
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Backup and restore")
    series = AuditSeries.objects.get()
    assert (series.rrule, series.next_on) == ("FREQ=MONTHLY", date(2027, 2, 28))


@pytest.mark.browser
def test_a_step_is_taken_in_a_dialog_with_the_keyboard(
    browser_page: Page, browser_problems: Problems, audit: Audit
) -> None:
    browser_problems.allow("422")
    browser_page.goto(audit.get_absolute_url())
    tab_to(browser_page, lambda: focused(browser_page) == "Cancel audit")
    browser_page.keyboard.press("Enter")
    dialog = browser_page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog.get_by_label("Why is it cancelled?")).to_be_focused()
    assert_accessible(browser_page, within="dialog")
    browser_page.keyboard.press("Tab")
    browser_page.keyboard.press("Tab")
    browser_page.keyboard.press("Enter")
    expect(dialog.locator("[data-error-summary]")).to_contain_text("required")
    dialog.get_by_label("Why is it cancelled?").fill("No budget")
    dialog.get_by_role("button", name="Cancel audit").click()
    expect(browser_page.get_by_text("AUD-0001: Cancel audit")).to_be_visible()
    audit.refresh_from_db()
    assert audit.state == "cancelled"


@pytest.mark.browser
def test_an_occurrence_is_moved_in_a_dialog(browser_page: Page, audit: Audit) -> None:
    browser_page.goto(audit.get_absolute_url())
    row = browser_page.get_by_role("row").filter(has_text="18 Apr 2027")
    row.get_by_role("link", name="Move").click()
    dialog = browser_page.get_by_role("dialog")
    dialog.get_by_label("Move it to").fill("2027-04-22")
    dialog.get_by_label("Why?").fill("The vendor is on leave")
    dialog.get_by_role("button", name="Move it").click()
    moved = browser_page.get_by_role("row").filter(has_text="22 Apr 2027")
    expect(moved).to_contain_text("The vendor is on leave")


@pytest.mark.browser(scripts=False)
def test_an_audit_is_planned_and_taken_on_without_scripts(browser_page: Page, players: Cast) -> None:
    browser_page.goto("/audits/new/")
    browser_page.get_by_label("Title").fill("Backup and restore")
    browser_page.get_by_label("Business unit").select_option(label="\u2003Payments")
    browser_page.get_by_label("Lead auditor").select_option(value=str(players.auditor.pk))
    browser_page.get_by_label("Fieldwork starts").fill("2027-03-01")
    browser_page.get_by_label("Preparation starts: days before the start").fill("10")
    browser_page.get_by_role("button", name="Plan the audit").click()
    expect(browser_page.get_by_role("heading", level=1)).to_have_text("Backup and restore")
    audit = Audit.objects.get()
    assert audit.preparation_on == date(2027, 2, 19)
    browser_page.get_by_role("link", name="Start preparing").click()
    browser_page.get_by_role("button", name="Start preparing").click()
    expect(browser_page.locator("[aria-current=step]")).to_contain_text("Preparing")
    audit.refresh_from_db()
    assert audit.state == "preparing"
