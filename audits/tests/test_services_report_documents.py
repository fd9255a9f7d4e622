"""Making a report's documents: asked for, made once, kept for who may read them, and proven by the trail."""

from __future__ import annotations

import hashlib
import io
from datetime import datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from audits.choices import AuditRole, AuditState
from audits.models import Audit, AuditReport, Finding
from audits.reporting import Issue, report_document
from audits.selectors import report_content
from audits.services import (
    ReportNotMade,
    approved_request,
    report_ask,
    report_documents,
    report_make,
    reports_waiting,
)
from audits.tasks import make_report, make_reports
from audits.tests.factories import NOW, audit_make
from audits.tests.reports import audit_full, state_set
from foundation import clock as clock_of_the_portal
from foundation.accounts.models import User
from foundation.accounts.tests.factories import UserFactory
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.sample import open_and_decide
from foundation.approvals.services import approval_request, content_digest
from foundation.documents.blocks import Document
from foundation.documents.tests.test_typesetting import pages_of, text_of
from foundation.documents.typesetting import NotTypeset, document_pdf
from foundation.files.inspection import FileRefused
from foundation.files.models import File, FileVersion
from foundation.files.services import file_add, version_add
from foundation.files.storage import content_open
from foundation.files.tests.contents import pdf, upload
from foundation.lifecycle.services import apply_transition
from foundation.notifications.models import Notice
from foundation.records.models import Participant
from foundation.records.selectors import entries_of
from foundation.testing.cast import Cast
from foundation.testing.races import elsewhere, together, wait_until_blocked
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db


def clock() -> datetime:
    return NOW


@pytest.fixture
def audit(cast: Cast) -> Audit:
    return audit_full(cast, checks=4, findings=2, team=[], auditees=[cast.unit_lead])


def ask(audit: Audit, cast: Cast) -> AuditReport:
    return report_ask(audit=audit, actor=cast.auditor, now=NOW)


def made(audit: Audit, cast: Cast) -> AuditReport:
    report = ask(audit, cast)
    report_make(key=report.pk, clock=clock)
    report.refresh_from_db()
    return report


def content_of(version: FileVersion | None) -> bytes:
    assert version is not None
    with content_open(version.storage_key) as content:
        return content.read()


def approve(audit: Audit, cast: Cast) -> ApprovalRequest:
    state_set(audit, AuditState.REPORT_REVIEW)
    request = approval_request(record=audit, actor=cast.auditor, now=NOW)
    open_and_decide(request=request, actor=cast.ciso, now=NOW)
    audit.refresh_from_db()
    request.refresh_from_db()
    return request


def test_a_draft_is_made_of_what_the_report_says_now(cast: Cast, audit: Audit) -> None:
    report = made(audit, cast)
    assert (report.number, report.is_final, report.failure, report.made_at) == (1, False, "", NOW)
    assert report.facts_digest == content_digest(report_content(audit))
    pdf, book = content_of(report.file), content_of(report.table)
    assert report.facts_digest in text_of(pdf)
    assert all("Draft" in page for page in pages_of(pdf))
    assert openpyxl.load_workbook(io.BytesIO(book)).sheetnames[0] == "Report"
    assert [file.versions.get().name for file in File.objects.order_by("pk")] == [
        f"{audit.reference}-report-1-draft.pdf",
        f"{audit.reference}-report-1-draft.xlsx",
    ]
    entry = Entry.objects.get(action="audits.report.issued")
    assert entry.after == {
        "report": 1,
        "report_state": "draft",
        "facts_digest": report.facts_digest,
        "sha256": hashlib.sha256(pdf).hexdigest(),
        "table_sha256": hashlib.sha256(book).hexdigest(),
    }
    assert entry.record_id == audit.pk


def test_a_final_report_says_what_was_approved_and_nothing_newer(cast: Cast, audit: Audit) -> None:
    request = approve(audit, cast)
    assert audit.state == AuditState.FOLLOW_UP
    Finding.objects.filter(audit=audit).update(
        evidence="Written after the approval", response="Answered after the approval"
    )
    report = made(audit, cast)
    assert report.is_final
    assert report.facts_digest == request.digest
    text = text_of(content_of(report.file))
    assert "Approved Celia Moreau Approval by the CISO" in text
    assert "Draft" not in text
    assert "Written after the approval" not in text
    assert "Answered after the approval" in text.split("Answers and actions as of 23 November 2026")[-1]
    assert request.digest in text


