"""Asking for evidence, answering, and what follows from each."""

from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from audits.choices import AUDIT_OWNER, EVIDENCE_ASKER, AuditRole, AuditState, EvidenceState
from audits.models import Audit, EvidenceListing, EvidenceRequest
from audits.selectors import evidence_judge
from audits.services import EvidenceAsk, EvidenceRefused, audit_change, evidence_answer, evidence_change
from audits.services.evidence import DUE
from audits.services.evidence_judges import REVIEW
from audits.services.evidence_notices import ANSWERED, ASKED, SETTLED
from audits.tests.factories import NOW, TODAY, audit_in, audit_make, evidence_answered, evidence_make
from foundation.accounts.choices import Role
from foundation.accounts.models import Delegation, User
from foundation.accounts.services import user_deactivate
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.deadlines.models import Deadline
from foundation.deadlines.services import deadlines_scan
from foundation.files.services import Upload, file_add
from foundation.lifecycle.services import TransitionRefused, apply_transition
from foundation.notifications.models import Notice
from foundation.records.choices import Confidentiality
from foundation.records.models import Participant
from foundation.records.services import StaleRecord
from foundation.search.selectors import records_matching
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db


def step(request: EvidenceRequest, name: str, actor: Any, comment: str = "Because") -> EvidenceRequest:
    taken = apply_transition(record=request, name=name, actor=actor, now=NOW, comment=comment)
    assert isinstance(taken, EvidenceRequest)
    return EvidenceRequest.objects.get(pk=request.pk)


def open_dates(request: EvidenceRequest) -> dict[str, tuple[Any, Any]]:
    rows = Deadline.objects.open().filter(record_id=request.pk)
    return {row.kind: (row.assignee, row.due_on) for row in rows.select_related("assignee")}


def told(kind: str) -> list[str]:
    notices = Notice.objects.filter(kind=kind).order_by("recipient__full_name")
    return list(notices.values_list("recipient__full_name", flat=True))


def test_asking_names_the_auditors_and_reminds_who_is_asked(cast: Cast) -> None:
    audit = audit_in(cast, auditees=[cast.unit_lead])
    request = evidence_make(cast, audit)
    assert (request.reference, request.state, request.unit) == ("EVR-0001", EvidenceState.PENDING, audit.unit)
    parts = {(part.role, part.user) for part in request.participants.select_related("user")}
    assert parts == {
        (AuditRole.LEAD, cast.auditor),
        (EVIDENCE_ASKER, cast.auditor),
        (AUDIT_OWNER, cast.analyst),
    }
    assert open_dates(request) == {DUE: (cast.personnel, date(2026, 12, 4))}
    assert told(ASKED) == ["Pavel Dimitrov"]
    listed = EvidenceListing.objects.get()
    assert (listed.owner, listed.due_on, listed.audit_id) == (cast.personnel, date(2026, 12, 4), audit.pk)


def test_several_people_are_asked_for_several_things_at_once(cast: Cast) -> None:
    evidence_make(
        cast,
        asks=[EvidenceAsk(title="Access list"), EvidenceAsk(title="Joiners of October")],
        owners=[cast.personnel, cast.unit_lead],
    )
    asked = EvidenceRequest.objects.order_by("pk").values_list("owner__full_name", "title")
    assert set(asked) == {
        (name, title)
        for name in ("Pavel Dimitrov", "Ulrike Sommer")
        for title in ("Access list", "Joiners of October")
    }
    assert Deadline.objects.open().filter(kind=DUE).count() == 4


@pytest.mark.parametrize("who", ["gone", "auditor", "analyst"])
def test_who_left_audits_or_asks_is_not_asked(cast: Cast, who: str) -> None:
    gone = UserFactory.create(full_name="Gone", is_active=False)
    owner, actor = {
        "gone": (gone, cast.auditor),
        "auditor": (cast.auditor, cast.analyst),
        "analyst": (cast.analyst, cast.analyst),
    }[who]
    with pytest.raises(EvidenceRefused) as refused:
        evidence_make(cast, owners=[owner], actor=actor)
    assert set(refused.value.errors) == {"owners"}
    assert not EvidenceRequest.objects.exists()


