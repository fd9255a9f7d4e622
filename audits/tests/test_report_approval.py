"""The report of an audit is approved on exactly what it says, by somebody who neither asked, audited nor is audited."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from audits.choices import AuditRole, AuditState, Grade
from audits.models import Audit, Finding
from audits.services import (
    FindingRefused,
    audit_change,
    conclusion_write,
    evidence_change,
    finding_answer_write,
    finding_change,
    finding_create,
)
from audits.tests.factories import NOW, audit_make, evidence_make, finding_make, report_approve, report_submit
from audits.tests.reports import action_make
from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.services import user_deactivate
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.approvals.choices import RequestState, Verdict
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.permissions import voice_of
from foundation.approvals.sample import open_and_decide
from foundation.approvals.selectors import requests_waiting_for
from foundation.approvals.services import (
    ApprovalRefused,
    ApprovalVoid,
    approval_withdraw,
    content_digest,
)
from foundation.approvals.tasks import follow
from foundation.deadlines.models import Deadline
from foundation.lifecycle.services import TransitionRefused, apply_transition, available_transitions
from foundation.notifications.models import Notice
from foundation.records.choices import Confidentiality
from foundation.records.services import participants_set
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the clock of tasks stand where the tests' does."""
    monkeypatch.setattr(clock, "now", lambda: NOW)


def in_reporting(cast: Cast, **values: Any) -> Audit:
    """Take an audit to its report."""
    audit = audit_make(cast, **values)
    for step in ("prepare", "start_fieldwork", "start_reporting"):
        apply_transition(record=audit, name=step, actor=cast.analyst, now=NOW)
    return Audit.objects.get(pk=audit.pk)


def decide(
    asked: ApprovalRequest, actor: User, verdict: Verdict = Verdict.APPROVE, comment: str = ""
) -> None:
    open_and_decide(request=asked, actor=actor, verdict=verdict, now=NOW, comment=comment)


def open_kinds(audit: Audit) -> set[str]:
    return set(Deadline.objects.open().filter(record_id=audit.pk).values_list("kind", flat=True))


def test_an_approved_report_leads_to_the_follow_up(cast: Cast) -> None:
    audit = in_reporting(cast)
    asked = report_submit(audit, cast)
    audit.refresh_from_db()
    assert audit.state == AuditState.REPORT_REVIEW
    assert open_kinds(audit) == {"audits.report", "audits.follow_up", "approvals.decision"}
    assert list(requests_waiting_for(cast.ciso)) == [asked]
    decide(asked, cast.ciso)
    audit.refresh_from_db()
    assert (audit.state, audit.report_approved_by, audit.report_approved_at) == (
        AuditState.FOLLOW_UP,
        cast.ciso,
        NOW,
    )
    assert open_kinds(audit) == {"audits.follow_up"}
    actions = Entry.objects.filter(record_id=audit.pk).order_by("pk").values_list("action", flat=True)
    assert list(actions)[-5:] == [
        "audits.audit.submit_report",
        "approvals.request.made",
        "approvals.request.decided",
        "approvals.request.approved",
        "audits.audit.approve_report",
    ]


def test_a_rejected_or_withdrawn_report_goes_back_to_reporting(cast: Cast) -> None:
    audit = in_reporting(cast)
    decide(report_submit(audit, cast), cast.ciso, Verdict.REJECT, comment="The scope is missing")
    audit.refresh_from_db()
    assert (audit.state, audit.report_approved_at) == (AuditState.REPORTING, None)
    assert Entry.objects.get(action="audits.audit.return_report").comment == "The scope is missing"
    approval_withdraw(request=report_submit(audit, cast), actor=cast.analyst, now=NOW)
    audit.refresh_from_db()
    assert audit.state == AuditState.REPORTING