def test_an_approved_report_is_issued_to_those_who_are_audited(cast: Cast, audit: Audit) -> None:
    left = UserFactory.create(full_name="Ida Holm", unit=cast.units.payments)
    Participant.objects.create(record=audit, user=left, role=AuditRole.AUDITEE)
    approve(audit, cast)
    User.objects.filter(pk=left.pk).update(is_active=False)
    report = made(audit, cast)
    assert (report.file.file.kept_from, report.table.file.kept_from) == ("", AuditRole.AUDITEE)
    assert list(File.objects.visible_to(cast.unit_lead)) == [report.file.file]
    (notice,) = Notice.objects.filter(kind="audits.report_issued")
    assert notice.recipient == cast.unit_lead
    assert notice.payload["path"] == reverse("audits:audit-tab", args=[audit.reference, "report"])
    assert notice.payload["sentence"] == "The approved report is issued: read what was found."
    entry = Entry.objects.get(action="audits.report.distributed")
    assert [one["name"] for one in entry.after["distributed_to"]] == [cast.unit_lead.full_name]
    assert entry.after["sha256"] == hashlib.sha256(content_of(report.file)).hexdigest()
    assert (entry.after["report_state"], entry.after["facts_digest"]) == ("final", report.facts_digest)
    read = entries_of(audit, cast.unit_lead).values_list("action", flat=True)
    assert "audits.report.distributed" in read
    assert "audits.report.issued" not in read


def test_nobody_puts_another_version_in_the_place_of_what_was_made(cast: Cast, audit: Audit) -> None:
    approve(audit, cast)
    report = made(audit, cast)
    for version in (report.file, report.table):
        assert version.file.is_fixed
        with pytest.raises(FileRefused, match="stays so for ever"):
            version_add(file=version.file, upload=upload("other.pdf", pdf(2)), actor=cast.auditor, now=NOW)


def test_a_report_that_was_taken_back_is_a_draft_again(cast: Cast, audit: Audit) -> None:
    approve(audit, cast)
    state_set(audit, AuditState.REPORTING)
    assert approved_request(audit) is None
    assert not made(audit, cast).is_final


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("moved", ["taken back", "approved anew", "approved"])
def test_a_report_whose_approval_comes_or_goes_while_it_is_typeset_is_made_anew(
    cast: Cast, audit: Audit, monkeypatch: pytest.MonkeyPatch, moved: str
) -> None:
    if moved != "approved":
        approve(audit, cast)
    report = ask(audit, cast)

    def move() -> None:
        current = Audit.objects.get(pk=audit.pk)
        if moved != "approved":
            apply_transition(
                record=current, name="back_to_reporting", actor=cast.analyst, now=NOW, comment="Wrong"
            )
        if moved != "taken back":
            Audit.objects.filter(pk=audit.pk).update(conclusion="Judged otherwise")
            approve(Audit.objects.get(pk=audit.pk), cast)

    def meanwhile(*given: Any, **more: Any) -> bytes:
        monkeypatch.undo()
        elsewhere(move).result(20)
        return document_pdf(*given, **more)

    monkeypatch.setattr(report_documents, "document_pdf", meanwhile)
    report_make(key=report.pk, clock=clock)
    report.refresh_from_db()
    assert report.is_waiting
    assert not File.objects.exists()
    assert not Notice.objects.filter(kind="audits.report_issued").exists()
    report_make(key=report.pk, clock=clock)
    report.refresh_from_db()
    assert (report.is_waiting, report.is_final) == (False, moved != "taken back")
    text = text_of(content_of(report.file))
    assert ("Judged otherwise" in text) == (moved != "taken back")
    assert report.facts_digest in text


