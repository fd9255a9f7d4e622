"""Who is audited judges nothing, whoever judged approves nothing, and what a report says is not changed behind it."""

from datetime import date

import pytest
from django.db import transaction

from audits.choices import AuditState, CheckResult, FindingState, Grade
from audits.models import Audit, Finding
from audits.services import CheckRefused, FindingRefused, finding_change, finding_create
from audits.tests.checks import audit_take_to, audit_with_checks, first_check, saved
from audits.tests.factories import (
    NOW,
    audit_in,
    evidence_answered,
    evidence_make,
    finding_make,
    report_approve,
    report_submit,
)
from audits.tests.reports import action_make, state_set
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.tests.factories import RoleGrantFactory
from foundation.actions.models import Action
from foundation.approvals.permissions import voice_of
from foundation.lifecycle.services import TransitionRefused, apply_transition
from foundation.notifications.models import Notice
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.testing.races import elsewhere, wait_until_blocked
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db

ANSWERS = "You answer for findings or evidence"


def step(record: Record, name: str, actor: User, comment: str = "Because.") -> None:
    apply_transition(record=record, name=name, actor=actor, now=NOW, comment=comment)


def settled(finding: Finding, cast: Cast, upto: str = "close") -> Action:
    """Take a finding to its agreement, or to its end, with one corrective action."""
    Finding.objects.filter(pk=finding.pk).update(response="Yes.", root_cause="Nobody was told.")
    step(finding, "answer", cast.unit_lead)
    action = action_make(finding, cast)
    step(finding, "agree", cast.auditor)
    if upto == "close":
        step(action, "report_done", cast.unit_lead)
        step(action, "verify", cast.auditor)
        step(finding, "close", cast.auditor)
    return action


@pytest.mark.parametrize("how", ["finding", "evidence"])
def test_who_answers_in_an_audit_judges_nothing_there(cast: Cast, how: str) -> None:
    audit = audit_with_checks(cast)
    if how == "finding":
        finding_make(cast, audit, owner=cast.analyst)
    else:
        evidence_make(cast, audit, owners=[cast.analyst])
    with pytest.raises(CheckRefused, match=ANSWERS):
        saved(first_check(audit), cast.analyst, result=CheckResult.CONFORMS)
    with pytest.raises(FindingRefused, match=ANSWERS):
        finding_create(
            audit=audit,
            title="Another",
            grade=Grade.MINOR,
            owner=cast.unit_lead,
            answer_due_on=date(2027, 3, 1),
            actor=cast.analyst,
            now=NOW,
        )
    with pytest.raises(TransitionRefused, match=ANSWERS):
        step(audit, "start_reporting", cast.analyst)
    step(audit, "start_reporting", cast.auditor)


def test_who_is_no_longer_asked_may_judge(cast: Cast) -> None:
    audit = audit_with_checks(cast)
    finding = finding_make(cast, audit, owner=cast.analyst)
    step(finding, "withdraw", cast.auditor)
    saved(first_check(audit), cast.analyst, result=CheckResult.CONFORMS)


def test_who_graded_or_raised_or_answers_does_not_approve_the_report(cast: Cast) -> None:
    RoleGrantFactory.create(role=Role.CISO)  # somebody who could
    plain = audit_in(cast, AuditState.REPORTING)
    assert voice_of(report_submit(plain, cast), cast.ciso).refusal is None

    graded = audit_with_checks(cast, count=1)
    saved(first_check(graded), cast.ciso, result=CheckResult.CONFORMS)
    asked = report_submit(audit_take_to(cast, graded, AuditState.REPORTING), cast)
    assert "graded checks" in str(voice_of(asked, cast.ciso).refusal)

    left = audit_with_checks(cast, count=1)
    saved(first_check(left), cast.ciso, reason="No access that week")
    asked = report_submit(audit_take_to(cast, left, AuditState.REPORTING), cast)
    assert "graded checks" in str(voice_of(asked, cast.ciso).refusal), (
        "why nothing was tested is a judgement, too"
    )

    raised = audit_in(cast, AuditState.REPORTING)
    finding_make(cast, raised, actor=cast.ciso)
    assert "graded checks or raised" in str(voice_of(report_submit(raised, cast), cast.ciso).refusal)

    answered = audit_in(cast, AuditState.REPORTING)
    finding_make(cast, answered, owner=cast.ciso)
    assert ANSWERS in str(voice_of(report_submit(answered, cast), cast.ciso).refusal)


