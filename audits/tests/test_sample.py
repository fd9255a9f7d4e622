"""The sample bank's audits."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import Count, F, Min

from audits.choices import (
    AuditState,
    AuditType,
    CheckResult,
    EvidenceState,
    FindingState,
    Grade,
    ProgrammeState,
)
from audits.models import (
    Audit,
    AuditListing,
    AuditSeries,
    Check,
    EvidenceListing,
    EvidenceRequest,
    Finding,
    FindingListing,
    Programme,
)
from audits.permissions import audited_refusal
from audits.sample_plan.findings import FINDINGS
from audits.selectors import findings_state_of
from foundation.accounts.models import User
from foundation.accounts.organisation import forget_organisation, organisation_zone
from foundation.accounts.sample import sample_accounts, sample_load
from foundation.actions.models import Action
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.selectors import requests_waiting_for
from foundation.conversation.models import Follow, Mention
from foundation.deadlines.models import Deadline
from foundation.deadlines.services import deadlines_scan
from foundation.files.models import FileVersion
from foundation.files.selectors import files_present
from foundation.lists.choices import Sharing
from foundation.lists.models import SavedView
from foundation.notifications.bell import notices_of
from foundation.notifications.choices import NoticeState
from foundation.notifications.models import Notice
from foundation.records.choices import Confidentiality
from foundation.records.models import Participant, Record
from foundation.records.words import has_words, model_of
from foundation.search.selectors import recent_records
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The bank, loaded once for all tests of this module that only look at it."""
    with django_db_blocker.unblock(), undone():
        load()
        yield