def test_going_back_to_reporting_takes_the_approval_away(cast: Cast) -> None:
    audit = report_approve(in_reporting(cast), cast)
    apply_transition(
        record=audit, name="back_to_reporting", actor=cast.auditor, now=NOW, comment="A finding was missed"
    )
    audit.refresh_from_db()
    assert (audit.report_approved_by, audit.report_approved_at) == (None, None)
    report_approve(audit, cast)
    audit.refresh_from_db()
    assert audit.report_approved_by == cast.ciso


@pytest.mark.parametrize(
    "part", ["requester", "lead", "of the unit", *[AuditRole.TEAM.value, AuditRole.AUDITEE.value]]
)
def test_who_asked_audited_or_is_audited_does_not_decide(cast: Cast, part: str) -> None:
    second = RoleGrantFactory.create(role=Role.CISO).user
    audit = in_reporting(cast, lead_auditor=second if part == "lead" else cast.auditor)
    if part == "of the unit":
        User.objects.filter(pk=second.pk).update(unit=cast.units.cards)
        second = User.objects.get(pk=second.pk)
    if part in AuditRole.values:
        participants_set(record=audit, role=part, users=[second], actor=cast.analyst)
    audit = conclusion_write(audit=audit, conclusion="Good.", actor=cast.analyst, version=audit.version)
    asker = second if part == "requester" else cast.analyst
    apply_transition(record=audit, name="submit_report", actor=asker, now=NOW)
    asked = ApprovalRequest.objects.get()
    assert requests_waiting_for(second) == []
    assert requests_waiting_for(cast.ciso) == [asked]
    with pytest.raises(ApprovalRefused, match="somebody else|someone else|may read it|belongs to Payments"):
        decide(asked, second)
    assert voice_of(asked, second).refusal
    decide(asked, cast.ciso)


def test_nobody_left_to_decide_is_told_when_submitting(cast: Cast) -> None:
    audit = in_reporting(cast, lead_auditor=cast.ciso)
    audit = conclusion_write(audit=audit, conclusion="Good.", actor=cast.analyst, version=audit.version)
    with pytest.raises(TransitionRefused, match="there are fewer"):
        apply_transition(record=audit, name="submit_report", actor=cast.analyst, now=NOW)
    audit.refresh_from_db()
    assert audit.state == AuditState.REPORTING


def test_the_right_is_the_cisos_alone(cast: Cast) -> None:
    asked = report_submit(in_reporting(cast), cast)
    for person in (cast.auditor, cast.executive, cast.unit_lead, cast.administrator, cast.personnel):
        assert requests_waiting_for(person) == []
        with pytest.raises(ApprovalRefused):
            decide(asked, person)
    assert not [
        offer
        for offer in available_transitions(Audit.objects.get(), cast.ciso)
        if offer.transition.name in ("approve_report", "return_report", "start_follow_up")
    ]


def test_a_report_that_changes_is_called_back(cast: Cast) -> None:
    audit = in_reporting(cast)
    asked = report_submit(audit, cast)
    audit.refresh_from_db()
    changed = audit_change(
        audit=audit,
        changes={"scope": "More than that"},
        actor=cast.analyst,
        now=NOW,
        version=audit.version,
    )
    asked.refresh_from_db()
    assert (asked.state, changed.state) == (RequestState.VOID, AuditState.REPORTING)
    again = report_submit(changed, cast)
    audit.refresh_from_db()
    another = UserFactory.create(full_name="Tarek Nasser", unit=cast.units.retail)
    audit_change(audit=audit, changes={}, actor=cast.analyst, now=NOW, version=audit.version, team=[another])
    again.refresh_from_db()
    assert again.state == RequestState.VOID, "people are named in the report"


