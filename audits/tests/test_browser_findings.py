"""Findings in a real browser: every page in every look; from a check to agreed actions, by the keyboard; and without scripts."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from audits.choices import AuditState
from audits.models import Audit, Check, Finding
from audits.services import finding_answer_write
from audits.tests.factories import NOW, audit_make, finding_make
from compliance.models import RequirementText
from compliance.tests.factories import framework_make
from foundation.actions.models import Action
from foundation.actions.services import action_create
from foundation.records.models import Record
from foundation.testing.browser import (
    SignIn,
    assert_accessible,
    assert_fits,
    focused,
    settle,
    tab_to,
)
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)

PAGES = (
    "/audits/findings/",
    "/audits/findings/?state=all&repeat=on",
    "/audits/AUD-0002/findings/",
    "/audits/AUD-0002/findings/new/",
    "/audits/findings/FND-0002/",
    "/audits/findings/FND-0002/history/",
    "/audits/findings/FND-0002/edit/",
    "/audits/findings/FND-0002/steps/withdraw/",
)


@pytest.fixture
def check(players: Cast) -> Check:
    """A check of an audit under way, which has come to a nonconformity, as an earlier audit's had."""
    framework = framework_make(players)
    text = RequirementText.objects.get(edition=framework.current, identifier="HB-1")
    assert text.requirement is not None
    finding_make(players, requirement=text.requirement, title="Leavers of last year")
    audit = audit_make(players, title="A year later", auditees=[players.unit_lead])
    Record.objects.filter(pk=audit.pk).update(state=AuditState.FIELDWORK)
    return Check.objects.create(
        audit=audit,
        text=text,
        requirement=text.requirement,
        position=1,
        result="minor",
        notes="Four of twenty-five",
        tested_by=players.auditor,
        tested_at=NOW,
    )


@pytest.mark.parametrize(
    "looks",
    [
        pytest.param(wishes, marks=pytest.mark.browser(**wishes), id="-".join(wishes) or "wide")
        for wishes in ({}, {"dark": True}, {"narrow": True}, {"narrow": True, "dark": True})
    ],
)
def test_every_page_is_accessible(
    browser_page: Page, browser_sign_in: SignIn, players: Cast, check: Check, looks: dict[str, bool]
) -> None:
    finding = finding_make(players, Audit.objects.get(pk=check.audit_id), check=check, risk="A bonus")
    action_create(
        source=finding,
        title="Close",
        owner=players.personnel,
        due_on=date(2027, 1, 1),
        actor=players.auditor,
        now=NOW,
    )
    answer = {"response": "It is so.", "whys": ["They left", "No list"], "root_cause": "Nobody is told"}
    finding_answer_write(finding=finding, changes=answer, actor=players.unit_lead, version=1)
    for path in PAGES:
        browser_page.goto(path)
        expect(browser_page.locator("h1")).to_be_visible()
        assert_accessible(browser_page)
        assert_fits(browser_page)
    browser_sign_in(players.unit_lead)
    browser_page.goto("/audits/findings/FND-0002/answer/")
    expect(browser_page.get_by_label("And why that?").nth(2)).to_be_hidden()
    assert_accessible(browser_page)
    assert_fits(browser_page)


def go(page: Page, words: str) -> None:
    """Go to a link or a button by the keyboard, and press it."""
    tab_to(page, lambda: focused(page).strip() == words)
    page.keyboard.press("Enter")
    settle(page)


def go_into(page: Page, label: str, text: str) -> None:
    """Go to a field by the keyboard, and type."""
    field = page.get_by_label(label, exact=True).first
    tab_to(page, lambda: bool(field.evaluate("field => field === document.activeElement")))
    page.keyboard.type(text)