def test_who_is_audited_does_not_ask(cast: Cast) -> None:
    audit = audit_in(cast, auditees=[cast.ciso])
    with pytest.raises(EvidenceRefused, match="You are audited here"):
        evidence_make(cast, audit, actor=cast.ciso)


def test_evidence_is_asked_for_from_the_preparation_to_the_report(cast: Cast) -> None:
    with pytest.raises(EvidenceRefused, match="from the preparation to the report"):
        evidence_make(cast, audit_make(cast))
    for state in (AuditState.PREPARING, AuditState.FIELDWORK, AuditState.REPORTING):
        evidence_make(cast, audit_in(cast, state))


def test_the_whole_way_from_the_request_to_the_accepted_answer(cast: Cast) -> None:
    request = evidence_make(cast)
    request = evidence_answered(cast, request)
    assert (request.state, request.answered_by, request.answered_at) == ("answered", cast.personnel, NOW)
    assert open_dates(request) == {REVIEW: (cast.auditor, TODAY + timedelta(days=5))}
    assert told(ANSWERED) == ["Odile Brandt"]
    request = step(request, "return", cast.auditor, "The list is of 2025")
    assert (request.state, request.return_reason) == ("returned", "The list is of 2025")
    assert open_dates(request) == {DUE: (cast.personnel, date(2026, 12, 4))}
    request = evidence_answered(cast, request, "Here is this year's.")
    request = step(request, "accept", cast.auditor)
    assert request.state == "accepted"
    assert open_dates(request) == {}
    assert told(ASKED) == ["Pavel Dimitrov", "Pavel Dimitrov"], "asked, and returned"
    assert told(SETTLED) == ["Pavel Dimitrov"]
    actions = Entry.objects.filter(record_id=request.pk).order_by("pk").values_list("action", flat=True)
    steps = [action.rpartition(".")[2] for action in actions if "evidence_request" in action]
    assert steps == ["created", "changed", "answer", "return", "changed", "answer", "accept"]


def test_a_late_request_that_is_returned_is_due_again_in_a_week(cast: Cast) -> None:
    request = evidence_answered(cast, evidence_make(cast, due_on=TODAY))
    request = step(request, "return", cast.auditor, "More")
    assert request.due_on == TODAY + timedelta(days=7)
    assert open_dates(request)[DUE] == (cast.personnel, TODAY + timedelta(days=7))


def test_an_answer_needs_words_or_a_file(cast: Cast, tmp_path: Any, settings: Any) -> None:
    settings.FILES_ROOT = tmp_path
    request = evidence_make(cast)
    with pytest.raises(EvidenceRefused, match="Add a file, or write an answer"):
        evidence_answered(cast, request, "  ")
    upload = Upload("list.txt", BytesIO(b"svc-settlement\n"))
    file_add(record=request, upload=upload, actor=cast.personnel, now=NOW)
    assert evidence_answered(cast, request, "").state == "answered"


def test_only_who_is_asked_answers(cast: Cast) -> None:
    request = evidence_make(cast)
    for person in (cast.auditor, cast.analyst, cast.ciso, cast.unit_lead, cast.outsider):
        with pytest.raises(EvidenceRefused, match="Pavel Dimitrov is asked for this"):
            evidence_answer(request=request, answer="I", actor=person, now=NOW, version=request.version)


def test_a_stand_in_answers_but_no_auditor_does(cast: Cast) -> None:
    request = evidence_make(cast)
    stand_in = Delegation.objects.create(
        person=cast.personnel,
        stand_in=cast.auditor,
        starts_on=TODAY,
        ends_on=TODAY,
        created_by=cast.personnel,
        created_at=NOW,
    )
    with pytest.raises(EvidenceRefused):
        evidence_answer(request=request, answer="I", actor=cast.auditor, now=NOW, version=request.version)
    stand_in.stand_in = cast.unit_lead
    stand_in.save()
    evidence_answer(request=request, answer="We", actor=cast.unit_lead, now=NOW, version=request.version)
    request.refresh_from_db()
    assert request.answered_by == cast.unit_lead


