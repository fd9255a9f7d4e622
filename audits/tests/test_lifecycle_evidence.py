"""Every state, every step and every role of requests for evidence, walked from the table itself."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from audits.choices import AuditRole, AuditType, EvidenceState
from audits.lifecycle import EVIDENCE_LIFECYCLE
from audits.models import EvidenceRequest
from audits.permissions import OWN_PEOPLE
from audits.tests.factories import NOW, audit_in, evidence_make
from audits.tests.test_lifecycle import put_into
from foundation.accounts.access import access_of
from foundation.accounts.rights import RIGHTS
from foundation.accounts.tests.factories import UserFactory
from foundation.lifecycle.services import (
    TransitionForbidden,
    TransitionRefused,
    apply_transition,
    available_transitions,
)
from foundation.lifecycle.tables import Transition
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

STEPS = EVIDENCE_LIFECYCLE.transitions
BY_HAND = [step for step in STEPS if not step.by_approval]


@dataclass(frozen=True)
class Case:
    state: str
    step: Transition

    def __str__(self) -> str:
        return f"{self.state}-{self.step.name}"


def cases() -> Iterator[Case]:
    for state in EvidenceState.values:
        for step in STEPS:
            yield Case(state, step)


def offered(request: EvidenceRequest, person: object) -> dict[str, str | None]:
    return {offer.transition.name: offer.refusal for offer in available_transitions(request, person)}


@pytest.mark.parametrize("case", list(cases()), ids=str)
def test_every_role_meets_what_the_table_says(cast: Cast, case: Case) -> None:
    request = put_into(evidence_make(cast), case.state)
    for name, person in cast.people().items():
        may = access_of(person).has(case.step.right, request.unit_id)
        in_time = case.state in case.step.sources
        takes = may and in_time and not case.step.by_approval
        assert (case.step.name in offered(request, person)) == takes, name
        if takes:
            continue  # taken below
        with pytest.raises(TransitionRefused) as refused:
            apply_transition(record=request, name=case.step.name, actor=person, now=NOW, comment="Because")
        assert isinstance(refused.value, TransitionForbidden) == (not may), name
        assert EvidenceRequest.objects.get().state == case.state


@pytest.mark.parametrize("step", STEPS, ids=lambda step: str(step.name))
def test_every_step_leads_where_the_table_says(cast: Cast, step: Transition) -> None:
    audit = audit_in(cast)
    for source in step.sources:
        request = put_into(evidence_make(cast, audit), source)
        actor = cast.personnel if step.name == "answer" else cast.auditor
        apply_transition(
            record=request,
            name=step.name,
            actor=actor,
            now=NOW,
            comment="Because",
            by_approval=step.by_approval,
        )
        again = EvidenceRequest.objects.get(pk=request.pk)
        assert (again.state, again.version) == (step.target, request.version + 1)
        entry = Entry.objects.get(record_id=request.pk, action=f"audits.evidence_request.{step.name}")
        assert (entry.before, entry.after) == ({"state": source}, {"state": step.target})


@pytest.mark.parametrize("step", BY_HAND, ids=lambda step: str(step.name))
def test_the_team_takes_the_auditors_steps_without_any_right(cast: Cast, step: Transition) -> None:
    colleague = UserFactory.create(full_name="Tarek Nasser", unit=cast.units.retail)
    request = put_into(evidence_make(cast, audit_in(cast, team=[colleague])), step.sources[0])
    assert {part.role for part in request.participants.filter(user=colleague)} == {AuditRole.TEAM}
    apply_transition(record=request, name=step.name, actor=colleague, now=NOW, comment="Because")
    assert EvidenceRequest.objects.get().state == step.target


@pytest.mark.parametrize("step", BY_HAND, ids=lambda step: str(step.name))
@pytest.mark.parametrize("part", ["asked", "audited", "of the unit", "below it"])
@pytest.mark.parametrize("type", OWN_PEOPLE)
def test_who_is_asked_audited_or_of_the_unit_does_not_judge(
    cast: Cast, step: Transition, part: str, type: str
) -> None:
    audit = audit_in(cast, type=type, auditees=[cast.ciso] if part == "audited" else [])
    owner = cast.ciso if part == "asked" else cast.personnel
    request = put_into(evidence_make(cast, audit, owners=[owner]), step.sources[0])
    if part in ("of the unit", "below it"):
        cast.ciso.unit = cast.units.payments if part == "of the unit" else cast.units.cards
        cast.ciso.save()
    assert offered(request, cast.ciso)[step.name], "offered with the reason that stands against it"
    with pytest.raises(TransitionRefused, match="You are asked|You are audited|belongs to Payments"):
        apply_transition(record=request, name=step.name, actor=cast.ciso, now=NOW, comment="Because")
    apply_transition(record=request, name=step.name, actor=cast.auditor, now=NOW, comment="Because")


@pytest.mark.parametrize("step", BY_HAND, ids=lambda step: str(step.name))
def test_who_accompanies_auditors_from_outside_collects_the_evidence(cast: Cast, step: Transition) -> None:
    insider = UserFactory.create(full_name="Petra Vale", unit=cast.units.payments)
    audit = audit_in(cast, type=AuditType.CERTIFICATION, team=[insider])
    request = put_into(evidence_make(cast, audit), step.sources[0])
    apply_transition(record=request, name=step.name, actor=insider, now=NOW, comment="Because")
    assert EvidenceRequest.objects.get().state == step.target


def test_every_step_back_or_out_needs_a_reason() -> None:
    needs = {step.name for step in STEPS if step.needs_comment}
    assert needs == {"return", "ask_again", "withdraw", "reinstate"}
    assert {step.right for step in STEPS} <= set(RIGHTS)