@pytest.mark.browser
def test_a_finding_goes_from_a_check_to_agreed_actions_by_the_keyboard(
    browser_page: Page, browser_sign_in: SignIn, players: Cast, check: Check
) -> None:
    page = browser_page
    page.goto(f"/audits/{check.audit.reference}/findings/new/?check={check.pk}")
    expect(page.locator("#repeats")).to_contain_text("Leavers of last year")
    expect(page.get_by_label("What was found")).to_have_value("Four of twenty-five")
    go_into(page, "Finding*", "Leavers keep their accounts")
    go(page, "Raise the finding")
    expect(page.get_by_role("heading", level=1)).to_have_text("Leavers keep their accounts")
    expect(page.locator("header, main").get_by_text("Repeat").first).to_be_visible()
    finding = Finding.objects.get(title="Leavers keep their accounts")

    browser_sign_in(players.unit_lead)
    page.goto("/")
    go(page, "Leavers keep their accounts")
    go(page, "Write the answer")
    go_into(page, "Response", "It is so.")
    second = page.get_by_label("And why that?").first
    expect(second).to_be_hidden()
    go_into(page, "Why did it happen?", "Nobody closed them")
    expect(second).to_be_visible()
    page.keyboard.press("Tab")
    expect(second).to_be_focused()
    page.keyboard.type("Nobody was told")
    go_into(page, "Root cause", "Nobody is told who leaves.")
    go(page, "Save and hand in")
    expect(page.locator("[aria-current=step]")).to_contain_text("Answered")
    finding.refresh_from_db()
    assert finding.whys == ["Nobody closed them", "Nobody was told"]

    browser_sign_in(players.auditor)
    page.goto(finding.get_absolute_url())
    go(page, "Agree on an action")
    go_into(page, "What is to be done*", "Tell IT who leaves")
    page.locator("#id_owner").evaluate(
        "select => { const option = [...select.options].find(one => one.text.startsWith('Pavel'));"
        " select.tomselect ? select.tomselect.setValue(option.value) : (select.value = option.value); }"
    )
    page.get_by_label("Due on").fill("2027-01-15")
    page.get_by_role("button", name="Agree", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tell IT who leaves")
    assert Action.objects.get().is_corrective

    page.goto(finding.get_absolute_url())
    go(page, "Agree")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    assert_accessible(page, within="dialog")
    dialog.get_by_role("button", name="Agree").press("Enter")
    expect(page.locator("[aria-current=step]")).to_contain_text("Agreed")


@pytest.mark.browser
def test_what_was_found_before_is_told_when_a_requirement_is_picked(
    browser_page: Page, players: Cast, check: Check
) -> None:
    browser_page.goto(f"/audits/{check.audit.reference}/findings/new/")
    expect(browser_page.locator("#repeats")).to_be_empty()
    browser_page.locator("#id_requirement-ts-control").fill("HB-1")
    browser_page.keyboard.press("Enter")
    expect(browser_page.locator("#repeats")).to_contain_text("Leavers of last year")
    assert_accessible(browser_page)


@pytest.mark.browser(scripts=False)
def test_a_finding_is_raised_and_answered_without_scripts(
    browser_page: Page, browser_sign_in: SignIn, players: Cast, check: Check
) -> None:
    page = browser_page
    page.goto(f"/audits/{check.audit.reference}/findings/")
    page.get_by_role("link", name="Raise a finding").click()
    page.get_by_label("Finding*").fill("Leavers keep their accounts")
    page.get_by_label("Grade").select_option("observation")
    page.get_by_label("Requirement").select_option(label="HB-1 Duty 1")
    page.get_by_role("button", name="Raise the finding").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Leavers keep their accounts")
    browser_sign_in(players.unit_lead)
    page.goto(Finding.objects.latest("pk").get_absolute_url() + "answer/")
    page.get_by_label("Response").fill("We will see to it.")
    page.get_by_label("Why did it happen?").fill("Nobody closed them")
    page.get_by_label("And why that?").first.fill("Nobody was told")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Hand in the answer").click()
    page.get_by_role("button", name="Hand in the answer").click()
    expect(page.locator("[aria-current=step]")).to_contain_text("Answered")