@pytest.mark.parametrize("what", ["raised", "regraded", "withdrawn"])
def test_its_findings_do_not_change_while_a_report_waits(cast: Cast, what: str) -> None:
    audit = in_reporting(cast)

    def found() -> Finding:
        return finding_create(
            audit=audit,
            title="Leavers keep their access",
            grade=Grade.MINOR,
            owner=cast.personnel,
            answer_due_on=date(2027, 3, 1),
            actor=cast.auditor,
            now=NOW,
        )

    finding = None if what == "raised" else found()
    asked = report_submit(audit, cast)
    with pytest.raises((FindingRefused, TransitionRefused)):
        if finding is None:
            found()
        elif what == "regraded":
            finding_change(
                finding=finding,
                changes={"grade": Grade.MAJOR},
                actor=cast.auditor,
                now=NOW,
                version=finding.version,
                comment="Graver than it seemed",
            )
        else:
            apply_transition(
                record=finding, name="withdraw", actor=cast.auditor, now=NOW, comment="No finding"
            )
    asked.refresh_from_db()
    audit.refresh_from_db()
    assert (asked.state, audit.state) == (RequestState.OPEN, AuditState.REPORT_REVIEW)


def test_answers_and_actions_go_on_while_a_report_waits(cast: Cast) -> None:
    audit = in_reporting(cast, auditees=[cast.unit_lead])
    finding = finding_make(cast, audit)
    asked = report_submit(audit, cast)
    finding_answer_write(
        finding=finding,
        changes={"response": "We agree.", "root_cause": "Nobody owns it.", "whys": ["No list"]},
        actor=cast.unit_lead,
        version=finding.version,
    )
    apply_transition(record=finding, name="answer", actor=cast.unit_lead, now=NOW)
    action_make(finding, cast)
    apply_transition(record=Finding.objects.get(pk=finding.pk), name="agree", actor=cast.auditor, now=NOW)
    asked.refresh_from_db()
    assert asked.is_open
    decide(asked, cast.ciso)
    audit.refresh_from_db()
    assert audit.state == AuditState.FOLLOW_UP


@pytest.mark.parametrize("what", ["lead", "team", "auditees", "unit", "confidentiality"])
def test_other_people_another_unit_or_confidentiality_call_a_report_back(cast: Cast, what: str) -> None:
    audit = in_reporting(cast)
    asked = report_submit(audit, cast)
    audit.refresh_from_db()
    another = UserFactory.create(full_name="Tarek Nasser", unit=cast.units.retail)
    of_the_audit: dict[str, dict[str, Any]] = {
        "lead": {"lead_auditor": cast.analyst},
        "unit": {"unit": cast.units.retail},
        "confidentiality": {"confidentiality": Confidentiality.RESTRICTED},
    }
    changes = of_the_audit.get(what, {})
    people: dict[str, Any] = {what: [another]} if what in ("team", "auditees") else {}
    audit_change(audit=audit, changes=changes, actor=cast.ciso, now=NOW, version=audit.version, **people)
    asked.refresh_from_db()
    audit.refresh_from_db()
    assert (asked.state, audit.state) == (RequestState.VOID, AuditState.REPORTING)
    told = Notice.objects.get(kind="approvals.void")
    assert told.recipient == cast.analyst, "who asked"


def test_a_lead_who_leaves_calls_a_report_back(cast: Cast) -> None:
    audit = in_reporting(cast)
    asked = report_submit(audit, cast)
    user_deactivate(user=cast.auditor, actor=cast.administrator, now=NOW, successor=cast.ciso)
    asked.refresh_from_db()
    audit.refresh_from_db()
    assert (asked.state, audit.state) == (RequestState.VOID, AuditState.REPORTING)
    assert Notice.objects.get(kind="approvals.void").recipient == cast.analyst


def test_a_decider_who_leaves_leaves_it_to_another(cast: Cast) -> None:
    asked = report_submit(in_reporting(cast), cast)
    second = RoleGrantFactory.create(role=Role.CISO, user__full_name="Ada Lund").user
    user_deactivate(user=cast.ciso, actor=cast.administrator, now=NOW, successor=second)
    asked.refresh_from_db()
    assert asked.is_open
    date = Deadline.objects.open().get(kind="approvals.decision")
    assert date.assignee == second
    told = Notice.objects.get(kind="approvals.deciders")
    assert told.recipient == cast.analyst
    assert "Ada Lund" in told.payload["sentence"]
    decide(asked, User.objects.get(pk=second.pk))


