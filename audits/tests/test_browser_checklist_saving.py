"""What is typed into a check in a real browser: saved by itself, by two auditors at once, kept and told where it is refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from audits.choices import AuditRole
from audits.models import Audit
from audits.tests.checklist_page import checklist, is_opened, refusal, session_of, status
from audits.tests.checks import audit_half_tested, first_check
from foundation.records.models import Participant
from foundation.testing.browser import Problems, assert_accessible, assert_fits, settle
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def audit(players: Cast) -> Audit:
    return audit_half_tested(players)


@pytest.mark.browser
def test_what_is_typed_survives_a_reload(browser_page: Page, audit: Audit) -> None:
    page = browser_page
    check = first_check(audit)
    page.goto(checklist(audit, f"{check.pk}/"))
    page.get_by_role("textbox", name="Notes").fill("Three of ten accounts")
    page.reload()  # at once: sooner than it would have been saved
    expect(page.get_by_role("textbox", name="Notes")).to_have_value("Three of ten accounts")
    settle(page)
    page.goto(checklist(audit))
    check.refresh_from_db()
    assert check.notes == "Three of ten accounts"


@pytest.mark.browser
def test_nothing_is_lost_while_the_server_is_away(
    browser_page: Page, browser_problems: Problems, audit: Audit
) -> None:
    browser_problems.allow("ERR_FAILED")
    page = browser_page
    check = first_check(audit)

    def refuse(route: Route) -> None:
        route.abort() if route.request.method == "POST" else route.continue_()

    page.goto(checklist(audit, f"{check.pk}/"))
    page.route("**/checklist/**", refuse)
    page.get_by_role("textbox", name="Notes").fill("Written on the train")
    page.get_by_label("Sample").focus()
    expect(status(page)).to_contain_text("Not saved: The portal does not answer")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    is_opened(page, "HB-2")
    expect(page.locator("[data-check-unsaved]")).to_have_text("Not saved yet: HB-1")
    page.unroute("**/checklist/**")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    expect(page.locator("[data-check-unsaved]")).to_be_hidden()
    check.refresh_from_db()
    assert check.notes == "Written on the train"


@pytest.fixture
def other_page(
    chromium: Browser, live_server: LiveServer, browser_problems: Problems, players: Cast
) -> Iterator[Page]:
    """A page of the analyst, in a browser of their own."""
    context: BrowserContext = chromium.new_context(base_url=live_server.url, reduced_motion="reduce")
    context.add_cookies(session_of(players.analyst, live_server))
    page = context.new_page()
    browser_problems.watch(page, live_server.url)
    yield page
    context.close()


@pytest.mark.browser
def test_two_auditors_lose_nothing_to_each_other(
    browser_page: Page, other_page: Page, browser_problems: Problems, audit: Audit
) -> None:
    browser_problems.allow("409")
    check = first_check(audit)
    for page in (browser_page, other_page):
        page.goto(checklist(audit, f"{check.pk}/"))
    other_page.get_by_role("textbox", name="Notes").fill("Three, says the analyst")
    other_page.get_by_label("Sample").focus()
    expect(status(other_page)).to_contain_text("Saved")

    # Of different fields, both are kept, and the page shows what the other one wrote.
    browser_page.get_by_label("Major nonconformity").check()
    expect(status(browser_page)).to_contain_text("kept: Notes")
    expect(browser_page.get_by_role("textbox", name="Notes")).to_have_value("Three, says the analyst")

    # Of the same field, both are shown.
    other_page.get_by_role("textbox", name="Notes").fill("Four, says the analyst")
    other_page.get_by_label("Sample").focus()
    expect(status(other_page)).to_contain_text("Saved")
    expect(other_page.get_by_label("Major nonconformity")).to_be_checked()
    browser_page.get_by_role("textbox", name="Notes").fill("Five, says the auditor")
    browser_page.get_by_label("Sample").focus()
    conflict = browser_page.locator(".check-conflict")
    expect(conflict).to_contain_text("Anders Falk changed the same")
    expect(conflict).to_contain_text("Four, says the analyst")
    expect(conflict).to_contain_text("Five, says the auditor")
    assert_accessible(browser_page)
    check.refresh_from_db()
    assert (check.notes, check.result) == ("Four, says the analyst", "major")

    conflict.get_by_label("Notes: both").fill("Four or five")
    conflict.get_by_role("button", name="Save what I chose").click()
    expect(conflict).to_have_count(0)
    expect(browser_page.get_by_role("textbox", name="Notes")).to_have_value("Four or five")
    check.refresh_from_db()
    assert check.notes == "Four or five"


@pytest.mark.browser
def test_what_is_missing_or_refused_is_said_and_stays(
    browser_page: Page, browser_problems: Problems, audit: Audit
) -> None:
    browser_problems.allow("422")
    page = browser_page
    page.goto(checklist(audit, f"{first_check(audit).pk}/"))
    page.get_by_label("Not applicable").check()
    expect(status(page)).to_contain_text("Not saved: Say why")
    page.get_by_label("Why it does not apply").fill("No piers")
    expect(status(page)).to_contain_text("Saved")
    Audit.objects.filter(pk=audit.pk).update(state="report_review")
    page.get_by_label("Conforms").check()
    expect(status(page)).to_contain_text("The report is being agreed on")
    expect(refusal(page)).to_contain_text("HB-1")
    expect(refusal(page)).to_contain_text("The report is being agreed on")
    expect(refusal(page)).to_contain_text("Result: Conforms")
    expect(page.get_by_label("Conforms")).to_be_checked()
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(audit.get_absolute_url())


@pytest.mark.parametrize(
    "looks",
    [
        pytest.param(wishes, marks=pytest.mark.browser(**wishes), id="-".join(wishes) or "wide")
        for wishes in ({}, {"narrow": True, "dark": True})
    ],
)
def test_who_may_no_longer_work_here_is_told_and_can_copy_what_was_typed(
    browser_page: Page, browser_problems: Problems, players: Cast, audit: Audit, looks: dict[str, bool]
) -> None:
    browser_problems.allow("403")
    page, check = browser_page, first_check(audit)
    page.goto(checklist(audit, f"{check.pk}/"))
    Participant.objects.create(record_id=audit.pk, user=players.auditor, role=AuditRole.AUDITEE)
    page.get_by_role("textbox", name="Notes").fill("Three of ten accounts")
    page.get_by_label("Sample").focus()
    expect(refusal(page)).to_contain_text("Not saved: HB-1")
    expect(refusal(page)).to_contain_text("You may no longer work on this checklist.")
    expect(refusal(page).get_by_label("What you typed")).to_have_text("Notes: Three of ten accounts")
    assert_accessible(page)
    assert_fits(page)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    refusal(page).get_by_role("button", name="Copy what you typed").click()
    expect(refusal(page).get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "Notes: Three of ten accounts"
    Participant.objects.filter(role=AuditRole.AUDITEE).delete()
    refusal(page).get_by_role("button", name="Try again").click()
    expect(refusal(page)).to_have_count(0)
    expect(status(page)).to_contain_text("Saved")
    check.refresh_from_db()
    assert check.notes == "Three of ten accounts"
