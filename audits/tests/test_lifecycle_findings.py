"""Findings: every state, step and role, walked from the table; who may not judge; and what follows from a step."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from audits.choices import AuditState, AuditType, FindingState, Grade
from audits.lifecycle import FINDING_LIFECYCLE
from audits.models import Finding
from audits.permissions import OF_THE_UNIT
from audits.services import ANSWER, finding_answer_write, finding_change
from audits.services.finding_dates import REVIEW
from audits.tests.factories import NOW, audit_make, finding_make
from foundation.accounts.access import access_of
from foundation.accounts.models import User
from foundation.accounts.tests.factories import UserFactory
from foundation.actions.models import Action
from foundation.actions.services import action_create
from foundation.deadlines.models import Deadline
from foundation.lifecycle.services import (
    TransitionForbidden,
    TransitionRefused,
    apply_transition,
    available_transitions,
)
from foundation.lifecycle.tables import Transition
from foundation.notifications.models import Notice
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

JUDGED = [step for step in FINDING_LIFECYCLE.transitions if step.name not in ("answer", "reopen_by_action")]


def put_into(finding: Finding, state: str) -> Finding:
    """Put a finding into a state without a step: the walk starts everywhere."""
    Record.objects.filter(pk=finding.pk).update(state=state)
    return Finding.objects.get(pk=finding.pk)


def take(finding: Record, name: str, actor: User, comment: str = "Because") -> Finding:
    taken = apply_transition(record=finding, name=name, actor=actor, now=NOW, comment=comment)
    assert isinstance(taken, Finding)
    return taken


def answered(cast: Cast, **values: Any) -> Finding:
    finding = finding_make(cast, **values)
    answer = {"response": "It is so.", "root_cause": "Nobody is told who leaves."}
    finding_answer_write(finding=finding, changes=answer, actor=finding.owner, version=finding.version)
    return take(finding, "answer", finding.owner)


def agree_action(cast: Cast, finding: Finding, **values: Any) -> Action:
    given: dict[str, Any] = {
        "source": finding,
        "title": "Close accounts on the last day",
        "owner": cast.personnel,
        "due_on": date(2027, 1, 15),
        "actor": cast.auditor,
        "now": NOW,
    }
    return action_create(**{**given, **values})


def verified(cast: Cast, action: Record) -> Record:
    action = apply_transition(
        record=action, name="report_done", actor=cast.personnel, now=NOW, comment="See the script"
    )
    return apply_transition(record=action, name="verify", actor=cast.auditor, now=NOW, comment="Seen")


def cases() -> Iterator[Any]:
    for state in FindingState.values:
        for step in FINDING_LIFECYCLE.transitions:
            yield pytest.param(state, step, id=f"{state}-{step.name}")


@pytest.mark.parametrize(("state", "step"), list(cases()))
def test_every_role_meets_what_the_table_says(cast: Cast, state: str, step: Transition) -> None:
    finding = put_into(finding_make(cast, grade=Grade.OBSERVATION), state)
    for name, person in cast.people().items():
        owns = step.owner_may and person.pk == finding.owner_id
        may = owns or (bool(step.right) and access_of(person).has(step.right, finding.unit_id))
        offered = {offer.transition.name for offer in available_transitions(finding, person)}
        in_time = state in step.sources
        assert (step.name in offered) == (may and in_time and not step.by_approval), name
        if may and in_time and not step.by_approval:
            continue  # taken in the tests below
        with pytest.raises(TransitionRefused) as refused:
            take(finding, step.name, person)
        assert isinstance(refused.value, TransitionForbidden) == (not may), name
        assert Finding.objects.get(pk=finding.pk).state == state


@pytest.mark.parametrize("step", FINDING_LIFECYCLE.transitions, ids=lambda step: str(step.name))
def test_every_step_leads_where_the_table_says(cast: Cast, step: Transition) -> None:
    for source in step.sources:
        finding = finding_make(cast, grade=Grade.OBSERVATION, title=source)
        Finding.objects.filter(pk=finding.pk).update(response="It is so.")
        if step.name in ("close", "agree"):
            action = agree_action(cast, finding, nature="task")
            apply_transition(record=action, name="complete", actor=cast.personnel, now=NOW, comment="Done")
        finding = put_into(finding, source)
        apply_transition(
            record=finding,
            name=step.name,
            actor=cast.ciso if step.right else finding.owner,
            now=NOW,
            comment="Because",
            by_approval=step.by_approval,
        )
        again = Finding.objects.get(pk=finding.pk)
        assert again.state == step.target
        assert again.closed_at == (NOW if step.target in ("closed", "withdrawn") else None)
        entry = Entry.objects.get(record_id=finding.pk, action=f"audits.finding.{step.name}")
        assert (entry.before, entry.after) == ({"state": source}, {"state": step.target})
        waits = Deadline.objects.open().filter(record=finding, kind=ANSWER).exists()
        assert waits == (step.target == FindingState.RAISED)


def test_steps_that_go_back_or_out_need_a_reason() -> None:
    assert {step.name for step in FINDING_LIFECYCLE.transitions if step.needs_comment} == {
        "accept_without_action",
        "send_back",
        "reconsider",
        "withdraw",
        "reinstate",
        "reopen",
        "reopen_by_action",
    }


@pytest.mark.parametrize("step", JUDGED, ids=lambda step: str(step.name))
@pytest.mark.parametrize("part", ["auditee", "colleague", "below", "owner"])
@pytest.mark.parametrize("type", OF_THE_UNIT)
def test_who_is_audited_takes_no_step_of_the_auditors(
    cast: Cast, step: Transition, part: str, type: str
) -> None:
    audit = audit_make(cast, type=type, auditees=[cast.ciso] if part == "auditee" else [])
    values = {"owner": cast.ciso} if part == "owner" else {}
    finding = finding_make(cast, audit, grade=Grade.OBSERVATION, **values)
    if part in ("colleague", "below"):
        cast.ciso.unit = cast.units.payments if part == "colleague" else cast.units.cards
        cast.ciso.save()
    finding = put_into(finding, step.sources[0])
    offers = {offer.transition.name: offer.refusal for offer in available_transitions(finding, cast.ciso)}
    assert offers[step.name], "offered, with what stands against it"
    words = {"auditee": "You are audited here", "owner": "You answer for this"}
    with pytest.raises(TransitionRefused, match=words.get(part, "own unit")):
        take(finding, step.name, cast.ciso)


@pytest.mark.parametrize("case", ["supplier", "whole organisation"])
def test_who_belongs_to_the_unit_may_judge_what_is_not_its_work(cast: Cast, case: str) -> None:
    if case == "supplier":
        audit = audit_make(cast, type=AuditType.SUPPLIER)
        cast.ciso.unit = cast.units.payments
        cast.ciso.save()
    else:
        audit = audit_make(cast, unit=cast.units.root)
    assert take(finding_make(cast, audit), "withdraw", cast.ciso).state == FindingState.WITHDRAWN


@pytest.mark.parametrize("who", ["ciso", "lead", "team", "owner of the audit", "auditee"])
def test_nobody_but_its_owner_hands_the_answer_in(cast: Cast, who: str) -> None:
    member, auditee = UserFactory.create(unit=cast.units.retail), cast.personnel
    finding = finding_make(cast, audit_make(cast, team=[member], auditees=[auditee]))
    answer = {"response": "Half a", "root_cause": "A guess"}
    finding = finding_answer_write(finding=finding, changes=answer, actor=cast.unit_lead, version=1)
    person = {
        "ciso": cast.ciso,
        "lead": cast.auditor,
        "team": member,
        "owner of the audit": cast.analyst,
        "auditee": auditee,
    }[who]
    assert "answer" not in {offer.transition.name for offer in available_transitions(finding, person)}
    with pytest.raises(TransitionForbidden, match=f"up to {cast.unit_lead} alone"):
        take(finding, "answer", person)
    assert Finding.objects.get(pk=finding.pk).state == FindingState.RAISED


@pytest.mark.parametrize("step", JUDGED, ids=lambda step: str(step.name))
def test_the_team_takes_the_auditors_steps_without_any_right(cast: Cast, step: Transition) -> None:
    member = UserFactory.create(unit=cast.units.retail)
    finding = finding_make(cast, audit_make(cast, team=[member]), grade=Grade.OBSERVATION)
    if step.name in ("close", "agree"):
        action = agree_action(cast, finding, nature="task")
        apply_transition(record=action, name="complete", actor=cast.personnel, now=NOW, comment="Done")
    finding = put_into(finding, step.sources[0])
    assert {offer.transition.name: offer.refusal for offer in available_transitions(finding, member)}[
        step.name
    ] is None
    assert take(finding, step.name, member).state == step.target


def test_a_finding_is_answered_by_its_owner_once_the_answer_is_written(cast: Cast) -> None:
    finding = finding_make(cast)
    with pytest.raises(TransitionRefused, match="not written yet"):
        take(finding, "answer", cast.unit_lead)
    answer: dict[str, Any] = {"response": "It is so."}
    finding = finding_answer_write(finding=finding, changes=answer, actor=cast.unit_lead, version=1)
    with pytest.raises(TransitionRefused, match="root cause"):
        take(finding, "answer", cast.unit_lead)
    answer = {"root_cause": "Nobody is told who leaves."}
    finding = finding_answer_write(
        finding=finding, changes=answer, actor=cast.unit_lead, version=finding.version
    )
    assert take(finding, "answer", cast.unit_lead).state == FindingState.ANSWERED
    told = Notice.objects.get(kind="audits.finding_for_auditor")
    assert told.recipient_id == cast.auditor.pk


def test_an_observation_is_answered_without_a_root_cause(cast: Cast) -> None:
    finding = finding_make(cast, grade=Grade.OBSERVATION)
    answer = {"response": "We will look at it."}
    finding = finding_answer_write(finding=finding, changes=answer, actor=cast.unit_lead, version=1)
    assert take(finding, "answer", cast.unit_lead).state == FindingState.ANSWERED


@pytest.mark.parametrize("grade", [Grade.MAJOR, Grade.MINOR])
def test_a_nonconformity_is_agreed_on_with_a_corrective_action(cast: Cast, grade: Grade) -> None:
    finding = answered(cast, grade=grade)
    with pytest.raises(TransitionRefused, match="corrective action first"):
        take(finding, "agree", cast.auditor)
    agree_action(cast, finding, nature="task")
    dropped = agree_action(cast, finding)
    apply_transition(record=dropped, name="cancel", actor=cast.auditor, now=NOW, comment="No")
    with pytest.raises(TransitionRefused, match="corrective action first"):
        take(finding, "agree", cast.auditor)
    assert agree_action(cast, finding).is_corrective, "unless another nature is chosen"
    assert take(finding, "agree", cast.auditor).state == FindingState.AGREED


@pytest.mark.parametrize("grade", [Grade.OBSERVATION, Grade.OPPORTUNITY])
def test_what_is_no_nonconformity_goes_without_action(cast: Cast, grade: Grade) -> None:
    finding = answered(cast, grade=grade)
    with pytest.raises(TransitionRefused, match="agree on an action first, or accept it without action"):
        take(finding, "agree", cast.auditor)
    assert take(finding, "accept_without_action", cast.auditor).state == FindingState.CLOSED


def test_an_agreement_is_taken_back_until_the_report_is_submitted(cast: Cast) -> None:
    finding = answered(cast)
    agree_action(cast, finding)
    finding = take(finding, "agree", cast.auditor)
    finding = take(finding, "reconsider", cast.auditor, "The report was returned over the grade")
    assert finding.state == FindingState.ANSWERED
    assert [one.kind for one in Deadline.objects.open().filter(record=finding)] == [REVIEW]
    told = Notice.objects.filter(record_id=finding.pk, recipient=finding.owner).latest("pk")
    assert "taken back" in told.payload["sentence"]
    finding = finding_change(
        finding=finding,
        changes={"grade": Grade.MAJOR},
        actor=cast.auditor,
        now=NOW,
        version=finding.version,
        comment="Twenty more",
    )
    finding = take(finding, "agree", cast.auditor)
    Record.objects.filter(pk=finding.audit_id).update(state=AuditState.FOLLOW_UP)
    with pytest.raises(TransitionRefused, match="The report says so, and it is approved"):
        take(finding, "reconsider", cast.auditor)


def test_a_nonconformity_is_not_accepted_without_action(cast: Cast) -> None:
    finding = answered(cast)
    assert "accept_without_action" not in {
        offer.transition.name for offer in available_transitions(finding, cast.auditor)
    }
    with pytest.raises(TransitionRefused):
        take(finding, "accept_without_action", cast.auditor)


def test_a_finding_that_something_is_done_about_is_not_accepted_without_action(cast: Cast) -> None:
    finding = answered(cast, grade=Grade.OBSERVATION)
    action = agree_action(cast, finding)
    with pytest.raises(TransitionRefused, match=action.reference):
        take(finding, "accept_without_action", cast.auditor)


def test_a_finding_closes_once_its_actions_are_verified(cast: Cast) -> None:
    finding = answered(cast, grade=Grade.MAJOR)
    action: Record = agree_action(cast, finding)
    finding = take(finding, "agree", cast.auditor)
    with pytest.raises(TransitionRefused, match=action.reference):
        take(finding, "close", cast.auditor)
    action = apply_transition(
        record=action, name="report_done", actor=cast.personnel, now=NOW, comment="See the script"
    )
    with pytest.raises(TransitionRefused, match=action.reference):
        take(finding, "close", cast.auditor)
    apply_transition(record=action, name="verify", actor=cast.auditor, now=NOW, comment="Seen")
    assert take(finding, "close", cast.auditor).state == FindingState.CLOSED


def test_an_action_that_did_not_work_opens_its_finding_again(cast: Cast) -> None:
    finding = answered(cast)
    action = verified(cast, agree_action(cast, finding))
    finding = take(take(finding, "agree", cast.auditor), "close", cast.auditor)
    apply_transition(
        record=action, name="not_effective", actor=cast.auditor, now=NOW, comment="Three are open again"
    )
    again = Finding.objects.get(pk=finding.pk)
    assert (again.state, again.closed_at) == (FindingState.AGREED, None)
    entry = Entry.objects.get(record_id=finding.pk, action="audits.finding.reopen_by_action")
    assert entry.comment == f"{action.reference}: Three are open again"
    told = Notice.objects.filter(record_id=finding.pk, recipient=cast.unit_lead).latest("pk")
    assert "Open again" in told.payload["sentence"]


def test_an_action_that_did_not_work_is_written_down_for_a_finding_that_is_not_closed(cast: Cast) -> None:
    finding = answered(cast)
    action = verified(cast, agree_action(cast, finding))
    finding = take(finding, "agree", cast.auditor)
    apply_transition(record=action, name="not_effective", actor=cast.auditor, now=NOW, comment="Not yet")
    assert Finding.objects.get(pk=finding.pk).state == FindingState.AGREED
    assert Entry.objects.filter(record_id=finding.pk, action="audits.finding.action_opened_again").exists()


def test_a_reopened_action_opens_its_closed_finding_again(cast: Cast) -> None:
    finding = answered(cast)
    action = verified(cast, agree_action(cast, finding))
    action = apply_transition(
        record=action,
        name="confirm_effective",
        actor=cast.auditor,
        now=NOW + timedelta(days=90),
        comment="Works",
    )
    finding = take(take(finding, "agree", cast.auditor), "close", cast.auditor)
    apply_transition(record=action, name="reopen", actor=cast.auditor, now=NOW, comment="A new case")
    assert Finding.objects.get(pk=finding.pk).state == FindingState.AGREED
