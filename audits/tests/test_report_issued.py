"""A report that was approved is issued by itself: nobody asks for it, and who waits for it is told."""

from __future__ import annotations

from typing import Any

import pytest

from audits.choices import AuditRole
from audits.models import Audit, AuditReport
from audits.services import report_ask, report_documents, report_issue, report_make
from audits.tasks import make_report
from audits.tests.factories import NOW
from audits.tests.reports import audit_full
from audits.tests.test_services_report_documents import approve, clock
from foundation.accounts.models import User
from foundation.accounts.tests.factories import UserFactory
from foundation.documents.typesetting import NotTypeset
from foundation.notifications.models import Notice
from foundation.records.models import Participant
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture
def audit(cast: Cast) -> Audit:
    return audit_full(cast, checks=4, findings=2, team=[], auditees=[cast.unit_lead])


def test_it_is_asked_for_once_it_is_approved(cast: Cast, audit: Audit) -> None:
    approve(audit, cast)
    report = AuditReport.objects.get()
    assert report.requested_by == cast.auditor
    report_make(key=report.pk, clock=clock)
    report.refresh_from_db()
    assert report.is_final
    told = Notice.objects.get(kind="audits.report_issued")
    assert told.recipient == cast.unit_lead
    assert Entry.objects.get(action="audits.report.distributed").actor_id is None, "nobody did it by hand"


def test_a_worker_is_woken_for_it(
    cast: Cast, audit: Audit, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    woken: list[tuple[str, int]] = []
    monkeypatch.setattr("audits.lifecycle.audits.task_wake", lambda *call: woken.append(call))
    with django_capture_on_commit_callbacks(execute=True):
        approve(audit, cast)
    assert woken == [(make_report.name, AuditReport.objects.get().pk)]


def test_a_draft_that_waits_becomes_the_approved_report_whoever_asked_for_it(
    cast: Cast, audit: Audit
) -> None:
    draft = report_ask(audit=audit, actor=cast.analyst, now=NOW)
    approve(audit, cast)
    draft.refresh_from_db()
    assert (draft.requested_by, draft.is_by_itself) == (cast.auditor, True)


def test_those_who_count_on_it_are_told_that_it_is_not_made(
    cast: Cast, audit: Audit, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: object, **_more: object) -> bytes:
        raise NotTypeset("exit status 1: out of memory")

    approve(audit, cast)
    monkeypatch.setattr(report_documents, "document_pdf", fails)
    report_make(key=AuditReport.objects.get().pk, clock=clock)
    told = Notice.objects.filter(kind="audits.report_failed")
    assert {notice.recipient for notice in told} == {cast.auditor, audit.owner}


def test_one_of_the_team_prepares_it_where_neither_lead_nor_owner_may(cast: Cast, audit: Audit) -> None:
    User.objects.filter(pk__in=[cast.auditor.pk, audit.owner_id]).update(is_active=False)
    teammate = UserFactory.create(unit=cast.units.root)
    Participant.objects.create(record=audit, user=teammate, role=AuditRole.TEAM)
    report = report_issue(audit=Audit.objects.get(pk=audit.pk), now=NOW)
    assert report is not None
    assert report.requested_by == teammate


@pytest.mark.parametrize(("owner_is_active", "asked"), [(True, 1), (False, 0)])
def test_it_is_asked_for_by_the_owner_once_the_lead_has_left(
    cast: Cast, audit: Audit, owner_is_active: bool, asked: int
) -> None:
    User.objects.filter(pk=cast.auditor.pk).update(is_active=False)
    User.objects.filter(pk=audit.owner_id).update(is_active=owner_is_active)
    assert (report_issue(audit=Audit.objects.get(pk=audit.pk), now=NOW) is not None) == bool(asked)
    assert AuditReport.objects.filter(requested_by=audit.owner).count() == asked
