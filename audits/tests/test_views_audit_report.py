"""The tab “Report” of an audit: which documents there are, how far one is, and who may make another."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from kombu.exceptions import OperationalError

from audits import tasks
from audits.choices import AuditState
from audits.models import Audit, AuditReport
from audits.services import report_make
from audits.tasks import report_wake
from audits.tests.factories import NOW, audit_make
from audits.tests.reports import audit_full, state_set
from audits.tests.test_services_report_documents import approve, clock, made
from audits.views import audit_report
from foundation.accounts.models import User
from foundation.lifecycle.services import apply_transition
from foundation.records.choices import Confidentiality
from foundation.testing.cast import Cast
from foundation.testing.queries import assert_queries
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def audit(cast: Cast) -> Audit:
    return audit_full(cast, checks=3, findings=2, team=[], auditees=[cast.unit_lead])


@pytest.fixture(autouse=True)
def woken(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    keys: list[int] = []
    monkeypatch.setattr(audit_report, "report_wake", keys.append)
    return keys


def page(browser: Client, audit: Audit) -> str:
    response = browser.get(reverse("audits:audit-tab", args=[audit.reference, "report"]))
    assert response.status_code == 200
    return response.text


def ask(browser: Client, audit: Audit) -> int:
    return browser.post(reverse("audits:report-make", args=[audit.reference])).status_code


def test_it_works(
    cast: Cast,
    audit: Audit,
    sign_in: SignIn,
    woken: list[int],
    django_capture_on_commit_callbacks: Callable[..., object],
) -> None:
    browser = sign_in(cast.auditor)
    html = page(browser, audit)
    for words in ("Make a draft", "No report was made yet", "Not approved yet"):
        assert words in html
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
        assert ask(browser, audit) == 302
    report = AuditReport.objects.get()
    assert woken == [report.pk]
    html = page(browser, audit)
    assert "Being made" in html
    assert 'hx-trigger="every 2s"' in html
    assert "Look again" in html  # without scripts
    assert "Make a draft" not in html
    report_make(key=report.pk, clock=clock)
    report.refresh_from_db()
    html = page(browser, audit)
    for words in ("Report 1", "Draft", "Odile Brandt", report.facts_digest, "Make a draft"):
        assert words in html
    assert 'hx-trigger="every 2s"' not in html
    for version in (report.file, report.table):
        assert version.sha256 in html
        assert version.get_absolute_url() in html
        assert browser.get(version.get_absolute_url()).status_code == 200


def test_an_approved_report_says_by_which_approval(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    request = approve(audit, cast)
    made(audit, cast)
    html = page(sign_in(cast.analyst), audit)
    assert "Make it again" in html
    assert "Make the report" not in html
    assert request.digest in html
    assert reverse("approvals:request-detail", args=[request.pk]) in html


def test_a_failure_is_told(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    report = made(audit, cast)
    AuditReport.objects.create(
        audit=audit,
        number=report.number + 1,
        is_final=False,
        requested_by=cast.auditor,
        requested_at=NOW,
        failure="It could not be typeset.",
    )
    html = page(sign_in(cast.auditor), audit)
    assert "Not made" in html
    assert "It could not be typeset." in html


def test_checks_visibility(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    made(audit, cast)
    address = reverse("audits:audit-tab", args=[audit.reference, "report"])
    lead = sign_in(cast.unit_lead)
    assert lead.get(address).status_code == 404
    assert address not in lead.get(audit.get_absolute_url()).text
    for person in (cast.outsider, cast.personnel, cast.administrator):
        assert sign_in(person).get(address).status_code == 404
    secret = audit_make(cast, confidentiality=Confidentiality.RESTRICTED, title="Sensitive")
    assert (
        sign_in(cast.executive)
        .get(reverse("audits:audit-tab", args=[secret.reference, "report"]))
        .status_code
        == 404
    )
    assert ask(sign_in(cast.executive), secret) == 404


def test_who_is_audited_reads_what_was_approved(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    made(audit, cast)  # a draft
    approve(audit, cast)
    browser = sign_in(cast.unit_lead)
    address = reverse("audits:audit-tab", args=[audit.reference, "report"])
    assert browser.get(address).status_code == 404, "nothing is issued yet"
    report = made(audit, cast)
    assert address in browser.get(audit.get_absolute_url()).text
    html = page(browser, audit)
    for words in ("Report 2", "Approved by Celia Moreau", "open to you", "Download PDF", report.facts_digest):
        assert words in html, words
    for words in ("Report 1", "Draft", "Make the report", "Who approved what", "Download XLSX"):
        assert words not in html, words
    assert browser.get(report.file.get_absolute_url()).status_code == 200
    assert browser.get(report.table.get_absolute_url()).status_code == 404
    files = browser.get(audit.get_tab_url("files")).text
    assert "report-2.pdf" in files
    assert "report-2.xlsx" not in files
    assert "-draft." not in files
    assert (
        "issued the approved report 2 to those audited"
        in browser.get(f"{audit.get_absolute_url()}history/").text
    )
    assert (
        reverse("files:version-add", args=[audit.reference, report.file.file.key])
        not in browser.get(report.file.file.get_absolute_url()).text
    )


def test_the_page_says_who_reads_what(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    browser = sign_in(cast.auditor)
    lead = cast.unit_lead.full_name
    assert f"Drafts are kept from those who are audited: {lead}." in page(browser, audit)
    approve(audit, cast)
    made(audit, cast)
    html = page(browser, audit)
    assert f"What is made now is open to those who are audited, who are told of it: {lead}." in html
    assert html.count("Open to those who are audited") == 1
    assert html.count("Kept from those who are audited") == 1
    nobody = audit_make(cast, title="Nobody is named")
    assert "Nobody is named as audited here" in page(browser, nobody)


def test_an_approval_that_was_taken_back_is_told(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    approve(audit, cast)
    made(audit, cast)
    apply_transition(
        record=audit, name="back_to_reporting", actor=cast.auditor, now=NOW, comment="Something was missed"
    )
    for person in (cast.auditor, cast.unit_lead):
        html = page(sign_in(person), audit)
        assert "Approved once, no longer" in html
        assert "Not approved yet" in html


def test_a_restricted_audit_is_read_by_those_named_in_it(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_full(
        cast, checks=2, findings=0, team=[], auditees=[cast.personnel], confidentiality="restricted"
    )
    approve(audit, cast)
    report = made(audit, cast)
    assert "Download PDF" in page(sign_in(cast.personnel), audit)
    address = report.file.get_absolute_url()
    assert sign_in(cast.personnel).get(address).status_code == 200
    assert Entry.objects.get(action="files.file.downloaded").actor_id == cast.personnel.pk
    for person in (cast.unit_lead, cast.analyst if audit.owner != cast.analyst else cast.executive):
        assert sign_in(person).get(address).status_code == 404


def test_it_costs_who_is_audited_no_more(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    approve(audit, cast)
    made(audit, cast)
    browser = sign_in(cast.unit_lead)
    page(browser, audit)
    with assert_queries("audit-report-audited"):
        page(browser, audit)


def test_requires_right(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    assert ask(sign_in(cast.unit_lead), audit) == 403
    assert not AuditReport.objects.exists()


def test_it_reads_but_does_not_make_for_who_only_reads(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_full(cast, checks=2, findings=0, team=[], owner=cast.outsider)
    browser = sign_in(cast.outsider)  # who runs no audits
    assert "Make a draft" not in page(browser, audit)
    assert ask(browser, audit) == 403


def test_rejects_get(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    address = reverse("audits:report-make", args=[audit.reference])
    assert sign_in(cast.auditor).get(address).status_code == 405


def test_too_early_is_told(cast: Cast, sign_in: SignIn) -> None:
    audit = audit_make(cast)
    browser = sign_in(cast.auditor)
    assert "once the fieldwork has begun" in page(browser, audit)
    response = browser.post(reverse("audits:report-make", args=[audit.reference]), follow=True)
    assert "once the fieldwork has begun" in response.text
    state_set(audit, AuditState.FIELDWORK)
    assert "Make a draft" in page(browser, audit)


def test_it_costs_no_more_with_many(cast: Cast, audit: Audit, sign_in: SignIn) -> None:
    for _number in range(3):
        made(audit, cast)
    browser = sign_in(cast.auditor)
    page(browser, audit)
    with assert_queries("audit-report"):
        page(browser, audit)


def test_a_broker_that_is_away_delays_it(cast: Cast, audit: Audit, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_arguments: object, **_more: object) -> None:
        raise OperationalError

    monkeypatch.setattr(tasks.make_report, "apply_async", away)
    report_wake(1)
