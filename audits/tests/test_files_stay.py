"""What was judged, or said in a report, stays as it was: at every door of its files, in the services and in the database."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from audits.choices import AuditRole, AuditState, CheckResult, EvidenceState
from audits.models import Audit, AuditReport, Check, EvidenceRequest, Finding
from audits.services import check_evidence_add, report_ask
from audits.services.report_documents import report_make
from audits.tests.checks import audit_with_checks, first_check, saved
from audits.tests.factories import (
    NOW,
    audit_in,
    evidence_answered,
    evidence_make,
    finding_make,
    report_submit,
)
from audits.tests.reports import state_set
from foundation.accounts.models import User
from foundation.files.inspection import FileRefused
from foundation.files.models import File, FileVersion
from foundation.files.services import file_add, file_describe, file_withdraw, version_add
from foundation.files.tests.contents import file_make, upload
from foundation.lifecycle.services import apply_transition
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


def sent(name: str = "more.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, f"Seen in {name}\n".encode(), content_type="text/plain")


def doors(client: Client, file: File) -> dict[str, int]:
    """Try every way to change a file, and return what each answered."""
    record = file.record
    withdraw = reverse("files:file-withdraw", args=[file.key])
    version = reverse("files:version-add", args=[record.reference, file.key])
    edit = reverse("files:file-edit", args=[file.key])
    tried = {
        "version": client.get(version),
        "version sent": client.post(version, {"file": sent("newer.txt"), "note": "Newer"}),
        "words": client.get(edit),
        "words sent": client.post(edit, {"description": "Better", "version": file.description}),
        "withdrawal": client.get(withdraw),
        "withdrawal sent": client.post(withdraw, {"comment": "Away"}),
    }
    return {name: answer.status_code for name, answer in tried.items()}


def adding(client: Client, record: Record) -> Any:
    return client.post(reverse("files:file-add", args=[record.reference]), {"uploads": [sent()]})


def assert_stays(client: Client, person: User, file: File, words: str) -> None:
    """Look at every door, and behind it: the page says why, the addresses refuse, the services do, too."""
    before = (file.latest, file.description, file.withdrawn_at)
    page = client.get(file.get_absolute_url()).text
    assert words in page
    version_door = reverse("files:version-add", args=[file.record.reference, file.key])
    for door in (
        version_door,
        *(reverse(f"files:file-{name}", args=[file.key]) for name in ("edit", "withdraw")),
    ):
        assert door not in page, door
    assert set(doors(client, file).values()) == {403}
    assert words in client.get(version_door).text
    with pytest.raises(FileRefused, match=words):
        version_add(file=file, upload=upload("newer.txt", b"Newer"), actor=person, now=NOW)
    with pytest.raises(ValidationError, match=words):
        file_describe(file=file, actor=person, now=NOW, description="Better", read=file.description)
    with pytest.raises(ValidationError, match=words):
        file_withdraw(file=file, actor=person, now=NOW, reason="Away")
    file.refresh_from_db()
    assert (file.latest, file.description, file.withdrawn_at) == before
    assert file.versions.count() == file.latest


def assert_database_keeps(file: File, words: str) -> None:
    """Write past the services as the portal's own role: a newer version, other words, a withdrawal."""
    version = FileVersion(
        file=file,
        number=file.latest + 1,
        name="bent.txt",
        content_type="text/plain",
        size=1,
        sha256="0" * 64,
        uploaded_by=file.added_by,
        uploaded_at=NOW,
    )
    with pytest.raises(DatabaseError, match=words), transaction.atomic():
        version.save()
    for change in (
        {"latest": file.latest + 1},
        {"description": "Bent"},
        {"withdrawn_by": file.added_by, "withdrawn_at": NOW, "withdrawal_reason": "Bent"},
    ):
        with pytest.raises(DatabaseError, match=words), transaction.atomic():
            File.objects.filter(pk=file.pk).update(**change)


def step(record: Record, name: str, actor: User) -> None:
    apply_transition(record=record, name=name, actor=actor, now=NOW, comment="Because.")


def entry_of(action: str) -> Entry:
    """Return the latest entry of the trail about something."""
    found: Entry = Entry.objects.filter(action=action).latest("pk")
    return found


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


# Evidence of checks


@pytest.fixture
def audit(cast: Cast) -> Audit:
    return audit_with_checks(cast)


@pytest.fixture
def check(audit: Audit) -> Check:
    return first_check(audit)


def attached(cast: Cast, check: Check, file: File | None = None) -> File:
    """Let a file of the audit show what a check came to."""
    audit = Audit.objects.get(pk=check.audit_id)
    file = file or file_make(audit, cast.auditor, "interview.txt", kept_from=AuditRole.AUDITEE)
    check_evidence_add(check=check, files=[file], actor=cast.auditor, now=NOW)
    return file


def test_evidence_is_changed_by_who_works_on_checks_alone(
    cast: Cast, sign_in: SignIn, audit: Audit, check: Check
) -> None:
    file = attached(cast, check, file_make(audit, cast.unit_lead, "list.txt"))
    assert_stays(sign_in(cast.unit_lead), cast.unit_lead, file, "team works on its checks")
    version_add(file=file, upload=upload("list 2.txt", b"2"), actor=cast.auditor, now=NOW)
    audit.participants.create(user=cast.unit_lead, role=AuditRole.AUDITEE)
    file.refresh_from_db()
    assert_stays(sign_in(cast.unit_lead), cast.unit_lead, file, "The auditors rest on it")


