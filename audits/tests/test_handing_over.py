"""Whoever leaves holds nothing in audits any more: each kind of work goes to who may have it."""

import pytest

from audits.choices import AUDIT_OWNER, EVIDENCE_ASKER, AuditRole, AuditState, EvidenceState, FindingState
from audits.models import Audit, EvidenceRequest, Finding
from audits.services import ANSWER
from audits.services.evidence import DUE
from audits.services.evidence_judges import REVIEW
from audits.services.evidence_notices import ANSWERED
from audits.tests.factories import (
    NOW,
    audit_in,
    audit_make,
    evidence_answered,
    evidence_make,
    finding_make,
)
from audits.tests.reports import state_set
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.services import user_deactivate
from foundation.accounts.services.errors import AccountsRefused
from foundation.accounts.services.leaving import work_held
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.deadlines.models import Deadline
from foundation.notifications.models import Notice
from foundation.records.choices import Confidentiality
from foundation.records.models import Participant, Record, Withheld
from foundation.records.selectors import with_work_left
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def successor(cast: Cast) -> User:
    """Another auditor."""
    person = UserFactory.create(full_name="Signe Dahl", unit=cast.units.retail)
    RoleGrantFactory.create(user=person, role=Role.AUDITOR)
    return person


@pytest.fixture
def colleague(cast: Cast) -> User:
    """Another clerk of cards."""
    return UserFactory.create(full_name="Carla Kirk", unit=cast.units.cards)


def leave(cast: Cast, person: User, to: User, **others: User) -> None:
    user_deactivate(user=person, actor=cast.administrator, now=NOW, successor=to, successors=others)
    assert_nothing_left(person)


def assert_nothing_left(person: User) -> None:
    assert not Record.objects.filter(with_work_left(), owner=person).exists()
    assert not Participant.objects.filter(with_work_left("record__"), user=person).exists()
    assert not Deadline.objects.open().filter(assignee=person).exists()


def audits_held(person: User, reader: User) -> dict[str, int]:
    work = work_held(person=person, reader=reader, now=NOW)
    return {one.sort.key: one.held.count for one in work if one.sort.key.startswith("audits")}


def named(record: Record, role: str) -> list[User]:
    return [part.user for part in record.participants.filter(role=role).select_related("user")]


def assignee(record: Record, kind: str) -> User:
    return Deadline.objects.open().get(record=record, kind=kind).assignee


def test_who_takes_over_asks_on_and_looks_at_the_answers(cast: Cast, successor: User) -> None:
    audit = audit_in(cast, lead_auditor=cast.ciso)
    waiting, answered = evidence_make(cast, audit), evidence_make(cast, audit)
    answered = evidence_answered(cast, answered)
    assert assignee(answered, REVIEW) == cast.auditor
    leave(cast, cast.auditor, successor)
    for request in (waiting, answered):
        assert named(request, EVIDENCE_ASKER) == [successor]
    assert assignee(answered, REVIEW) == successor
    evidence_answered(cast, waiting)
    assert assignee(waiting, REVIEW) == successor
    told = Notice.objects.filter(kind=ANSWERED, record_id=waiting.pk)
    assert {notice.recipient for notice in told} == {successor, cast.ciso}


@pytest.mark.parametrize("why", ["no auditor", "of the unit", "asked", "restricted"])
def test_who_may_not_judge_does_not_take_over_asking(
    cast: Cast, successor: User, colleague: User, why: str
) -> None:
    audit = audit_in(cast, lead_auditor=cast.ciso)
    request = evidence_make(cast, audit, owners=[successor if why == "asked" else cast.personnel])
    to = colleague if why == "no auditor" else successor
    if why == "of the unit":
        User.objects.filter(pk=to.pk).update(unit=cast.units.cards)
    if why == "restricted":
        Record.objects.filter(pk__in=[audit.pk, request.pk]).update(
            confidentiality=Confidentiality.RESTRICTED
        )
    leave(cast, cast.auditor, User.objects.get(pk=to.pk))
    assert named(request, EVIDENCE_ASKER) == [cast.ciso], "who leads the audit"


def test_an_answer_that_waits_is_looked_at_by_the_new_lead(cast: Cast, successor: User) -> None:
    audit = audit_in(cast)
    request = evidence_answered(cast, evidence_make(cast, audit, actor=cast.auditor))
    leave(cast, cast.auditor, successor)
    assert Audit.objects.get(pk=audit.pk).lead_auditor == successor
    assert named(request, AuditRole.LEAD) == [successor]
    assert assignee(request, REVIEW) == successor


