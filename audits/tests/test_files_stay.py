"""What was sent, judged or said in a report stays as it was: at every door of its files, in the services and in the database."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from audits.choices import AuditState, EvidenceState
from audits.models import AuditReport, EvidenceRequest, Finding
from audits.services import report_ask
from audits.services.report_documents import report_make
from audits.tests.factories import (
    NOW,
    audit_in,
    evidence_answered,
    evidence_make,
    finding_make,
    report_submit,
)
from audits.tests.reports import state_set
from audits.tests.staying import adding, assert_database_keeps, assert_stays, doors, entry_of, step
from foundation.files.inspection import FileRefused
from foundation.files.models import File, FileVersion
from foundation.files.services import file_add, file_withdraw, version_add
from foundation.files.tests.contents import file_make, upload
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


# Answers


@pytest.fixture
def request_(cast: Cast) -> EvidenceRequest:
    return evidence_make(cast)


@pytest.mark.parametrize("upto", ["answered", "accepted", "withdrawn"])
def test_an_answer_that_was_sent_stays_with_its_files(
    cast: Cast, sign_in: SignIn, request_: EvidenceRequest, upto: str
) -> None:
    file = file_make(request_, cast.personnel, "access.txt")
    evidence_answered(cast, request_)
    if upto != "answered":
        step(request_, "accept" if upto == "accepted" else "withdraw", cast.auditor)
    words = {
        "answered": "what was sent stays as it is",
        "accepted": "The answer was accepted with the files that it has",
        "withdrawn": "It is no longer needed",
    }[upto]
    for person in (cast.personnel, cast.auditor, cast.ciso):
        client = sign_in(person)
        assert adding(client, request_).status_code == 403
        tab = client.get(request_.get_absolute_url() + "files/").text
        assert words in tab
        assert 'name="uploads"' not in tab
        with pytest.raises(FileRefused, match=words):
            file_add(record=request_, upload=upload("late.txt", b"Late"), actor=person, now=NOW)
    for person in (cast.personnel, cast.ciso):  # who added it, and who manages all
        assert_stays(sign_in(person), person, file, words)
    if upto != "withdrawn":
        assert_database_keeps(file, "stay as they were sent")
        with pytest.raises(DatabaseError, match="stay as they were sent"), transaction.atomic():
            File.objects.create(record_id=request_.pk, added_by=cast.personnel, added_at=NOW)


def test_while_it_waits_who_answers_and_the_auditors_add_and_change_files_and_nobody_else(
    cast: Cast, sign_in: SignIn, request_: EvidenceRequest
) -> None:
    lead = sign_in(cast.unit_lead)  # who may add files to what belongs to the unit
    assert "is asked for this, and answers it" in adding(lead, request_).text
    assert adding(sign_in(cast.personnel), request_).status_code == 302
    file = File.objects.get()
    assert doors(lead, file) == dict.fromkeys(doors(lead, file), 403)
    owner = doors(sign_in(cast.personnel), file)
    assert owner == {
        "version": 200,
        "version sent": 302,
        "words": 200,
        "words sent": 302,
        "withdrawal": 200,
        "withdrawal sent": 302,
    }
    assert adding(sign_in(cast.auditor), request_).status_code == 302
    step(evidence_answered(cast, request_), "return", cast.auditor)
    assert adding(sign_in(cast.personnel), request_).status_code == 302
    evidence_make(
        cast, request_.audit, owners=[cast.analyst]
    )  # who answers in the audit, and judges nothing any more
    assert adding(sign_in(cast.analyst), request_).status_code == 403


def test_an_accepted_answer_keeps_the_versions_that_were_sent(
    cast: Cast, sign_in: SignIn, request_: EvidenceRequest
) -> None:
    file = file_make(request_, cast.personnel, "access.txt")
    other = file_make(request_, cast.personnel, "wrong.txt")
    step(evidence_answered(cast, request_), "return", cast.auditor)
    second = version_add(file=file, upload=upload("access 2.txt", b"All"), actor=cast.personnel, now=NOW)
    file_withdraw(file=other, actor=cast.personnel, now=NOW, reason="Another system")
    evidence_answered(cast, request_)
    assert list(request_.answer_files.all()) == [second]
    step(request_, "accept", cast.auditor)
    entry = entry_of("audits.evidence_request.files_accepted")
    assert entry.after == {"files": ["access 2.txt"], "sha256": [second.sha256]}
    page = sign_in(cast.auditor).get(request_.get_absolute_url()).text
    assert "access 2.txt" in page
    assert other.get_absolute_url() not in page
    assert "came later" not in page
    history = sign_in(cast.auditor).get(request_.get_absolute_url() + "history/").text
    assert "accepted its files: access 2.txt" in history
    assert second.sha256 in history
    with pytest.raises(DatabaseError, match="stay the same"), transaction.atomic():
        request_.answer_files.clear()


def test_a_newer_version_from_before_answers_were_kept_is_told(
    cast: Cast, sign_in: SignIn, request_: EvidenceRequest
) -> None:
    file = file_make(request_, cast.personnel, "access.txt")
    first = file.versions.get()
    version_add(file=file, upload=upload("access 2.txt", b"All"), actor=cast.personnel, now=NOW)
    evidence_answered(cast, request_)
    request_.answer_files.set([first])
    page = sign_in(cast.auditor).get(request_.get_absolute_url()).text
    assert "This is version 1, the one that counts here; version 2 came later." in page
    assert "access 2.txt" not in page
    judged = f"{file.get_absolute_url()}?version=1"
    assert judged in page
    looked = sign_in(cast.auditor).get(judged).text
    head = looked.partition("<main")[2].partition("Versions")[0]
    assert "This is version 1" in head
    assert first.get_absolute_url() in head  # what the button downloads
    assert file.versions.get(number=2).get_absolute_url() not in head


def test_a_request_that_waits_again_shows_its_files_as_they_are(
    cast: Cast, sign_in: SignIn, request_: EvidenceRequest
) -> None:
    file = file_make(request_, cast.personnel, "access.txt")
    evidence_answered(cast, request_)
    step(request_, "accept", cast.auditor)
    step(request_, "ask_again", cast.auditor)
    version_add(file=file, upload=upload("access 2.txt", b"All"), actor=cast.personnel, now=NOW)
    assert EvidenceRequest.objects.get(pk=request_.pk).state == EvidenceState.RETURNED
    assert "access 2.txt" in sign_in(cast.auditor).get(request_.get_absolute_url()).text


# Reports


@pytest.mark.parametrize("state", [AuditState.REPORTING, AuditState.FOLLOW_UP, AuditState.CLOSED])
def test_a_report_stays_as_it_was_made(cast: Cast, sign_in: SignIn, state: AuditState) -> None:
    audit = audit_in(cast, AuditState.REPORTING)
    report = report_ask(audit=audit, actor=cast.auditor, now=NOW)
    report_make(key=report.pk, clock=lambda: NOW)
    state_set(audit, state)
    report.refresh_from_db()
    assert report.file
    assert report.table
    assert entry_of("audits.report.issued").after["sha256"] == report.file.sha256
    for version in (report.file, report.table):
        for person in (cast.auditor, cast.ciso):
            assert_stays(sign_in(person), person, version.file, "It is a report as it was made")
        assert_database_keeps(version.file, "A report stays as it was made")
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        AuditReport.objects.filter(pk=report.pk).update(file=report.table)
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        AuditReport.objects.filter(pk=report.pk).delete()
    plain = file_make(audit, cast.auditor, "notes.txt")
    assert (
        version_add(file=plain, upload=upload("notes 2.txt", b"2"), actor=cast.auditor, now=NOW).number == 2
    )


@pytest.mark.parametrize(
    "change", [{"sha256": "1" * 64}, {"storage_key": "another"}, {"name": "a"}, {"number": 9}]
)
def test_what_was_uploaded_is_never_written_over(cast: Cast, change: dict[str, Any]) -> None:
    version = file_make(audit_in(cast), cast.auditor).versions.get()
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        FileVersion.objects.filter(pk=version.pk).update(**change)
    with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
        FileVersion.objects.filter(pk=version.pk).delete()


# Findings


def test_neither_side_changes_what_the_other_added_to_a_finding(cast: Cast, sign_in: SignIn) -> None:
    finding = finding_make(cast)
    ours = file_make(finding, cast.auditor, "samples.txt")
    theirs = file_make(finding, cast.unit_lead, "ticket.txt")
    for person, file in ((cast.unit_lead, ours), (cast.auditor, theirs), (cast.ciso, theirs)):
        assert_stays(sign_in(person), person, file, "leave each other")
    version_add(file=ours, upload=upload("samples 2.txt", b"2"), actor=cast.ciso, now=NOW)
    version_add(file=theirs, upload=upload("ticket 2.txt", b"2"), actor=cast.unit_lead, now=NOW)


def test_what_a_report_was_submitted_with_stays_and_what_came_since_is_the_adders(
    cast: Cast, sign_in: SignIn
) -> None:
    audit = audit_in(cast, AuditState.REPORTING)
    finding = finding_make(cast, audit)
    before = file_make(finding, cast.auditor, "samples.txt")
    report_submit(audit, cast)
    assert_stays(sign_in(cast.auditor), cast.auditor, before, "It was there when the report was submitted")
    since = file_make(finding, cast.unit_lead, "ticket.txt", now=NOW.replace(hour=12))
    version_add(file=since, upload=upload("ticket 2.txt", b"2"), actor=cast.unit_lead, now=NOW)
    state_set(audit, AuditState.CLOSED)
    assert_stays(sign_in(cast.unit_lead), cast.unit_lead, File.objects.get(pk=since.pk), "The audit is over")


def test_nothing_is_added_to_a_finding_that_is_settled(cast: Cast, sign_in: SignIn) -> None:
    finding = finding_make(cast)
    file = file_make(finding, cast.auditor)
    step(finding, "withdraw", cast.auditor)
    assert Finding.objects.get().state == "withdrawn"
    assert "so its files stay as they are" in adding(sign_in(cast.unit_lead), finding).text
    assert_stays(sign_in(cast.auditor), cast.auditor, file, "so its files stay as they are")
