"""Evidence of checks stays what was judged by it: at every door of its files, in the services and in the database."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from audits.choices import AuditRole, AuditState, CheckResult
from audits.models import Audit, Check
from audits.services import check_evidence_add
from audits.tests.checks import audit_with_checks, first_check, saved
from audits.tests.factories import (
    NOW,
    evidence_answered,
    evidence_make,
    finding_make,
)
from audits.tests.reports import state_set
from audits.tests.staying import adding, assert_database_keeps, assert_stays, entry_of, step
from foundation.files.models import File
from foundation.files.services import version_add
from foundation.files.tests.contents import file_make, upload
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]


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
    assert_stays(sign_in(cast.unit_lead), cast.unit_lead, file, "The auditors rest on it")
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
