"""What waits for the auditors waits for somebody who may see to it, and is looked at again each hour."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client

from audits.choices import AuditRole, AuditState, FindingState
from audits.models import Audit, EvidenceRequest, Finding
from audits.services import finding_answer_write
from audits.services.evidence_judges import REVIEW as EVIDENCE_REVIEW
from audits.services.evidence_notices import ANSWERED
from audits.services.finding_dates import ANSWER, CLOSING, REVIEW
from audits.services.finding_notices import FOR_AUDITOR, NOBODY_SEES_TO
from audits.services.seeing_to import auditor_look
from audits.tasks import follow_auditors
from audits.tests.factories import NOW, audit_in, audit_make, evidence_answered, evidence_make, finding_make
from audits.tests.reports import state_set
from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.models import RoleGrant, User
from foundation.accounts.services import user_deactivate
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.actions.services import action_create
from foundation.deadlines.models import Deadline
from foundation.lifecycle.services import apply_transition
from foundation.notifications.models import Notice
from foundation.notifications.services import ROLE_WANTED
from foundation.records.models import Participant, Record
from foundation.testing.cast import Cast
from foundation.testing.races import elsewhere, wait_until_blocked

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
TOMORROW = NOW + timedelta(days=1)


def waits_for(record: Record, kind: str) -> User:
    return Deadline.objects.open().get(record=record, kind=kind).assignee


def told(kind: str, record: Record) -> set[User]:
    notices = Notice.objects.filter(kind=kind, record_id=record.pk).select_related("recipient")
    return {notice.recipient for notice in notices}


def look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the hourly task run tomorrow."""
    monkeypatch.setattr(clock, "now", lambda: TOMORROW)
    follow_auditors()


def colleague(cast: Cast, role: Role = Role.AUDITOR) -> User:
    person = UserFactory.create(full_name="Signe Dahl", unit=cast.units.retail)
    RoleGrantFactory.create(user=person, role=role)
    return person


def answer(cast: Cast, finding: Finding) -> Finding:
    words = {"response": "We agree.", "root_cause": "Nobody is told."}
    finding_answer_write(finding=finding, changes=words, actor=cast.unit_lead, version=finding.version)
    apply_transition(record=finding, name="answer", actor=cast.unit_lead, now=NOW)
    return Finding.objects.get(pk=finding.pk)


def outliving(cast: Cast, **values: User) -> tuple[Finding, Record]:
    """Agree on a finding with an action that is reported done, and close its audit."""
    audit = audit_make(cast, **values)
    finding = answer(cast, finding_make(cast, audit))
    action = action_create(
        source=finding,
        title="Tell operations",
        owner=cast.unit_lead,
        due_on=date(2027, 1, 1),
        actor=cast.ciso,
        now=NOW,
    )
    apply_transition(record=finding, name="agree", actor=cast.ciso, now=NOW)
    apply_transition(record=action, name="report_done", actor=cast.unit_lead, now=NOW, comment="Done")
    state_set(audit, AuditState.CLOSED)
    return Finding.objects.get(pk=finding.pk), type(action).objects.get(pk=action.pk)


def verify(cast: Cast, action: Record) -> None:
    apply_transition(record=action, name="verify", actor=cast.ciso, now=NOW, comment="Seen")


# Findings that outlive their audit


@pytest.mark.parametrize("successor_may", [True, False])
def test_a_finding_is_closed_by_who_is_there_once_its_lead_has_left(cast: Cast, successor_may: bool) -> None:
    finding, action = outliving(cast)
    successor = colleague(cast)
    if not successor_may:
        User.objects.filter(pk=successor.pk).update(unit=cast.units.cards)
    to = User.objects.get(pk=successor.pk)
    user_deactivate(user=cast.auditor, actor=cast.administrator, now=NOW, successor=to)
    verify(cast, action)
    expected = to if successor_may else cast.analyst  # who owns the audit, and runs audits there
    assert waits_for(finding, CLOSING) == expected
    assert told(FOR_AUDITOR, finding) - {cast.auditor} == {expected}


