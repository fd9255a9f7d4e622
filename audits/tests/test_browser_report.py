"""The report of an audit in a real browser: accessible in every look, and shown by itself once a worker made it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from audits.models import Audit, AuditReport
from audits.services import report_make
from audits.tests.reports import audit_full
from audits.tests.test_services_report_documents import clock, made
from audits.views import audit_report
from foundation.testing.browser import SignIn, assert_accessible, assert_fits
from foundation.testing.cast import Cast, cast_make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def players(transactional_db: None, browser_sign_in: SignIn, monkeypatch: pytest.MonkeyPatch) -> Cast:
    monkeypatch.setattr(audit_report, "report_wake", lambda key: None)
    cast = cast_make()
    browser_sign_in(cast.auditor)
    return cast


@pytest.fixture
def audit(players: Cast) -> Audit:
    return audit_full(players, checks=3, findings=1, team=[])


@pytest.mark.parametrize(
    "looks",
    [
        pytest.param(wishes, marks=pytest.mark.browser(**wishes), id="-".join(wishes) or "wide")
        for wishes in ({}, {"dark": True}, {"narrow": True}, {"narrow": True, "dark": True})
    ],
)
def test_it_is_accessible(browser_page: Page, audit: Audit, players: Cast, looks: dict[str, bool]) -> None:
    made(audit, players)
    browser_page.goto(f"/audits/{audit.reference}/report/")
    expect(browser_page.get_by_text("Report 1", exact=True)).to_be_visible()
    assert_accessible(browser_page)
    assert_fits(browser_page)


@pytest.mark.browser
def test_it_appears_by_itself_once_it_is_made(browser_page: Page, audit: Audit) -> None:
    browser_page.goto(f"/audits/{audit.reference}/report/")
    browser_page.get_by_role("button", name="Make a draft").click()
    expect(browser_page.get_by_text("Being made", exact=True)).to_be_visible()
    assert_accessible(browser_page)
    report_make(key=AuditReport.objects.get().pk, clock=clock)
    link = browser_page.get_by_role("link", name="Download PDF")
    expect(link).to_be_visible()
    with browser_page.expect_download() as download:
        link.click()
    assert download.value.suggested_filename == f"{audit.reference}-report-1-draft.pdf"