def test_who_comes_to_decide_is_called_and_who_asked_is_told_where_nobody_can(cast: Cast) -> None:
    audit = in_reporting(cast)
    evidence = evidence_make(cast, audit)
    asked = report_submit(audit, cast)
    follow()
    assert not Notice.objects.filter(kind="approvals.deciders").exists(), "all is as it was"
    # The only one who could decide comes to answer in the audit.
    evidence_change(
        request=evidence,
        changes={"owner": cast.ciso},
        actor=cast.auditor,
        now=NOW,
        version=evidence.version,
    )
    follow()
    follow()
    told = Notice.objects.get(kind="approvals.deciders")
    assert told.recipient == cast.analyst
    assert "too few are left" in told.payload["sentence"]
    second = RoleGrantFactory.create(role=Role.CISO).user
    follow()
    assert Notice.objects.filter(kind="approvals.requested", recipient=second).count() == 1
    assert Deadline.objects.open().get(kind="approvals.decision").assignee == second
    asked.refresh_from_db()
    decide(asked, second)
    follow()
    assert Notice.objects.filter(kind="approvals.deciders").count() == 2


def test_what_the_report_does_not_say_may_change(cast: Cast) -> None:
    audit = in_reporting(cast)
    asked = report_submit(audit, cast)
    audit.refresh_from_db()
    audit_change(
        audit=audit, changes={"follow_up_days": 120}, actor=cast.analyst, now=NOW, version=audit.version
    )
    asked.refresh_from_db()
    assert asked.is_open


def test_a_change_that_nobody_told_of_is_noticed_at_the_decision(cast: Cast) -> None:
    audit = in_reporting(cast)
    asked = report_submit(audit, cast)
    Audit.objects.filter(pk=audit.pk).update(criteria="Something else")
    with pytest.raises(ApprovalVoid):
        decide(asked, cast.ciso)
    audit.refresh_from_db()
    assert (audit.state, audit.report_approved_at) == (AuditState.REPORTING, None)


def test_the_report_is_not_submitted_without_a_conclusion(cast: Cast) -> None:
    audit = in_reporting(cast)
    with pytest.raises(TransitionRefused, match="The conclusion is not written yet"):
        apply_transition(record=audit, name="submit_report", actor=cast.auditor, now=NOW)


def test_the_digest_is_of_the_words_whatever_the_reader_speaks(cast: Cast, settings: Any) -> None:
    asked = report_submit(in_reporting(cast), cast)
    assert asked.digest == content_digest(asked.content)
    assert asked.content["type"] == "Internal"
    assert asked.content["conclusion"] == "Largely in place."


def test_auditees_know_of_the_audit_but_not_of_what_is_approved(client: Client, cast: Cast) -> None:
    audit = in_reporting(cast, auditees=[cast.personnel, cast.unit_lead])
    asked = report_submit(audit, cast)
    url = reverse("approvals:request-detail", args=[asked.pk])
    for person in (cast.personnel, cast.unit_lead):
        client.force_login(person)
        page = client.get(audit.get_absolute_url())
        assert page.status_code == 200
        assert url not in page.content.decode()
        assert client.get(url).status_code == 404
        assert client.post(reverse("approvals:request-withdraw", args=[asked.pk])).status_code == 404
    client.force_login(cast.auditor)
    assert url in client.get(audit.get_absolute_url()).content.decode()
    asking = client.get(url).content.decode()
    assert "Largely in place." in asking
    assert "This step is decided by others." in asking


def test_asking_who_may_decide_costs_no_query_for_each_report(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    for _number in range(3):
        report_submit(in_reporting(cast), cast)
    requests_waiting_for(cast.ciso)
    with django_assert_num_queries(8):
        assert len(requests_waiting_for(cast.ciso)) == 3
