"""Every state, every step and every role, walked from the tables themselves; and what follows from a step."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from audits.choices import OPEN_AUDIT_STATES, AuditState, AuditType, ProgrammeState
from audits.lifecycle import AUDIT_LIFECYCLE, PROGRAMME_LIFECYCLE
from audits.models import Audit, Programme
from audits.permissions import OWN_PEOPLE
from audits.schedule import STEPS, next_due_on
from audits.services import audit_change
from audits.tests.factories import NOW, audit_make, programme_make
from foundation.accounts.access import access_of
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.rights import RIGHTS
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.deadlines.models import Deadline
from foundation.lifecycle.services import (
    TransitionForbidden,
    TransitionRefused,
    apply_transition,
    available_transitions,
)
from foundation.lifecycle.tables import Lifecycle, Transition
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

SignIn = Callable[[User], Client]


def put_into(record: Any, state: str) -> Any:
    """Put a record into a state without a step: the walk below starts everywhere."""
    Record.objects.filter(pk=record.pk).update(state=state)
    return type(record).objects.get(pk=record.pk)


@dataclass(frozen=True)
class Case:
    table: Lifecycle
    state: str
    step: Transition

    def __str__(self) -> str:
        return f"{self.table.key}-{self.state}-{self.step.name}"


def cases() -> Iterator[Case]:
    for table in (AUDIT_LIFECYCLE, PROGRAMME_LIFECYCLE):
        for state in table.states.values:
            for step in table.transitions:
                yield Case(table, state, step)


@pytest.mark.parametrize("case", list(cases()), ids=str)
def test_every_role_meets_what_the_table_says(cast: Cast, case: Case) -> None:
    record = audit_make(cast) if case.table is AUDIT_LIFECYCLE else programme_make(cast)
    record = put_into(record, case.state)
    for name, person in cast.people().items():
        may = access_of(person).has(case.step.right, record.unit_id)
        offered = {offer.transition.name for offer in available_transitions(record, person)}
        in_time = case.state in case.step.sources
        assert (case.step.name in offered) == (may and in_time and not case.step.by_approval), name
        if may and in_time and not case.step.by_approval:
            continue  # taken in the tests below
        with pytest.raises(TransitionRefused) as refused:
            apply_transition(record=record, name=case.step.name, actor=person, now=NOW, comment="Because")
        assert isinstance(refused.value, TransitionForbidden) == (not may), name
        assert type(record).objects.get(pk=record.pk).state == case.state


def ready_for(step: Transition, source: str, cast: Cast, **values: Any) -> Any:
    """Return an audit in a state with what the step asks for: a conclusion to submit, an approved report to close."""
    audit = put_into(audit_make(cast, **values), source)
    if step.name == "submit_report":
        Audit.objects.filter(pk=audit.pk).update(conclusion="Largely in place.")
    elif step.name == "close":
        Audit.objects.filter(pk=audit.pk).update(report_approved_by=cast.ciso, report_approved_at=NOW)
    return Audit.objects.get(pk=audit.pk)


@pytest.mark.parametrize("step", AUDIT_LIFECYCLE.transitions, ids=lambda step: str(step.name))
def test_every_step_of_an_audit_leads_where_the_table_says(cast: Cast, step: Transition) -> None:
    for source in step.sources:
        audit = ready_for(step, source, cast)
        taken = apply_transition(
            record=audit,
            name=step.name,
            actor=cast.ciso if step.name != "submit_report" else cast.analyst,
            now=NOW,
            comment="Because",
            by_approval=step.by_approval,
        )
        assert isinstance(taken, Audit)
        again = Audit.objects.get(pk=audit.pk)
        assert again.state == step.target
        assert again.version == audit.version + 1
        entry = Entry.objects.get(record_id=audit.pk, action=f"audits.audit.{step.name}")
        assert (entry.before, entry.after, entry.comment) == (
            {"state": source},
            {"state": step.target},
            "Because",
        )
        assert again.next_due_on == next_due_on(step.target, again)
        assert again.closed_at == (None if step.target in OPEN_AUDIT_STATES else NOW)


@pytest.mark.parametrize("state", AuditState.values)
def test_a_state_awaits_its_dates_and_no_others(cast: Cast, state: str) -> None:
    step = next(step for step in AUDIT_LIFECYCLE.transitions if step.target == state)
    audit = ready_for(step, step.sources[0], cast)
    actor = cast.analyst if step.name == "submit_report" else cast.ciso
    apply_transition(
        record=audit,
        name=step.name,
        actor=actor,
        now=NOW,
        comment="Because",
        by_approval=step.by_approval,
    )
    open_dates = Deadline.objects.filter(record=audit, closed_at=None).exclude(kind="approvals.decision")
    open_kinds = set(open_dates.values_list("kind", flat=True))
    assert open_kinds == {date.kind for date in STEPS if state in date.awaited_in}


def test_every_step_back_or_out_needs_a_reason(cast: Cast) -> None:
    needs = {step.name for step in AUDIT_LIFECYCLE.transitions if step.needs_comment}
    assert needs == {
        "back_to_planned",
        "back_to_preparing",
        "back_to_fieldwork",
        "back_to_reporting",
        "cancel",
        "reinstate",
        "reopen",
    }
    audit = audit_make(cast)
    with pytest.raises(TransitionRefused, match="reason"):
        apply_transition(record=audit, name="cancel", actor=cast.ciso, now=NOW, comment="  \n")


def test_an_audit_that_is_planned_again_is_reminded_of_again(cast: Cast) -> None:
    audit: Any = audit_make(cast)
    audit = apply_transition(record=audit, name="cancel", actor=cast.ciso, now=NOW, comment="No budget")
    assert not Deadline.objects.filter(record=audit, closed_at=None).exists()
    apply_transition(record=audit, name="reinstate", actor=cast.ciso, now=NOW, comment="Budget found")
    again = Deadline.objects.filter(record=audit, closed_at=None, next_reminder_at__gt=NOW)
    assert again.count() == len(STEPS)


@pytest.mark.parametrize(
    "step",
    [step for step in AUDIT_LIFECYCLE.transitions if not step.by_approval],
    ids=lambda step: str(step.name),
)
def test_who_is_audited_does_not_take_the_audit_on(cast: Cast, step: Transition) -> None:
    audit = ready_for(step, step.sources[0], cast, auditees=[cast.ciso])
    RoleGrantFactory.create(role=Role.CISO)  # who decides on the report, since the CISO is audited
    offers = {offer.transition.name: offer.refusal for offer in available_transitions(audit, cast.ciso)}
    assert offers[step.name] is not None, "offered with the reason that stands against it"
    with pytest.raises(TransitionRefused, match="You are audited here"):
        apply_transition(record=audit, name=step.name, actor=cast.ciso, now=NOW, comment="Because")
    apply_transition(record=audit, name=step.name, actor=cast.analyst, now=NOW, comment="Because")


@pytest.mark.parametrize("step", AUDIT_LIFECYCLE.transitions, ids=lambda step: str(step.name))
@pytest.mark.parametrize("unit", ["payments", "cards"])
def test_who_belongs_to_the_unit_takes_no_step_of_its_audit(
    cast: Cast, sign_in: SignIn, unit: str, step: Transition
) -> None:
    if step.by_approval:
        return  # who decides on a report is another table
    insider = UserFactory.create(full_name="Petra Vale", unit=getattr(cast.units, unit))
    RoleGrantFactory.create(user=insider, role=Role.SECURITY)
    RoleGrantFactory.create(user=insider, role=Role.CISO)
    for source in step.sources:
        audit = ready_for(step, source, cast)
        answer = sign_in(insider).post(
            f"{audit.get_absolute_url()}steps/{step.name}/", {"comment": "Because"}
        )
        reached = Audit.objects.get(pk=audit.pk).state
        assert reached == source
        assert "Petra Vale belongs to Payments" in answer.text
        elsewhere = AuditType.SUPPLIER if step.name in ("close", "reopen") else AuditType.EXTERNAL
        Audit.objects.filter(pk=audit.pk).update(type=elsewhere)
        apply_transition(record=audit, name=step.name, actor=insider, now=NOW, comment="Because")


@pytest.mark.parametrize("type", OWN_PEOPLE)
@pytest.mark.parametrize("unit", ["payments", "cards"])
def test_fieldwork_does_not_start_once_an_auditor_belongs_to_the_unit(
    cast: Cast, unit: str, type: str
) -> None:
    colleague = UserFactory.create(full_name="Tarek Nasser", unit=cast.units.retail)
    audit = put_into(audit_make(cast, type=type, team=[colleague]), AuditState.PREPARING)
    colleague.unit = getattr(cast.units, unit)
    colleague.save()
    with pytest.raises(TransitionRefused, match="Tarek Nasser belongs to Payments"):
        apply_transition(record=audit, name="start_fieldwork", actor=cast.ciso, now=NOW)
    Audit.objects.filter(pk=audit.pk).update(type=AuditType.EXTERNAL)
    apply_transition(record=audit, name="start_fieldwork", actor=cast.ciso, now=NOW)


def test_a_programme_is_not_closed_while_its_audits_are_open(cast: Cast) -> None:
    programme = put_into(programme_make(cast), ProgrammeState.APPROVED)
    audit = audit_make(cast, programme=programme)
    with pytest.raises(TransitionRefused, match="1 audit of the programme is still open"):
        apply_transition(record=programme, name="close", actor=cast.ciso, now=NOW)
    put_into(audit, AuditState.CLOSED)
    apply_transition(record=programme, name="close", actor=cast.ciso, now=NOW)
    assert Programme.objects.get(pk=programme.pk).state == ProgrammeState.CLOSED


def test_a_revised_programme_is_approved_by_nobody(cast: Cast) -> None:
    programme = programme_make(cast)
    Programme.objects.filter(pk=programme.pk).update(approved_by=cast.ciso, approved_at=NOW)
    programme = put_into(programme, ProgrammeState.APPROVED)
    apply_transition(record=programme, name="revise", actor=cast.analyst, now=NOW, comment="A new law")
    programme.refresh_from_db()
    assert (programme.approved_by, programme.approved_at) == (None, None)


def test_the_rights_that_the_tables_name_exist() -> None:
    for case in cases():
        assert case.step.right in RIGHTS


def test_dates_move_with_the_start_and_are_reminded_of_anew(cast: Cast) -> None:
    audit = audit_make(cast)
    before = {one.kind: one.due_on for one in Deadline.objects.filter(record=audit)}
    assert before == {
        "audits.preparation": date(2026, 12, 21),
        "audits.start": date(2027, 1, 18),
        "audits.fieldwork_end": date(2027, 1, 22),
        "audits.report": date(2027, 2, 5),
        "audits.follow_up": date(2027, 4, 18),
    }
    audit_change(
        audit=audit,
        changes={"starts_on": audit.starts_on + timedelta(days=10)},
        actor=cast.analyst,
        now=NOW,
        version=audit.version,
    )
    after = {one.kind: one.due_on for one in Deadline.objects.filter(record=audit)}
    assert after == {kind: day + timedelta(days=10) for kind, day in before.items() if day}
