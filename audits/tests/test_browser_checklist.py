"""A checklist in a real browser: worked through by the keyboard alone, on a phone, without scripts."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from audits.models import Audit
from audits.tests.checklist_page import checklist, is_opened, status
from audits.tests.checks import audit_half_tested, audit_with_checks, first_check, saved
from audits.tests.factories import audit_make
from compliance.tests.factories import framework_make
from foundation.accounts.models import User
from foundation.testing.browser import (
    Problems,
    SignIn,
    assert_accessible,
    assert_fits,
    focused_name,
)
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def audit(players: Cast) -> Audit:
    return audit_half_tested(players)


@pytest.mark.parametrize(
    "looks",
    [
        pytest.param(wishes, marks=pytest.mark.browser(**wishes), id="-".join(wishes) or "wide")
        for wishes in ({}, {"dark": True}, {"narrow": True}, {"narrow": True, "dark": True})
    ],
)
def test_every_page_is_accessible(
    browser_page: Page, players: Cast, audit: Audit, looks: dict[str, bool]
) -> None:
    framework = audit.frameworks.get()
    check = first_check(audit)
    saved(check, players.analyst, result="not_applicable", reason="None there")
    for rest in (
        "",
        "?result=major",
        f"{check.pk}/",
        "add/",
        f"add/?framework={framework.reference}",
        "copy/",
        f"remove/?row={check.pk}:{check.version}",
        f"{check.pk}/evidence/",
    ):
        browser_page.goto(checklist(audit, rest))
        expect(browser_page.locator("h1")).to_be_visible()
        for more in browser_page.locator("details:visible").all():
            more.evaluate("one => { one.open = true }")
        assert_accessible(browser_page)
        assert_fits(browser_page)


@pytest.mark.browser
def test_it_is_worked_through_by_the_keyboard_alone(browser_page: Page, audit: Audit) -> None:
    page = browser_page
    page.goto(checklist(audit))
    is_opened(page, "HB-2")  # the first that is not tested
    page.keyboard.press("1")
    page.keyboard.press("e")
    expect(status(page)).to_contain_text("Saved")
    expect(page.locator("#checklist-progress")).to_contain_text("2 of 6 tested")
    expect(page.locator(".check-group-count").first).to_have_text("2/6")
    page.keyboard.press("j")
    is_opened(page, "HB-3")
    page.keyboard.press("n")
    page.keyboard.type("joint keys 123")  # which write here, and do nothing else
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    page.keyboard.press("k")
    page.keyboard.press("k")
    is_opened(page, "HB-1")
    page.keyboard.press("u")
    is_opened(page, "HB-4")
    page.keyboard.press("6")
    expect(page.get_by_label("Why it does not apply")).to_be_focused()
    page.keyboard.type("There are no piers")
    page.keyboard.press("Escape")
    expect(status(page)).to_contain_text("Saved")
    page.keyboard.press("/")
    assert focused_name(page) == "q"
    page.keyboard.type("duty 5")
    expect(page.locator(".check-row")).to_have_count(1)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator("[data-check-keys]")).to_have_attribute("open", "")
    rows = audit.checks.order_by("position").values_list("result", "notes", "methods", "reason")
    assert list(rows[1:4]) == [
        ("conforms", "", ["examine"], ""),
        ("major", "joint keys 123", [], ""),
        ("not_applicable", "", [], "There are no piers"),
    ]


@pytest.mark.browser
def test_why_a_check_stays_untested_is_said_by_the_keyboard_and_each_result_keeps_its_own_reason(
    browser_page: Page, audit: Audit
) -> None:
    page = browser_page
    page.goto(checklist(audit))
    is_opened(page, "HB-2")  # the first that is not tested
    page.keyboard.press("7")
    expect(page.get_by_label("Why it does not apply, or was not tested")).to_be_focused()
    page.keyboard.type("No access that week")
    page.keyboard.press("Escape")
    expect(status(page)).to_contain_text("Saved")
    expect(page.locator(".check-row[aria-current], .check-row:has([aria-current])")).to_contain_text(
        "Not tested"
    )
    page.keyboard.press("1")
    expect(page.locator("#id_reason")).to_have_value("")
    page.keyboard.press("7")
    expect(page.locator("#id_reason")).to_have_value("No access that week")
    expect(page.locator("[data-check-tested]")).to_contain_text("today")
    page.keyboard.press("u")
    is_opened(page, "HB-3")
    page.keyboard.press("u")
    expect(page.locator(".check-row:has([aria-current])")).not_to_contain_text("HB-2")
    left = audit.checks.get(text__identifier="HB-2")
    assert (left.result, left.reason_given) == ("not_tested", "No access that week")


@pytest.mark.browser
def test_single_keys_can_be_switched_off(browser_page: Page, audit: Audit) -> None:
    page = browser_page
    page.goto(checklist(audit))
    is_opened(page, "HB-2")
    page.keyboard.press("?")
    page.get_by_label("Single keys work on this page").uncheck()
    page.reload()
    is_opened(page, "HB-2")
    page.keyboard.press("1")
    page.keyboard.press("j")
    page.locator(".check-row").nth(3).locator("a").focus()
    page.keyboard.press("ArrowDown")
    is_opened(page, "HB-5")
    assert not audit.checks.filter(result="conforms").exists()


@pytest.mark.browser(narrow=True)
def test_on_a_phone_list_and_check_come_one_after_the_other(browser_page: Page, audit: Audit) -> None:
    page = browser_page
    page.goto(checklist(audit))
    expect(page.locator(".check-pane")).to_be_hidden()
    page.get_by_role("link", name="HB-2").click()
    is_opened(page, "HB-2")
    expect(page.locator(".check-list")).to_be_hidden()
    assert_fits(page)
    page.locator("label", has_text="Conforms").click()
    expect(status(page)).to_contain_text("Saved")
    page.get_by_role("link", name="Next", exact=True).click()
    is_opened(page, "HB-3")
    page.get_by_role("link", name="List", exact=True).click()
    expect(page.locator(".check-list")).to_be_visible()
    expect(page.get_by_role("link", name="HB-3")).to_be_focused()
    page.reload()
    expect(page.locator(".check-row").nth(1)).to_contain_text("Conforms")


@pytest.mark.browser(scripts=False)
def test_it_works_without_scripts(browser_page: Page, browser_problems: Problems, audit: Audit) -> None:
    browser_problems.allow("422")
    page = browser_page
    page.goto(checklist(audit))
    page.get_by_role("link", name="HB-2").click()
    page.get_by_label("Conforms").check()
    page.get_by_role("textbox", name="Notes").fill("Seen")
    page.get_by_role("button", name="Save and next").click()
    is_opened(page, "HB-3")
    expect(page.locator(".check-row").nth(1)).to_contain_text("Conforms")
    page.get_by_label("Not applicable").check()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert").first).to_contain_text("Say why")
    page.get_by_role("link", name="Next untested").click()
    is_opened(page, "HB-4")


@pytest.mark.browser
def test_evidence_is_uploaded_in_the_check(browser_page: Page, audit: Audit, tmp_path: Path) -> None:
    page = browser_page
    page.goto(checklist(audit))
    is_opened(page, "HB-2")
    path = tmp_path / "interview.txt"
    path.write_text("Seen")
    page.get_by_label("Files", exact=True).set_input_files(path)
    page.get_by_role("button", name="Upload").click()
    expect(page.locator("#check-evidence")).to_contain_text("interview.txt")
    page.keyboard.press("j")
    is_opened(page, "HB-3")
    page.get_by_role("link", name="Pick from the audit's files").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("interview.txt").check()
    dialog.get_by_role("button", name="Attach").click()
    is_opened(page, "HB-3")
    expect(page.locator("#check-evidence")).to_contain_text("interview.txt")
    assert [check.evidence.count() for check in audit.checks.order_by("position")[1:3]] == [1, 1]


@pytest.mark.browser
def test_requirements_are_ticked_in_a_tree(browser_page: Page, players: Cast) -> None:
    page = browser_page
    audit = audit_make(players)
    framework = framework_make(players, requirements=12)
    page.goto(checklist(audit))
    page.get_by_role("link", name="Add requirements").first.click()
    page.get_by_role("link", name="Harbour baseline", exact=True).click()
    page.get_by_role("checkbox", name="All of HB Harbour").check()
    expect(page.get_by_text("12 ticked")).to_be_visible()
    page.get_by_label("Words").fill("duty 11")
    expect(page.locator(".pick-row:not([hidden])")).to_have_count(1)
    page.get_by_role("checkbox", name="HB-11").uncheck()
    expect(page.get_by_text("11 ticked")).to_be_visible()
    page.get_by_role("button", name="Add what is ticked").click()
    expect(page.get_by_text("11 requirements added")).to_be_visible()
    assert audit.checks.count() == 11
    assert audit.frameworks.get() == framework


@pytest.mark.browser
def test_several_are_set_at_once(browser_page: Page, audit: Audit) -> None:
    page = browser_page
    page.goto(checklist(audit))
    page.get_by_role("checkbox", name="Select all that are shown").check()
    page.get_by_text("With those selected").click()
    page.get_by_label("Result of untested ones").select_option(label="Conforms")
    page.get_by_role("button", name="Set", exact=True).click()
    expect(page.get_by_text("5 checks changed")).to_be_visible()
    expect(page.locator("#checklist-progress")).to_contain_text("6 of 6 tested")


@pytest.mark.browser
def test_who_is_audited_has_no_such_tab(browser_page: Page, browser_sign_in: SignIn, players: Cast) -> None:
    audit = audit_with_checks(players, auditees=[players.unit_lead])
    browser_sign_in(User.objects.get(pk=players.unit_lead.pk))
    browser_page.goto(audit.get_absolute_url())
    expect(browser_page.get_by_role("link", name="Overview")).to_be_visible()
    expect(browser_page.get_by_role("link", name="Checklist")).to_have_count(0)