def test_the_owner_of_the_audit_who_does_not_audit_gives_way_to_a_ciso(cast: Cast) -> None:
    finding, action = outliving(cast, owner=cast.executive)
    User.objects.filter(pk=cast.auditor.pk).update(is_active=False)
    verify(cast, action)
    assert waits_for(finding, CLOSING) == cast.ciso


def test_who_is_told_that_it_is_open_again_is_there(cast: Cast) -> None:
    finding, action = outliving(cast, owner=cast.executive)
    verify(cast, action)
    apply_transition(record=finding, name="close", actor=cast.ciso, now=NOW)
    User.objects.filter(pk=cast.auditor.pk).update(is_active=False)
    Notice.objects.all().delete()
    action.refresh_from_db()
    RoleGrantFactory.create(user=(verifier := UserFactory.create()), role=Role.SECURITY)
    apply_transition(record=action, name="not_effective", actor=verifier, now=NOW, comment="Again")
    assert Finding.objects.get().state == FindingState.AGREED
    assert told(FOR_AUDITOR, finding) == {cast.ciso, cast.executive}


def test_the_page_names_who_it_waits_for(cast: Cast, sign_in: SignIn) -> None:
    finding = answer(cast, finding_make(cast))
    Participant.objects.filter(record=finding, role=AuditRole.LEAD).update(user=colleague(cast))
    words = sign_in(cast.ciso).get(finding.get_absolute_url()).content.decode()
    assert "Waits for" in words
    assert "Odile Brandt" in words, "whom the look was given to"
    assert "Signe Dahl" in words, "who leads there now"


# While somebody takes a step


@pytest.mark.django_db(transaction=True)
def test_a_finding_that_is_sent_back_meanwhile_waits_for_its_answer_alone(cast: Cast) -> None:
    finding = answer(cast, finding_make(cast))
    with transaction.atomic():
        apply_transition(record=finding, name="send_back", actor=cast.auditor, now=NOW, comment="More")
        looked = elsewhere(lambda: auditor_look(key=finding.pk, now=TOMORROW))
        wait_until_blocked()
    assert looked.result(20) is False
    assert [date.kind for date in Deadline.objects.open().filter(record=finding)] == [ANSWER]


# Each hour


def test_it_is_called_each_hour() -> None:
    entry = settings.CELERY_BEAT_SCHEDULE["audits-follow-auditors"]
    assert (entry["task"], entry["schedule"]) == (follow_auditors.name, 3600.0)