@pytest.mark.django_db(transaction=True)
def test_nobody_takes_an_approval_back_while_its_report_is_kept(
    cast: Cast, audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    approve(audit, cast)
    report = ask(audit, cast)
    others: list[Any] = []

    def sheets(*given: Any, **more: Any) -> Any:
        monkeypatch.undo()
        others.append(elsewhere(take_back))
        wait_until_blocked()
        return file_add(*given, **more)

    def take_back() -> None:
        current = Audit.objects.get(pk=audit.pk)
        apply_transition(
            record=current, name="back_to_reporting", actor=cast.analyst, now=NOW, comment="Wrong"
        )

    monkeypatch.setattr(report_documents, "file_add", sheets)
    report_make(key=report.pk, clock=clock)
    others[0].result(20)
    report.refresh_from_db()
    assert report.is_final, "it was approved when it was issued"
    assert Audit.objects.get(pk=audit.pk).state == AuditState.REPORTING


def test_auditees_do_not_know_of_a_draft(cast: Cast, audit: Audit) -> None:
    report = made(audit, cast)
    assert {report.file.file.kept_from, report.table.file.kept_from} == {AuditRole.AUDITEE}
    assert not Notice.objects.filter(kind="audits.report_issued").exists()
    assert not File.objects.visible_to(cast.unit_lead).exists()
    assert File.objects.visible_to(cast.analyst).count() == 2


@pytest.mark.parametrize("name", ["unit_lead", "personnel", "executive", "outsider", "administrator"])
def test_who_does_not_audit_asks_for_none(cast: Cast, audit: Audit, name: str) -> None:
    with pytest.raises(ReportNotMade):
        report_ask(audit=audit, actor=cast.people()[name], now=NOW)
    assert not AuditReport.objects.exists()


@pytest.mark.parametrize("state", [AuditState.PLANNED, AuditState.PREPARING, AuditState.CANCELLED])
def test_there_is_none_before_the_fieldwork_nor_of_what_was_cancelled(cast: Cast, state: str) -> None:
    audit = audit_make(cast)
    state_set(audit, state)
    with pytest.raises(ReportNotMade, match="once the fieldwork has begun"):
        ask(audit, cast)


def test_one_is_made_at_a_time_and_each_has_its_number(cast: Cast, audit: Audit) -> None:
    first = ask(audit, cast)
    assert report_ask(audit=audit, actor=cast.analyst, now=NOW) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditReport.objects.create(
            audit=audit, number=2, is_final=False, requested_by=cast.auditor, requested_at=NOW
        )
    report_make(key=first.pk, clock=clock)
    second = ask(audit, cast)
    assert second.number == 2
    make_report(second.pk)
    make_report(second.pk)  # told twice
    assert File.objects.count() == 4


def test_who_lost_the_part_meanwhile_gets_none(cast: Cast, audit: Audit) -> None:
    report = ask(audit, cast)
    Participant.objects.create(record=audit, user=cast.auditor, role=AuditRole.AUDITEE)
    report_make(key=report.pk, clock=clock)
    report.refresh_from_db()
    assert "You are audited here" in report.failure
    assert not File.objects.exists()


def test_one_that_cannot_be_typeset_says_so_and_leaves_nothing(
    cast: Cast, audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: object, **_more: object) -> bytes:
        raise NotTypeset("exit status 1: out of memory")

    monkeypatch.setattr(report_documents, "document_pdf", fails)
    report = made(audit, cast)
    assert "An administrator finds the reason in the log." in report.failure
    assert (report.made_at, report.file, report.table) == (None, None, None)
    assert not File.objects.exists()
    assert not Entry.objects.filter(action="audits.report.issued").exists()
    monkeypatch.undo()
    assert made(audit, cast).number == 2


def test_what_nobody_makes_is_made_by_beat_and_given_up_after_half_an_hour(cast: Cast, audit: Audit) -> None:
    report = ask(audit, cast)
    assert reports_waiting(now=NOW + timedelta(days=5)) == [report.pk], "no worker began it before"
    assert reports_waiting(now=NOW + timedelta(days=5, minutes=29)) == [report.pk]
    assert reports_waiting(now=NOW + timedelta(days=5, minutes=31)) == []
    report.refresh_from_db()
    assert "half an hour" in report.failure
    again = report_ask(audit=audit, actor=cast.auditor, now=NOW + timedelta(days=3_000))
    make_reports()
    again.refresh_from_db()
    assert again.made_at


def test_restricted_audits_have_reports_for_those_who_see_them_alone(cast: Cast) -> None:
    audit = audit_full(cast, checks=2, findings=1, team=[], confidentiality="restricted")
    report = made(audit, cast)
    assert "Restricted" in text_of(content_of(report.file))
    for person in (cast.unit_lead, cast.executive, cast.administrator):
        assert not File.objects.visible_to(person).exists()
    assert File.objects.visible_to(cast.ciso).count() == 2


def test_one_that_fails_stands_in_nobodys_way(
    cast: Cast, audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = audit_full(cast, checks=2, findings=0, team=[], title="Another", framework="Lighthouse rules")
    first, second = ask(audit, cast), ask(other, cast)

    def fails_for_one(issue: Issue) -> Document:
        if issue.content["reference"] == audit.reference:
            raise ValueError("Nobody foresaw this.")
        return report_document(issue)

    monkeypatch.setattr(report_documents, "report_document", fails_for_one)
    monkeypatch.setattr(clock_of_the_portal, "now", clock)
    with pytest.raises(ExceptionGroup) as failed:
        make_reports()
    assert [str(one) for one in failed.value.exceptions] == ["Nobody foresaw this."]
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.is_waiting, bool(second.made_at)) == (True, True)
    monkeypatch.setattr(report_documents, "report_document", report_document)
    make_reports()
    first.refresh_from_db()
    assert first.made_at


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_one_makes_it(cast: Cast, audit: Audit) -> None:
    report = ask(audit, cast)

    def work() -> None:
        report_make(key=report.pk, clock=clock)

    together(work, work)
    assert File.objects.count() == 2
    assert Entry.objects.filter(action="audits.report.issued").count() == 1
