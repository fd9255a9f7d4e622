"""A whole audit on a real catalogue, in browsers: from the file of NIST's LOW baseline and a plan to a verified action.

Everybody does the own part with mouse, keyboard and phone, and finds what is next on the own desk.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from audits.choices import AuditState, CheckResult, FindingState
from audits.models import Audit, Finding
from audits.tasks import make_reports
from audits.views import audit_report
from foundation import clock
from foundation.accounts.organisation import organisation_day
from foundation.accounts.tests.factories import PASSWORD
from foundation.actions.models import Action
from foundation.documents.tests.test_typesetting import pages_of, text_of
from foundation.testing.browser import Problems, assert_accessible, assert_fits, settle
from foundation.testing.cast import Cast, cast_make
from foundation.testing.walking import (
    Walk,
    choose,
    desk_leads_to,
    is_at,
    step_asked,
    steps_offered,
    tab,
    take_step,
    walk_of,
)

pytestmark = pytest.mark.django_db(transaction=True)

BASELINE = Path(project.BASE_DIR).parent / "shared" / "data" / "NIST_SP-800-53_rev5_LOW-baseline_catalog.json"
TITLE = "Access to card payments"
EVIDENCE = "AC-2 List of the gateway's accounts"
FINDING = "Accounts outlive the people they belong to"
ACTION = "Tell operations of each leaver on the last day"


@pytest.fixture
def players(transactional_db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Cast:
    settings.FILES_ROOT = tmp_path
    settings.CLOCK_OFFSET = timedelta()
    monkeypatch.setattr(audit_report, "report_wake", lambda key: None)  # the worker is called by hand
    return cast_make()


def today() -> date:
    return organisation_day(clock.now())


def in_days(days: int) -> str:
    return (today() + timedelta(days=days)).isoformat()


def bring_the_baseline(page: Page) -> None:
    """Bring the file, look at what is in it, and accept it."""
    page.goto("/compliance/")
    page.get_by_role("link", name="Import").first.click()
    page.get_by_label("File").first.set_input_files(BASELINE)
    page.get_by_role("button", name="Show what it would change").click()
    facts = page.get_by_role("complementary", name="Facts")
    expect(facts).to_contain_text("Requirements131")
    expect(facts).to_contain_text("Enhancements18")
    expect(page.get_by_role("heading", name="AC-1 Policy and Procedures")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Accept as a new framework").click()
    expect(page.get_by_text("of FRM-0001 is accepted")).to_be_visible()
    expect(page.get_by_role("complementary", name="Facts")).to_contain_text("Requirements149")


def plan_the_audit(page: Page, players: Cast) -> Audit:
    """Plan an audit of payments, and let it test all that the baseline requires."""
    page.goto("/audits/")
    page.get_by_role("link", name="Plan an audit").first.click()
    page.get_by_label("Title").fill(TITLE)
    page.get_by_label("Business unit").select_option(label="\u2003Payments")
    choose(page, "Lead auditor", players.auditor.full_name)
    choose(page, "Auditees", players.unit_lead.full_name)
    choose(page, "Auditees", players.personnel.full_name)
    page.get_by_label("Fieldwork starts").fill(in_days(14))
    page.get_by_role("button", name="Plan the audit").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    is_at(page, "Planned")
    assert_accessible(page)
    tab(page, "Checklist")
    page.get_by_role("link", name="Add requirements").first.click()
    page.get_by_role("link", name=re.compile("Choose")).click()
    page.get_by_label("All 149 requirements").check()
    page.get_by_role("button", name="Add what is ticked").click()
    expect(page.get_by_text("149 requirements added")).to_be_visible()
    expect(page.get_by_text("0 of 149 tested")).to_be_visible()
    return Audit.objects.get()


def ask_for_evidence(page: Page, players: Cast) -> None:
    tab(page, "Evidence")
    page.get_by_role("link", name="Ask for evidence").first.click()
    page.get_by_label("What is needed").fill(EVIDENCE)
    choose(page, "Who is asked", players.personnel.full_name)
    page.get_by_role("button", name="Ask for it").click()
    expect(page.get_by_text("1 request is on its way")).to_be_visible()


def answer_on_the_phone(page: Page) -> None:
    desk_leads_to(page, EVIDENCE)
    assert_accessible(page)
    assert_fits(page)
    page.locator("input[type=file]").set_input_files(
        {"name": "accounts.csv", "mimeType": "text/csv", "buffer": b"account,owner\nsvc-settlement,\n"}
    )
    expect(page.locator("#files").get_by_text("accounts.csv")).to_be_visible()
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("Thank you. Your answer is sent")).to_be_visible()


def work_through_the_checklist(page: Page) -> None:
    """Grade the first ones by keys, and record what falls short; then the rest at once."""
    tab(page, "Checklist")
    opened, status = page.locator("#check-title .check-id"), page.locator("[data-check-status]")
    expect(opened).to_have_text("AC-1")
    page.keyboard.press("1")
    page.keyboard.press("e")
    expect(status).to_contain_text("Saved")
    page.keyboard.press("j")
    expect(opened).to_have_text("AC-2")
    page.keyboard.press("n")
    page.keyboard.type("Seven of forty accounts belong to people who left.")
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    page.keyboard.press("2")
    expect(status).to_contain_text("Saved")
    expect(page.locator("#checklist-progress")).to_contain_text("2 of 149 tested")
    settle(page)
    assert_accessible(page)
    page.keyboard.press("f")
    expect(page.get_by_role("heading", level=1)).to_have_text("Raise a finding")


def raise_the_finding(page: Page, players: Cast) -> None:
    settle(page)
    expect(page.get_by_label("What was found")).to_have_value(re.compile("Seven of forty"))
    expect(page.get_by_label("Grade")).to_have_value("major")
    page.get_by_label("Finding*").fill(FINDING)
    page.get_by_label("Risk").fill("Somebody who left can move money.")
    choose(page, "Owner", players.unit_lead.full_name)
    page.get_by_role("button", name="Raise the finding").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(FINDING)
    assert_accessible(page)


def set_the_rest(page: Page) -> None:
    tab(page, "Checklist")
    page.get_by_role("checkbox", name="Select all that are shown").check()
    page.get_by_text("With those selected").click()
    page.get_by_label("Result of untested ones").select_option(label="Conforms")
    page.get_by_role("button", name="Set", exact=True).click()
    expect(page.get_by_text("147 checks changed")).to_be_visible()
    expect(page.locator("#checklist-progress")).to_contain_text("149 of 149 tested")


def answer_the_finding(page: Page) -> None:
    desk_leads_to(page, FINDING)
    page.get_by_role("link", name="Write the answer").first.click()
    page.get_by_label("Response").fill("We agree.")
    page.get_by_label("Why did it happen?").fill("Their accounts stayed open.")
    for why in ("Operations closed none.", "Nobody told them.", "Nothing says who tells them.", "It grew."):
        empty = page.get_by_label("And why that?").and_(page.locator(":visible")).last
        empty.fill(why)
        empty.press("Tab")
    page.get_by_label("Root cause").fill("Nobody is told to tell operations who leaves.")
    page.get_by_label("Correction").fill("The seven accounts are closed.")
    assert_accessible(page)
    page.get_by_role("button", name="Save and hand in").click()
    is_at(page, "Answered")


def agree(page: Page, players: Cast) -> None:
    """Agree on a corrective action, and on the finding."""
    page.get_by_role("link", name="Agree on an action").click()
    page.get_by_label("What is to be done").fill(ACTION)
    choose(page, "Owner", players.unit_lead.full_name)
    page.get_by_label("Due on").fill(in_days(30))
    assert_accessible(page)
    page.get_by_role("button", name="Agree", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(ACTION)
    page.get_by_role("main").get_by_role("link", name="FND-0001").first.click()
    take_step(page, "Agree", "Agreed")


def decide(page: Page) -> None:
    """Approve the report as the CISO, who shows once more who that is."""
    page.goto("/")
    page.get_by_role("main").get_by_role("link", name=TITLE).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Approval of AUD-0001")
    expect(page.get_by_text(FINDING).first).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Approve").click()
    expect(page).to_have_url(re.compile("/account/confirm/"))
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Approved").first).to_be_visible()


def make_the_report(page: Page) -> None:
    tab(page, "Report")
    expect(page.get_by_text("Being made", exact=True)).to_be_visible()
    make_reports()
    link = page.get_by_role("link", name="Download PDF")
    expect(link).to_be_visible()
    assert_accessible(page)
    with page.expect_download() as download:
        link.click()
    pdf = Path(download.value.path()).read_bytes()
    assert pdf.startswith(b"%PDF-")
    assert len(pages_of(pdf)) > 5
    words = text_of(pdf)
    for said in ("AUD-0001", FINDING, "AC-2", ACTION):
        assert said in words


@pytest.mark.skipif(not BASELINE.exists(), reason=f"no {BASELINE.name} in ../shared/data")
@pytest.mark.browser
def test_a_whole_audit_of_the_low_baseline(
    chromium: Browser,
    live_server: LiveServer,
    browser_problems: Problems,
    players: Cast,
    settings: Any,
) -> None:
    with walk_of(chromium, live_server.url, browser_problems, settings) as walk:
        walk_it(walk, players)


def walk_it(walk: Walk, players: Cast) -> None:
    security = walk.window_of(players.analyst)
    bring_the_baseline(security)
    audit = plan_the_audit(security, players)

    auditor = walk.window_of(players.auditor)
    desk_leads_to(auditor, TITLE)
    assert steps_offered(auditor)[-1] == "Start preparing"
    take_step(auditor, "Start preparing", "Preparing")
    ask_for_evidence(auditor, players)

    phone = walk.window_of(players.personnel, narrow=True)
    answer_on_the_phone(phone)

    desk_leads_to(auditor, EVIDENCE)
    expect(auditor.get_by_role("link", name="accounts.csv")).to_be_visible()
    take_step(auditor, "Accept", "Accepted")

    walk.days_pass(14)
    desk_leads_to(auditor, TITLE)
    take_step(auditor, "Start fieldwork", "Fieldwork")
    work_through_the_checklist(auditor)
    raise_the_finding(auditor, players)
    desk_leads_to(auditor, TITLE)
    set_the_rest(auditor)
    tab(auditor, "Overview")
    take_step(auditor, "Start reporting", "Reporting")
    expect(auditor.get_by_text("The conclusion is not written yet")).to_be_visible()
    assert_accessible(auditor)
    auditor.get_by_role("link", name="Write the conclusion").first.click()
    auditor.get_by_label("Conclusion").fill("Access is managed, but for leavers.")
    auditor.get_by_role("main").get_by_role("button", name="Save").click()

    lead = walk.window_of(players.unit_lead)
    answer_the_finding(lead)

    desk_leads_to(auditor, FINDING)
    expect(auditor.get_by_text("Agree on a corrective action first")).to_be_visible()
    assert_accessible(auditor)
    agree(auditor, players)
    desk_leads_to(auditor, TITLE)
    take_step(auditor, "Submit the report", "Report in review")

    ciso = walk.window_of(players.ciso)
    decide(ciso)

    auditor.goto(audit.get_absolute_url())
    is_at(auditor, "Follow-up")
    make_the_report(auditor)

    desk_leads_to(security, TITLE)
    dialog = step_asked(security, "Close audit")
    expect(dialog).to_contain_text("1 major nonconformity is still open")
    expect(dialog.get_by_role("button", name="Close audit")).to_have_count(0)
    security.keyboard.press("Escape")
    expect(security.get_by_text("Before the audit can be closed")).to_be_visible()
    assert_accessible(security)

    report_done(lead)
    is_refused(lead)
    desk_leads_to(auditor, ACTION)
    take_step(auditor, "Verify", "Verified", **{"How was it verified?": "Looked at last month's leavers."})
    auditor.goto("/")
    expect(auditor.get_by_role("main").get_by_text("FND-0001 · Close the finding")).to_be_visible()
    walk.days_pass(91)
    desk_leads_to(auditor, ACTION)
    take_step(
        auditor, "Confirm the effect", "Effective", **{"What shows that it worked?": "No account since."}
    )
    assert_accessible(auditor)
    auditor.get_by_role("main").get_by_role("link", name="FND-0001").first.click()
    take_step(auditor, "Close finding", "Closed")
    assert_accessible(auditor)

    desk_leads_to(security, TITLE)
    take_step(security, "Close audit", "Closed")
    assert_accessible(security)
    assert Audit.objects.get().state == AuditState.CLOSED
    assert Finding.objects.get().state == FindingState.CLOSED
    results = audit.checks.values_list("result", flat=True)
    assert (len(results), sum(result == CheckResult.CONFORMS for result in results)) == (149, 148)


def report_done(page: Page) -> None:
    """Report the action done, with a file that proves it."""
    desk_leads_to(page, ACTION)
    tab(page, "Files")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "leavers.csv", "mimeType": "text/csv", "buffer": b"leaver,told\nA,yes\n"}
    )
    page.get_by_role("button", name="Add files").click()
    expect(page.locator("#files").get_by_role("link", name="leavers.csv").first).to_be_visible()
    tab(page, "Overview")
    proof = {
        "What was done, and where is the proof?": "In force since Monday; leavers.csv shows the first month."
    }
    take_step(page, "Report done", "To be verified", **proof)


def is_refused(page: Page) -> None:
    """See that who owns the action is offered no way to judge it, and gets none."""
    assert not {"Verify", "Send back"} & set(steps_offered(page))
    action = Action.objects.get()
    token = next(c["value"] for c in page.context.cookies() if c["name"] == project.CSRF_COOKIE_NAME)
    answer = page.context.request.post(
        f"{action.get_absolute_url()}step/verify/",
        form={"csrfmiddlewaretoken": token, "comment": "It is done."},
        headers={"Referer": page.url},
    )
    assert answer.status == 403
    action.refresh_from_db()
    assert action.verified_at is None