@pytest.mark.parametrize("who", ["auditor", "analyst", "ciso"])
def test_nobody_who_audits_there_answers_for_another(cast: Cast, who: str) -> None:
    request = evidence_make(cast, audit_in(cast, owner=cast.executive))
    stand_in_for(cast, getattr(cast, who))
    actor = User.objects.get(pk=getattr(cast, who).pk)
    with pytest.raises(EvidenceRefused, match="Pavel Dimitrov is asked for this"):
        evidence_answer(request=request, answer="I", actor=actor, now=NOW, version=request.version)
    assert EvidenceRequest.objects.get().state == EvidenceState.PENDING


@pytest.mark.parametrize("name", ["accept", "return", "withdraw"])
def test_who_answered_does_not_judge_the_own_answer(cast: Cast, name: str) -> None:
    request = answered_by_stand_in(cast)
    RoleGrantFactory.create(user=cast.unit_lead, role=Role.AUDITOR)
    actor = User.objects.get(pk=cast.unit_lead.pk)
    with pytest.raises(TransitionRefused, match="You answered this"):
        step(request, name, actor)
    assert EvidenceRequest.objects.get().state == EvidenceState.ANSWERED
    step(request, name, cast.auditor)


def test_an_answer_waits_for_another_than_who_gave_it(cast: Cast) -> None:
    request = answered_by_stand_in(cast)
    Audit.objects.filter(pk=request.audit_id).update(lead_auditor=cast.unit_lead)
    RoleGrantFactory.create(user=cast.unit_lead, role=Role.AUDITOR)
    Participant.objects.filter(record=request, role=EVIDENCE_ASKER).update(user=cast.unit_lead)
    assert evidence_judge(EvidenceRequest.objects.get(pk=request.pk), NOW).person == cast.analyst


def test_the_database_keeps_who_answers_and_who_accepts_apart(cast: Cast) -> None:
    request = step(answered_by_stand_in(cast), "accept", cast.auditor)
    assert (request.answered_by, request.accepted_by) == (cast.unit_lead, cast.auditor)
    with pytest.raises(IntegrityError, match="evidence_accepted_by_another"), transaction.atomic():
        EvidenceRequest.objects.filter(pk=request.pk).update(accepted_by=cast.unit_lead)
    request = step(request, "ask_again", cast.auditor)
    assert request.accepted_by is None, "so that it can be given to whoever accepted it"


def answered_by_stand_in(cast: Cast) -> EvidenceRequest:
    """Let somebody of another unit answer in the place of who is asked."""
    User.objects.filter(pk=cast.unit_lead.pk).update(unit=cast.units.retail)
    request = evidence_make(cast)
    stand_in_for(cast, cast.unit_lead)
    actor = User.objects.get(pk=cast.unit_lead.pk)
    evidence_answer(request=request, answer="We", actor=actor, now=NOW, version=request.version)
    return EvidenceRequest.objects.get(pk=request.pk)


def stand_in_for(cast: Cast, by: User) -> None:
    """Let a person stand in for who is asked, today."""
    Delegation.objects.create(
        person=cast.personnel,
        stand_in=by,
        starts_on=TODAY,
        ends_on=TODAY,
        created_by=cast.personnel,
        created_at=NOW,
    )


def test_what_changed_meanwhile_is_told(cast: Cast) -> None:
    request = evidence_make(cast)
    evidence_change(
        request=request,
        changes={"description": "As of today"},
        actor=cast.auditor,
        now=NOW,
        version=request.version,
    )
    with pytest.raises(StaleRecord):
        evidence_answer(request=request, answer="I", actor=cast.personnel, now=NOW, version=request.version)
    request.refresh_from_db()
    assert request.answer == ""


def test_another_day_and_another_person_move_the_reminders(cast: Cast) -> None:
    request = evidence_make(cast)
    changed = evidence_change(
        request=request,
        changes={"owner": cast.unit_lead, "due_on": date(2026, 12, 20)},
        actor=cast.analyst,
        now=NOW,
        version=request.version,
    )
    assert open_dates(changed) == {DUE: (cast.unit_lead, date(2026, 12, 20))}
    assert told(ASKED) == ["Pavel Dimitrov", "Ulrike Sommer"]
    assert not EvidenceRequest.objects.visible_to(cast.personnel).exists()
    with pytest.raises(EvidenceRefused, match="You are asked for this"):
        evidence_change(
            request=changed,
            changes={"due_on": date(2027, 1, 1)},
            actor=cast.unit_lead,
            now=NOW,
            version=changed.version,
        )