@contextmanager
def undone() -> Iterator[None]:
    """Undo whatever happens in the block."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    forget_organisation()


def load(now: datetime = NOW) -> None:
    forget_organisation()
    sample_load(now=now, password="not-used-in-these-tests")


def test_it_holds_every_kind_of_audit_in_every_state(loaded):
    audits = Audit.objects.all()
    today = NOW.astimezone(organisation_zone()).date()
    assert set(audits.values_list("type", flat=True)) == set(AuditType.values)
    assert set(audits.values_list("state", flat=True)) == set(AuditState.values)
    assert audits.filter(confidentiality=Confidentiality.RESTRICTED).count() == 3
    assert AuditListing.objects.open().filter(next_due_on=today).count() >= 2
    assert AuditListing.objects.open().late(today).count() >= 3
    assert audits.filter(starts_on__lt=today - timedelta(days=700)).exists()
    assert audits.filter(starts_on__gt=today + timedelta(days=250)).exists()


def test_whoever_owns_an_audit_may_take_its_steps(loaded):
    for audit in Audit.objects.open().select_related("owner", "unit"):
        assert audited_refusal(audit=audit, user=audit.owner) is None, audit
    mine = Audit.objects.open().filter(owner__email="yusuf.adeyinka@example.com")
    assert {AuditState.PREPARING, AuditState.FIELDWORK, AuditState.FOLLOW_UP} <= {one.state for one in mine}


def test_findings_stand_everywhere_on_their_way(loaded):
    findings = FindingListing.objects.all()
    assert findings.count() == len(FINDINGS), "each row of the plan fits an audit that was begun"
    assert set(findings.values_list("state", flat=True)) == set(FindingState.values)
    assert set(findings.values_list("grade", flat=True)) == set(Grade.values)
    assert findings.filter(has_earlier=True).count() >= 4
    assert not findings.filter(raised_on__gt=NOW.date()).exists()
    assert not findings.filter(requirement__isnull=False, framework__isnull=True).exists()
    actions = Action.objects.filter(source__kind="finding")
    assert set(actions.values_list("state", flat=True)) >= {"open", "to_verify", "verified", "effective"}
    assert actions.filter(times_reopened=1).exists()
    for audit in Audit.objects.filter(state=AuditState.CLOSED):
        assert findings_state_of(audit).open_majors == 0


def test_checklists_are_half_done_in_the_fieldwork_and_complete_after_it_as_findings_have_it(loaded):
    tested = {
        audit: Check.objects.filter(audit=audit) for audit in Audit.objects.filter(checks__isnull=False)
    }
    over = (AuditState.REPORTING, AuditState.REPORT_REVIEW, AuditState.FOLLOW_UP, AuditState.CLOSED)
    assert {audit.state for audit in tested} >= {AuditState.PREPARING, AuditState.FIELDWORK, *over}
    for audit, checks in tested.items():
        results = set(checks.values_list("result", flat=True))
        if audit.state in over:
            assert CheckResult.NOT_TESTED not in results, audit
        elif audit.state == AuditState.PREPARING:
            assert results == {CheckResult.NOT_TESTED}, audit
        for finding in Finding.objects.filter(audit=audit, from_check__isnull=False):
            assert finding.from_check.result in (finding.grade, CheckResult.NOT_TESTED), finding
    half = [
        audit
        for audit in tested
        if audit.checks.tested().exists() and audit.checks.filter(result="not_tested").exists()
    ]
    assert any(audit.state == AuditState.FIELDWORK for audit in half)
    assert Finding.objects.filter(from_check__isnull=False).count() >= 8


def test_series_go_on_without_a_gap(loaded):
    for series in AuditSeries.objects.annotate(planned=Count("audits"), first=Min("audits__starts_on")):
        assert series.planned >= 2, series
        assert series.first == series.starts_on
        assert series.audits.filter(starts_on__gt=NOW.date() - timedelta(days=200)).exists(), series
    assert not Audit.objects.filter(series__isnull=False).exclude(starts_on=F("occurrence_on")).exists()


def test_programmes_are_closed_approved_and_waiting_for_the_ciso(loaded):
    states = dict(Programme.objects.values_list("year", "state"))
    assert states == {
        2024: ProgrammeState.CLOSED,
        2025: ProgrammeState.CLOSED,
        2026: ProgrammeState.APPROVED,
        2027: ProgrammeState.IN_REVIEW,
    }
    assert all(programme.audits.exists() for programme in Programme.objects.all())
    assert ApprovalRequest.objects.filter(state="open", record__kind="programme").count() == 1


def test_reports_were_approved_by_somebody_who_did_not_audit(loaded):
    beyond = (AuditState.FOLLOW_UP, AuditState.CLOSED)
    for audit in Audit.objects.filter(state__in=beyond):
        assert audit.report_approved_by.full_name == "Leonor Vasconcelos", audit
        assert audit.conclusion, audit
        assert audit.approval_requests.get().state == "approved", audit
    assert not Audit.objects.exclude(state__in=beyond).filter(report_approved_at__isnull=False).exists()
    waiting = Audit.objects.get(state=AuditState.REPORT_REVIEW)
    leonor = User.objects.get(email="leonor.vasconcelos@example.com")
    assert waiting.pk in {request.record_id for request in requests_waiting_for(leonor)}


def test_every_open_audit_has_its_dates_and_what_is_over_has_none(loaded):
    for audit in Audit.objects.all():
        is_awaited = Deadline.objects.open().filter(record_id=audit.pk).exists()
        assert is_awaited is audit.is_open, audit


def test_what_was_told_along_the_way_is_not_told_again(loaded):
    pending = Notice.objects.filter(state=NoticeState.PENDING).exclude(kind__startswith="conversation.")
    kinds = {"programme", "action", "evidence_request", "document", "control", "exception", "activity"}
    assert set(pending.values_list("record__kind", flat=True)) <= kinds
    assert not pending.filter(send_after__lt=NOW - timedelta(days=60)).exists()
    deadlines_scan(now=NOW)
    assert Notice.objects.filter(state=NoticeState.PENDING).count() > 20


def test_evidence_is_asked_for_in_every_state(loaded):
    requests = EvidenceRequest.objects.all()
    assert requests.count() == 12
    assert set(requests.values_list("state", flat=True)) == set(EvidenceState.values)
    assert EvidenceListing.objects.late(NOW.date()).exists()
    for request in requests.filter(state=EvidenceState.ACCEPTED):
        assert files_present(request, request.owner).exists(), request
    assert not requests.filter(answered_at__gt=NOW).exists()


def test_people_of_the_sample_see_their_own(loaded):
    by_email = {user.email.partition("@")[0]: user for user in User.objects.all()}
    restricted = Audit.objects.get(title="Dealing room information barriers")
    named = set(Participant.objects.filter(record_id=restricted.pk).values_list("user_id", flat=True))
    outsider = by_email["rui.montenegro"]
    assert outsider.pk not in named
    assert not Audit.objects.visible_to(outsider).filter(pk=restricted.pk).exists()
    assert Audit.objects.visible_to(by_email["leonor.vasconcelos"]).count() == Audit.objects.count()
    lead = by_email["zofia.kaczmarek"]
    assert set(Audit.objects.visible_to(lead).values_list("unit__code", flat=True)) == {"CRD"}


def test_the_latest_audits_hold_files_of_every_sort(loaded):
    versions = FileVersion.objects.newest().filter(file__record__kind="audit")
    assert versions.values("file__record").distinct().count() == 12
    assert {version.name.rpartition(".")[2] for version in versions} == {"txt", "xlsx", "pdf", "png", "csv"}
    assert not versions.filter(uploaded_at__gt=NOW).exists()
    assert versions.filter(number=2, pages=2).exists()
    assert versions.filter(file__withdrawn_at__isnull=False).exists()


def test_every_screen_of_the_desk_is_alive(loaded):
    for email, _role in sample_accounts():
        person = User.objects.get(email=email)
        assert recent_records(person, limit=5) or not Record.objects.visible_to(person).exists(), email
    yusuf = User.objects.get(email="yusuf.adeyinka@example.com")
    bell = notices_of(yusuf, now=NOW)
    assert {bell.filter(read_at__isnull=read).exists() for read in (True, False)} == {True}
    in_order = list(
        bell.order_by("pk").filter(kind__startswith="conversation.").values_list("send_after", flat=True)
    )
    assert in_order == sorted(in_order)
    assert Mention.objects.filter(user=yusuf).count() >= 3
    assert Follow.objects.filter(user=yusuf, is_following=True).exclude(record__owner=yusuf).count() >= 3
    assert Deadline.objects.open().filter(snoozed_until__gt=NOW.date()).count() == 3
    assert set(SavedView.objects.values_list("sharing", flat=True)) == set(Sharing.values)
    assert Deadline.objects.filter(
        closed_at__isnull=False, was_dropped=False, due_at__gt=NOW - timedelta(days=20)
    ).exists()
    assert Deadline.objects.filter(was_dropped=True).exists()


def test_all_that_the_trail_speaks_of_has_words(loaded):
    told = Entry.objects.filter(action__regex=r"^(audits|actions|links|files|lifecycle|records)\.")
    kinds = {"", "audit", "finding", "evidence_request", "programme", "action"}
    unsaid = {
        (entry.action, name)
        for entry in told.filter(record_kind__in=kinds)
        for name in {*entry.before, *entry.after}
        if not has_words(name, model_of(entry))
    }
    assert not unsaid