def test_what_was_to_be_answered_goes_to_the_successor(cast: Cast, colleague: User) -> None:
    audit = audit_in(cast, auditees=[cast.personnel])
    finding = finding_make(cast, audit, owner=cast.personnel)
    request = evidence_make(cast, audit)
    leave(cast, cast.personnel, colleague)
    assert Finding.objects.get(pk=finding.pk).owner == colleague
    assert EvidenceRequest.objects.get(pk=request.pk).owner == colleague
    assert assignee(finding, ANSWER) == assignee(request, DUE) == colleague
    assert named(audit, AuditRole.AUDITEE) == named(finding, AuditRole.AUDITEE) == [colleague]
    assert [row.user for row in Withheld.objects.filter(record=request)] == [colleague], "but for its owner"


def test_who_audits_there_does_not_take_over_the_answers(
    cast: Cast, successor: User, colleague: User
) -> None:
    audit = audit_in(cast, auditees=[cast.personnel], team=[successor])
    finding = finding_make(cast, audit, owner=cast.personnel)
    with pytest.raises(AccountsRefused, match=f"{finding.reference}: Signe Dahl audits there"):
        leave(cast, cast.personnel, successor)
    leave(cast, cast.personnel, successor, **{"audits.answers": colleague})
    assert Finding.objects.get(pk=finding.pk).owner == colleague
    assert not audit.participants.filter(role=AuditRole.AUDITEE).exists(), "who audits is not audited"


@pytest.mark.parametrize("part", ["lead", "team"])
def test_who_answers_there_does_not_take_over_the_audit(cast: Cast, successor: User, part: str) -> None:
    team = [cast.analyst] if part == "team" else []
    audit = audit_in(cast, owner=cast.ciso, team=team)
    finding_make(cast, audit, owner=successor)
    leaver = cast.analyst if part == "team" else cast.auditor
    if part == "lead":
        with pytest.raises(AccountsRefused, match="Signe Dahl answers for findings or evidence there"):
            leave(cast, leaver, successor)
        return
    leave(cast, leaver, successor)
    assert not audit.participants.filter(role=AuditRole.TEAM).exists()


def test_a_new_owner_of_the_audit_is_named_in_what_belongs_to_it(cast: Cast, successor: User) -> None:
    audit = audit_in(cast)
    finding, request = finding_make(cast, audit), evidence_make(cast, audit)
    leave(cast, cast.analyst, successor)
    assert Audit.objects.get(pk=audit.pk).owner == successor
    assert named(finding, AUDIT_OWNER) == named(request, AUDIT_OWNER) == [successor]


@pytest.mark.parametrize("part", ["lead", "team", "auditee", "owner"])
def test_findings_go_on_after_their_audit_without_who_left(
    cast: Cast, successor: User, colleague: User, part: str
) -> None:
    audit = audit_make(cast, team=[cast.ciso], auditees=[cast.personnel])
    finding = finding_make(cast, audit)
    state_set(audit, AuditState.CLOSED)
    Record.objects.filter(pk=finding.pk).update(state=FindingState.AGREED)
    RoleGrantFactory.create(role=Role.CISO)
    leaver, to, role = {
        "lead": (cast.auditor, successor, AuditRole.LEAD),
        "team": (cast.ciso, successor, AuditRole.TEAM),
        "auditee": (cast.personnel, colleague, AuditRole.AUDITEE),
        "owner": (cast.analyst, successor, AUDIT_OWNER),
    }[part]
    assert audits_held(leaver, cast.ciso) == {"audits.parts": 1}
    leave(cast, leaver, to)
    assert named(finding, role) == [to]


def test_of_a_finding_whose_audit_is_over_who_belongs_to_the_unit_takes_no_auditors_part(
    cast: Cast, colleague: User
) -> None:
    audit = audit_make(cast)
    finding = finding_make(cast, audit)
    state_set(audit, AuditState.CLOSED)
    leave(cast, cast.auditor, colleague)
    assert named(finding, AuditRole.LEAD) == []


def test_what_is_settled_stays_with_who_settled_it(cast: Cast, colleague: User) -> None:
    request = evidence_answered(cast, evidence_make(cast))
    Record.objects.filter(pk=request.pk).update(state=EvidenceState.ACCEPTED)
    Deadline.objects.filter(record=request).delete()
    assert not work_held(person=cast.personnel, reader=cast.ciso, now=NOW)
    leave(cast, cast.personnel, colleague)
    assert EvidenceRequest.objects.get(pk=request.pk).owner == cast.personnel


def test_each_sort_is_told_before(cast: Cast) -> None:
    audit = audit_in(cast, auditees=[cast.personnel])
    finding_make(cast, audit, owner=cast.personnel)
    evidence_make(cast, audit)

    assert audits_held(cast.personnel, cast.ciso) == {"audits.parts": 1, "audits.answers": 2}
    assert audits_held(cast.auditor, cast.ciso) == {"audits.parts": 1, "audits.asked": 1}