def test_requests_follow_their_audit(cast: Cast) -> None:
    audit = audit_in(cast)
    request = evidence_make(cast, audit)
    colleague = UserFactory.create(full_name="Tarek Nasser", unit=cast.units.retail)
    audit.refresh_from_db()
    audit_change(
        audit=audit,
        changes={"confidentiality": Confidentiality.RESTRICTED, "owner": cast.ciso},
        actor=cast.analyst,
        now=NOW,
        version=audit.version,
        team=[colleague],
        auditees=[cast.unit_lead],
    )
    request.refresh_from_db()
    assert request.is_restricted
    for person, sees in (
        (cast.personnel, True),
        (colleague, True),
        (cast.auditor, True),
        (cast.unit_lead, False),
        (cast.analyst, False),
    ):
        assert EvidenceRequest.objects.visible_to(person).exists() is sees, person


def test_what_is_still_asked_for_ends_with_the_audit(cast: Cast) -> None:
    audit = audit_in(cast)
    pending, accepted = evidence_make(cast, audit), evidence_make(cast, audit)
    step(evidence_answered(cast, accepted), "accept", cast.auditor)
    apply_transition(record=audit, name="cancel", actor=cast.ciso, now=NOW, comment="No budget")
    pending.refresh_from_db()
    accepted.refresh_from_db()
    assert (pending.state, accepted.state) == ("withdrawn", "accepted")
    assert open_dates(pending) == {}


def test_who_is_asked_is_reminded_by_the_scan_and_nobody_else_before_it_is_late(cast: Cast) -> None:
    request = evidence_make(cast)
    deadlines_scan(now=NOW + timedelta(days=11))
    reminders = Notice.objects.filter(record_id=request.pk).exclude(kind=ASKED)
    assert set(reminders.values_list("recipient__full_name", flat=True)) == {"Pavel Dimitrov"}
    evidence_answered(cast, request)
    before = Notice.objects.count()
    deadlines_scan(now=NOW + timedelta(days=12))
    late = Notice.objects.filter(record_id=request.pk, recipient=cast.personnel).count()
    assert late == 1 + reminders.filter(recipient=cast.personnel).count()
    assert Notice.objects.count() >= before


def test_a_request_goes_to_another_when_who_is_asked_leaves(cast: Cast) -> None:
    request = evidence_make(cast)
    user_deactivate(user=cast.personnel, actor=cast.administrator, now=NOW, successor=cast.unit_lead)
    request.refresh_from_db()
    assert request.owner == cast.unit_lead
    assert open_dates(request) == {DUE: (cast.unit_lead, date(2026, 12, 4))}


def test_a_step_asks_for_its_reason(cast: Cast) -> None:
    request = evidence_answered(cast, evidence_make(cast))
    for name in ("return", "withdraw"):
        with pytest.raises(TransitionRefused, match="reason"):
            step(request, name, cast.auditor, "")


def test_search_finds_the_words_for_those_alone_who_may_know(cast: Cast) -> None:
    evidence_make(cast, asks=[EvidenceAsk(title="Vault keys", description="Ceremony of the hardware module")])
    another = UserFactory.create(full_name="Nadia Petrova", unit=cast.units.cards)
    for person, finds in ((cast.personnel, 1), (cast.auditor, 1), (another, 0), (cast.outsider, 0)):
        assert len(records_matching(person, "ceremony").keys) == finds, person


def test_other_auditees_know_nothing(cast: Cast) -> None:
    another = UserFactory.create(full_name="Nadia Petrova", unit=cast.units.cards)
    audit = audit_in(cast, auditees=[cast.personnel, another])
    evidence_make(cast, audit)
    assert Audit.objects.visible_to(another).exists()
    assert not EvidenceRequest.objects.visible_to(another).exists()
    assert not EvidenceListing.objects.visible_to(another).exists()