@pytest.mark.parametrize("state", [AuditState.REPORT_REVIEW, AuditState.FOLLOW_UP])
def test_what_a_report_says_is_not_graded_otherwise_or_taken_back_behind_it(
    cast: Cast, state: AuditState
) -> None:
    audit = audit_in(cast, AuditState.REPORTING)
    finding = finding_make(cast, audit, grade=Grade.MAJOR)
    if state == AuditState.REPORT_REVIEW:
        report_submit(audit, cast)
    else:
        report_approve(audit, cast)
    with pytest.raises(FindingRefused, match="report"):
        finding_change(
            finding=finding,
            changes={"grade": Grade.OBSERVATION},
            actor=cast.analyst,
            now=NOW,
            version=finding.version,
            comment="Less grave.",
        )
    with pytest.raises(TransitionRefused, match="report"):
        step(finding, "withdraw", cast.analyst)
    with pytest.raises(FindingRefused, match="until the report is submitted"):
        finding_make(cast, Audit.objects.get(pk=audit.pk))


def test_findings_of_an_audit_that_is_over_are_not_reopened_by_hand(cast: Cast) -> None:
    audit = audit_in(cast, AuditState.REPORTING)
    finding = finding_make(cast, audit)
    report_approve(audit, cast)
    settled(finding, cast)
    step(Audit.objects.get(pk=audit.pk), "close", cast.analyst)
    with pytest.raises(TransitionRefused, match="The audit is over"):
        step(finding, "reopen", cast.auditor)


def test_an_action_that_did_not_work_opens_its_finding_even_when_the_audit_is_over_and_its_lead_is_told(
    cast: Cast,
) -> None:
    audit = audit_in(cast, AuditState.REPORTING)
    finding = finding_make(cast, audit)
    report_approve(audit, cast)
    action = settled(finding, cast)
    step(Audit.objects.get(pk=audit.pk), "close", cast.analyst)
    step(action, "not_effective", cast.analyst, "It happened again.")
    assert Finding.objects.get(pk=finding.pk).state == FindingState.AGREED
    told = Entry.objects.get(action="audits.audit.finding_opened_again", record_id=audit.pk)
    assert told.after["finding"] == finding.reference
    notices = Notice.objects.filter(record_id=finding.pk, payload__sentence__icontains="did not settle it")
    assert {notice.recipient_id for notice in notices} == {cast.auditor.pk}


@pytest.mark.django_db(transaction=True)
def test_a_finding_is_not_reopened_past_the_end_of_its_audit(cast: Cast) -> None:
    audit = audit_in(cast, AuditState.REPORTING)
    finding = finding_make(cast, audit, grade=Grade.MAJOR)
    report_approve(audit, cast)
    settled(finding, cast)
    with transaction.atomic():
        step(Audit.objects.get(pk=audit.pk), "close", cast.analyst)
        reopened = elsewhere(lambda: step(finding, "reopen", cast.auditor))
        wait_until_blocked()
    assert isinstance(reopened.exception(20), TransitionRefused)
    assert Finding.objects.get(pk=finding.pk).state == FindingState.CLOSED


def test_an_agreed_nonconformity_whose_actions_were_cancelled_keeps_the_audit_open(cast: Cast) -> None:
    audit = audit_in(cast, AuditState.REPORTING)
    finding = finding_make(cast, audit)
    report_approve(audit, cast)
    action = settled(finding, cast, upto="agree")
    step(action, "cancel", cast.analyst)
    audit = Audit.objects.get(pk=audit.pk)
    with pytest.raises(TransitionRefused, match="no action that stands any more"):
        step(audit, "close", cast.analyst)
    action_make(finding, cast)
    step(audit, "close", cast.analyst)


def test_a_nonconformity_of_the_checklist_needs_a_finding_of_its_grade(cast: Cast) -> None:
    audit = audit_with_checks(cast, count=1)
    check = saved(first_check(audit), cast.auditor, result=CheckResult.MAJOR)
    finding = finding_make(cast, audit, check=check, grade=Grade.OBSERVATION)
    audit = audit_take_to(cast, audit, AuditState.REPORTING)
    with pytest.raises(TransitionRefused, match="no finding of the same grade"):
        report_submit(audit, cast)
    finding_change(
        finding=finding,
        changes={"grade": Grade.MAJOR},
        actor=cast.auditor,
        now=NOW,
        version=finding.version,
        comment="As the check says.",
    )
    report_submit(Audit.objects.get(pk=audit.pk), cast)


def test_an_audit_is_not_cancelled_while_what_it_found_is_open(cast: Cast) -> None:
    audit = audit_in(cast)
    finding = finding_make(cast, audit)
    with pytest.raises(TransitionRefused, match="1 finding is still open"):
        step(audit, "cancel", cast.ciso)
    step(finding, "withdraw", cast.auditor)
    step(audit, "cancel", cast.ciso)


def test_evidence_is_not_asked_for_again_once_the_report_is_settled(cast: Cast) -> None:
    audit = audit_in(cast)
    request = evidence_answered(cast, evidence_make(cast, audit))
    step(request, "accept", cast.auditor)
    gone = evidence_make(cast, audit)
    step(gone, "withdraw", cast.auditor)
    state_set(audit, AuditState.CLOSED)
    for record, name in ((request, "ask_again"), (gone, "reinstate")):
        with pytest.raises(TransitionRefused, match="Evidence is asked for from"):
            step(record, name, cast.auditor)