@pytest.mark.parametrize("state", [AuditState.REPORT_REVIEW, AuditState.FOLLOW_UP])
def test_evidence_of_a_graded_check_stays_behind_the_report(
    cast: Cast, sign_in: SignIn, audit: Audit, check: Check, state: AuditState
) -> None:
    rests = attached(cast, check)
    idle = attached(cast, audit.checks.order_by("-position")[0], file_make(audit, cast.auditor, "idle.txt"))
    saved(check, cast.auditor, result=CheckResult.CONFORMS)
    state_set(audit, state)
    assert_stays(sign_in(cast.auditor), cast.auditor, rests, "the report says what that came to")
    version_add(file=idle, upload=upload("idle 2.txt", b"2"), actor=cast.auditor, now=NOW)
    state_set(audit, AuditState.REPORTING)
    version_add(file=rests, upload=upload("interview 2.txt", b"2"), actor=cast.auditor, now=NOW)


@pytest.mark.parametrize("state", [AuditState.CLOSED, AuditState.CANCELLED])
def test_evidence_stays_once_the_audit_is_over(
    cast: Cast, sign_in: SignIn, audit: Audit, check: Check, state: AuditState
) -> None:
    file = attached(cast, check)
    state_set(audit, state)
    assert_stays(sign_in(cast.ciso), cast.ciso, file, "closed or cancelled")
    assert_database_keeps(file, "evidence of a closed audit does not change")


def test_what_a_request_gave_to_a_check_is_not_changed_by_who_is_asked_again(
    cast: Cast, sign_in: SignIn, audit: Audit, check: Check
) -> None:
    request = evidence_make(cast, audit)
    file = file_make(request, cast.personnel, "access.txt")
    evidence_answered(cast, request)
    step(request, "accept", cast.auditor)
    attached(cast, check, file)
    step(request, "ask_again", cast.auditor)
    assert_stays(sign_in(cast.personnel), cast.personnel, file, "You can add another file beside it")
    assert adding(sign_in(cast.personnel), request).status_code == 302


def test_a_check_keeps_the_version_that_was_judged_until_a_newer_one_is_picked(
    cast: Cast, sign_in: SignIn, audit: Audit, check: Check
) -> None:
    file = attached(cast, check)
    first = file.versions.get()
    saved(check, cast.auditor, result=CheckResult.MAJOR)
    finding = finding_make(cast, audit, check=check)
    second = version_add(file=file, upload=upload("interview 2.txt", b"2"), actor=cast.auditor, now=NOW)
    client = sign_in(cast.auditor)
    told = "This is version 1, the one that counts here; version 2 came later."
    for address in (f"{audit.get_absolute_url()}checklist/{check.pk}/", finding.get_absolute_url()):
        page = client.get(address).text
        assert told in page, address
        assert f"{file.get_absolute_url()}?version=1" in page
        assert "interview 2.txt" not in page
    assert entry_of("audits.check.evidence_added").after["sha256"] == [first.sha256]
    table = export_of(client, audit)
    assert "interview.txt (version 1)" in table
    assert first.sha256 in table
    assert second.sha256 not in table

    pick = f"{audit.get_absolute_url()}checklist/{check.pk}/evidence/"
    assert "interview 2.txt version 2" in client.get(pick).text
    client.post(pick, {"chosen": str(file.key)})
    assert check.evidence_links.get().version == second
    assert entry_of("audits.check.evidence_added").after["sha256"] == [second.sha256]
    assert told not in client.get(f"{audit.get_absolute_url()}checklist/{check.pk}/").text
    assert "interview 2.txt" in client.get(finding.get_absolute_url()).text
    table = export_of(client, audit)
    assert second.sha256 in table
    assert first.sha256 not in table
    assert "interview" not in client.get(pick).text.partition("<form")[2]
    with pytest.raises(DatabaseError, match="one of the file"), transaction.atomic():
        other = file_make(audit, cast.auditor, "other.txt").versions.get()
        check.evidence_links.update(version=other)


def export_of(client: Client, audit: Audit) -> str:
    answer = client.get(f"{audit.get_absolute_url()}checklist/?export=csv")
    return b"".join(answer).decode() if answer.streaming else answer.content.decode()


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


# Rows from before


def test_evidence_from_before_is_bound_to_what_was_there_when_it_was_judged(
    cast: Cast, audit: Audit, check: Check
) -> None:
    judged = attached(cast, check)
    second = version_add(
        file=judged, upload=upload("2.txt", b"2"), actor=cast.auditor, now=NOW.replace(hour=10)
    )
    version_add(file=judged, upload=upload("3.txt", b"3"), actor=cast.auditor, now=NOW.replace(hour=12))
    saved(check, cast.auditor, now=NOW.replace(hour=11), result=CheckResult.CONFORMS)
    late = attached(cast, check, file_make(audit, cast.auditor, "late.txt", now=NOW.replace(hour=12)))
    version_add(file=late, upload=upload("late 2.txt", b"4"), actor=cast.auditor, now=NOW.replace(hour=13))
    untested = audit.checks.order_by("-position")[0]
    open_ = attached(cast, untested, file_make(audit, cast.auditor, "open.txt"))
    newest = version_add(file=open_, upload=upload("open 2.txt", b"5"), actor=cast.auditor, now=NOW)
    with connection.cursor() as cursor:
        cursor.execute(import_module("audits.migrations.0017_files_as_they_were_judged").JUDGED)
    assert check.evidence_links.get(file=judged).version == second
    assert check.evidence_links.get(file=late).version.number == 1
    assert untested.evidence_links.get().version == newest


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
