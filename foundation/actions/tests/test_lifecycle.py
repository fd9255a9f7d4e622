"""Every state, every step and every role, walked from the table itself: of tasks and of corrective actions."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.db import IntegrityError, transaction

from audits.tests.factories import NOW
from foundation.accounts.access import access_of
from foundation.actions.choices import SETTLED, ActionNature, ActionState
from foundation.actions.lifecycle import ACTION_LIFECYCLE, CORRECTIVE_PATH, TASK_PATH
from foundation.actions.models import Action
from foundation.actions.services import VERIFY
from foundation.actions.tests.factories import bring_to, corrective_make, step, task_make
from foundation.lifecycle.pages import record_steps
from foundation.lifecycle.services import (
    TransitionForbidden,
    TransitionRefused,
    apply_transition,
    available_transitions,
)
from foundation.lifecycle.tables import Transition
from foundation.records.models import Record
from foundation.registry import RecordKind, registry
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db

CORRECTIVE_STATES = (*CORRECTIVE_PATH, ActionState.CANCELLED)
TASK_STATES = (*TASK_PATH, ActionState.CANCELLED)
JUDGEMENTS = [one for one in ACTION_LIFECYCLE.transitions if one.right == VERIFY]


@dataclass(frozen=True)
class Case:
    nature: ActionNature
    state: ActionState
    step: Transition

    def __str__(self) -> str:
        return f"{self.nature}-{self.state}-{self.step.name}"

    def make(self, cast: Cast) -> Action:
        if self.nature == ActionNature.CORRECTIVE:
            return corrective_make(cast, state=self.state)
        action = task_make(cast)
        if self.state == ActionState.OPEN:
            return action
        return step(action, "complete" if self.state == ActionState.DONE else "cancel", cast.ciso)


def cases() -> Iterator[Case]:
    for nature, states in ((ActionNature.TASK, TASK_STATES), (ActionNature.CORRECTIVE, CORRECTIVE_STATES)):
        for state in states:
            for one in ACTION_LIFECYCLE.transitions:
                yield Case(nature, state, one)


@pytest.mark.parametrize("case", list(cases()), ids=str)
def test_every_role_meets_what_the_table_says(cast: Cast, case: Case) -> None:
    action = case.make(cast)
    is_step = case.state in case.step.sources and case.step.is_step_of(action) and not case.step.by_approval
    for name, person in cast.people().items():
        owns = case.step.owner_may and person == cast.personnel
        may = owns or (bool(case.step.right) and access_of(person).has(case.step.right, action.unit_id))
        offered = {offer.transition.name for offer in available_transitions(action, person)}
        assert (case.step.name in offered) == (may and is_step), name
        if may and is_step:
            with transaction.atomic():
                saved = transaction.savepoint()
                taken = step(action, case.step.name, person)
                assert taken.state == case.step.target
                transaction.savepoint_rollback(saved)
            continue
        with pytest.raises(TransitionRefused) as refused:
            apply_transition(record=action, name=case.step.name, actor=person, now=NOW, comment="Because")
        assert isinstance(refused.value, TransitionForbidden) == (not may), name
        assert Action.objects.get(pk=action.pk).state == case.state


@pytest.mark.parametrize("judgement", JUDGEMENTS, ids=lambda one: str(one.name))
def test_nobody_judges_an_own_action_whatever_the_role(cast: Cast, judgement: Transition) -> None:
    for person in (cast.ciso, cast.analyst, cast.auditor):
        other = cast.auditor if person != cast.auditor else cast.ciso
        action = corrective_make(cast, owner=person, verifier=other, actor=other)
        action = bring_to(action, judgement.sources[0], judge=other)
        offers = {one.transition.name: one.refusal for one in available_transitions(action, person)}
        assert offers[judgement.name] == "You own this action, so somebody else must judge it."
        with pytest.raises(TransitionRefused, match="You own this action"):
            step(action, judgement.name, person)
        assert step(action, judgement.name, other).state == judgement.target


@pytest.mark.parametrize("judgement", JUDGEMENTS, ids=lambda one: str(one.name))
def test_nobody_judges_what_they_reported_done(cast: Cast, judgement: Transition) -> None:
    action = step(corrective_make(cast), "report_done", cast.analyst)
    if judgement.sources[0] == ActionState.VERIFIED:
        action = step(action, "verify", cast.auditor)
    with pytest.raises(TransitionRefused, match="You reported this action done"):
        step(action, judgement.name, cast.analyst)
    assert step(action, judgement.name, cast.auditor).state == judgement.target


def test_the_database_lets_nobody_judge_an_own_action(cast: Cast) -> None:
    action = corrective_make(cast, state=ActionState.TO_VERIFY)
    rows = Action.objects.filter(pk=action.pk)
    for field, at in (("verified_by", "verified_at"), ("effect_checked_by", "effect_checked_at")):
        with pytest.raises(IntegrityError, match="can not judge it"), transaction.atomic():
            rows.update(**{field: cast.personnel, at: NOW, "done_by": cast.analyst})
        with pytest.raises(IntegrityError, match="by_another"), transaction.atomic():
            rows.update(**{field: cast.analyst, at: NOW, "done_by": cast.analyst})
    with pytest.raises(IntegrityError, match="action_verified_once_done"), transaction.atomic():
        rows.update(verified_by=cast.auditor, verified_at=NOW, done_by=None)
    rows.update(verified_by=cast.auditor, verified_at=NOW)


def test_another_may_own_it_after_it_was_verified(cast: Cast) -> None:
    action = corrective_make(cast, state=ActionState.VERIFIED)
    Record.objects.filter(pk=action.pk).update(owner=cast.auditor)
    Action.objects.filter(pk=action.pk).update(verifier=cast.ciso)
    changed = Action.objects.get(pk=action.pk)
    changed.save()
    assert changed.verified_by == changed.owner
    with pytest.raises(TransitionRefused, match="You own this action"):
        step(changed, "confirm_effective", cast.auditor)
    assert step(changed, "confirm_effective", cast.ciso).effect_checked_by == cast.ciso


def test_each_nature_has_its_own_way(cast: Cast) -> None:
    task, corrective = task_make(cast), corrective_make(cast)
    assert [str(one.label) for one in record_steps(task)] == ["Open", "Done"]
    way = ["Open", "To be verified", "Verified", "Effective"]
    assert [str(one.label) for one in record_steps(corrective)] == way
    with pytest.raises(TransitionRefused, match="not one that ACT-0002 takes"):
        step(corrective, "complete", cast.ciso)


def test_what_is_settled_is_what_nothing_leads_on_from() -> None:
    assert registry.get(RecordKind, "action").final_states == set(SETTLED)
    leads_on = [one for one in ACTION_LIFECYCLE.transitions if one.name not in ("reopen", "reopen_by_below")]
    assert {state for one in leads_on for state in one.sources}.isdisjoint(SETTLED)