@pytest.mark.parametrize("why", ["left", "moved into the unit", "answers there", "audited"])
def test_an_answer_to_a_finding_waits_for_nobody_who_may_not_look(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    finding = answer(cast, finding_make(cast))
    assert waits_for(finding, REVIEW) == cast.auditor
    due_on = Deadline.objects.open().get(record=finding).due_on
    lose(cast, finding.audit, finding, why)
    look(monkeypatch)
    assert waits_for(finding, REVIEW) == cast.analyst
    assert Deadline.objects.open().get(record=finding).due_on == due_on
    assert cast.analyst in told(FOR_AUDITOR, finding)


@pytest.mark.parametrize("why", ["left", "role ended", "moved into the unit", "answers there", "audited"])
def test_an_answer_to_a_request_waits_for_no_asker_who_may_not_judge(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    audit = audit_in(cast, lead_auditor=cast.ciso)
    request = evidence_answered(cast, evidence_make(cast, audit))
    assert waits_for(request, EVIDENCE_REVIEW) == cast.auditor
    lose(cast, audit, request, why)
    look(monkeypatch)
    assert waits_for(request, EVIDENCE_REVIEW) == cast.ciso
    assert cast.ciso in told(ANSWERED, request)


def test_a_role_that_ended_before_the_answer_is_seen_at_once(cast: Cast) -> None:
    request = evidence_make(cast, audit_in(cast, lead_auditor=cast.ciso))
    RoleGrant.objects.filter(user=cast.auditor).delete()
    evidence_answered(cast, request)
    assert waits_for(request, EVIDENCE_REVIEW) == cast.ciso
    assert told(ANSWERED, request) == {cast.ciso}


def test_where_asker_and_lead_may_not_judge_a_ciso_does(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    request = evidence_answered(cast, evidence_make(cast, audit_in(cast, owner=cast.executive)))
    User.objects.filter(pk=cast.auditor.pk).update(unit=cast.units.payments)
    look(monkeypatch)
    assert waits_for(request, EVIDENCE_REVIEW) == cast.ciso


def test_nothing_is_told_while_nothing_changes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(cast, finding_make(cast))
    evidence_answered(cast, evidence_make(cast))
    before = Notice.objects.count()
    look(monkeypatch)
    assert Notice.objects.count() == before


KINDS = pytest.mark.parametrize("kind", ["finding", "evidence"])


def waiting(cast: Cast, kind: str) -> tuple[Finding | EvidenceRequest, str]:
    """Return what is answered in an audit of an executive, and the kind of the date it waits for."""
    audit = audit_in(cast, owner=cast.executive)
    if kind == "finding":
        return answer(cast, finding_make(cast, audit)), REVIEW
    return evidence_answered(cast, evidence_make(cast, audit)), EVIDENCE_REVIEW


def bar_everybody(cast: Cast) -> None:
    """Take from everybody who runs audits that they may see to anything there."""
    User.objects.filter(pk=cast.auditor.pk).update(is_active=False)
    User.objects.filter(pk__in=[cast.ciso.pk, cast.analyst.pk]).update(unit=cast.units.payments)
    Notice.objects.all().delete()


@KINDS
def test_where_nobody_may_see_to_it_who_can_change_that_is_told_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    record, date_kind = waiting(cast, kind)
    bar_everybody(cast)
    for _again in range(2):
        look(monkeypatch)
        assert told(NOBODY_SEES_TO, record) == {cast.executive, cast.ciso}
        assert waits_for(record, date_kind) == cast.administrator
        assert [one.recipient for one in Notice.objects.filter(kind=ROLE_WANTED)] == [cast.administrator]
        assert Notice.objects.count() == 3, "and nobody is told that it waits for them"
    able = colleague(cast, Role.CISO)
    look(monkeypatch)
    assert waits_for(record, date_kind) == able
    assert told(NOBODY_SEES_TO, record) == {cast.executive, cast.ciso}


@KINDS
def test_anybody_who_may_sees_to_it_before_nobody_does(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    record, date_kind = waiting(cast, kind)
    User.objects.filter(pk=cast.auditor.pk).update(is_active=False)
    User.objects.filter(pk=cast.ciso.pk).update(unit=cast.units.payments)
    look(monkeypatch)
    assert waits_for(record, date_kind) == cast.analyst
    assert not told(NOBODY_SEES_TO, record)


@KINDS
def test_the_page_says_that_nobody_may_and_who_can_change_it(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, sign_in: SignIn, kind: str
) -> None:
    record, _date_kind = waiting(cast, kind)
    client = sign_in(cast.ciso)
    assert "Nobody may" not in client.get(record.get_absolute_url()).content.decode()
    bar_everybody(cast)
    look(monkeypatch)
    page = client.get(record.get_absolute_url()).content.decode()
    assert "Nobody may see to this for the auditors now: whoever runs audits of Payments answers here" in page
    assert "Ada Nyberg sees to it that somebody else is given the role Auditor, CISO or Security" in page
    assert "Nobody may do it" in page


def test_an_answer_that_nobody_may_look_at_is_told_at_once(cast: Cast) -> None:
    finding = finding_make(cast, audit_in(cast, owner=cast.executive))
    bar_everybody(cast)
    finding = answer(cast, Finding.objects.get(pk=finding.pk))
    assert waits_for(finding, REVIEW) == cast.administrator
    assert told(NOBODY_SEES_TO, finding) == {cast.executive, cast.ciso}
    assert not told(FOR_AUDITOR, finding)


@KINDS
def test_who_sees_to_it_again_is_told_again(cast: Cast, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    record, date_kind = waiting(cast, kind)
    times = Notice.objects.filter(recipient=cast.auditor, kind=FOR_AUDITOR if kind == "finding" else ANSWERED)
    assert times.count() == 1
    for hours, home in ((1, cast.units.payments), (2, cast.units.root)):
        User.objects.filter(pk=cast.auditor.pk).update(unit=home)
        monkeypatch.setattr(clock, "now", lambda hours=hours: NOW + timedelta(hours=hours))
        follow_auditors()
    assert waits_for(record, date_kind) == cast.auditor
    assert times.count() == 2


@KINDS
def test_who_sees_to_it_that_somebody_may_and_then_may_is_told_so(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, sign_in: SignIn, kind: str
) -> None:
    record, date_kind = waiting(cast, kind)
    bar_everybody(cast)
    look(monkeypatch)
    assert waits_for(record, date_kind) == cast.administrator
    grant = RoleGrantFactory.create(user=cast.administrator, role=Role.AUDITOR)
    look(monkeypatch)
    assert waits_for(record, date_kind) == cast.administrator
    times = Notice.objects.filter(
        recipient=cast.administrator, kind=FOR_AUDITOR if kind == "finding" else ANSWERED
    )
    assert times.count() == 1, "now it is the person's own to see to"
    assert "Nobody may" not in sign_in(cast.ciso).get(record.get_absolute_url()).content.decode()
    look(monkeypatch)
    assert times.count() == 1
    grant.delete()
    Notice.objects.all().delete()
    look(monkeypatch)
    assert told(NOBODY_SEES_TO, record) == {cast.executive, cast.ciso}


@KINDS
def test_the_page_says_that_nobody_may_also_where_who_sees_to_that_takes_part(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, sign_in: SignIn, kind: str
) -> None:
    record, date_kind = waiting(cast, kind)
    bar_everybody(cast)
    Participant.objects.create(record=record, user=cast.administrator, role=AuditRole.TEAM)
    for one in (record.audit, record):
        Participant.objects.create(record=one, user=cast.administrator, role=AuditRole.AUDITEE)
    look(monkeypatch)
    assert waits_for(record, date_kind) == cast.administrator
    assert "Nobody may" in sign_in(cast.ciso).get(record.get_absolute_url()).content.decode()


def test_more_that_waits_costs_no_more_queries(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    audit = audit_in(cast)
    for number in range(4):
        answer(cast, finding_make(cast, audit, title=f"Finding {number}"))
        evidence_answered(cast, evidence_make(cast, audit))
    monkeypatch.setattr(clock, "now", lambda: TOMORROW)
    with django_assert_max_num_queries(16):
        follow_auditors()


def lose(cast: Cast, audit: Audit, record: Finding | EvidenceRequest, why: str) -> None:
    """Take from the auditor that the answer is seen to."""
    if why == "left":
        User.objects.filter(pk=cast.auditor.pk).update(is_active=False)
    elif why == "role ended":
        RoleGrant.objects.filter(user=cast.auditor).update(
            starts_on=NOW.date() - timedelta(days=9), ends_on=NOW.date()
        )
    elif why == "moved into the unit":
        User.objects.filter(pk=cast.auditor.pk).update(unit=cast.units.cards)
    elif why == "answers there":
        Record.objects.filter(pk=finding_make(cast, audit, actor=cast.ciso).pk).update(owner=cast.auditor)
    else:
        for one in (audit, record):
            Participant.objects.create(record=one, user=cast.auditor, role=AuditRole.AUDITEE)
