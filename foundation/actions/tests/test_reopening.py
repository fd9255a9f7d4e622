"""What is settled is reopened by those who may agree there, and where something may still be agreed on, or opens with it."""

import pytest

from audits.choices import AuditState, FindingState
from audits.models import Finding
from audits.tests.factories import NOW, audit_make, finding_make
from audits.tests.reports import state_set
from foundation.accounts.choices import Role
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.actions.choices import ActionNature, ActionState
from foundation.actions.models import Action
from foundation.actions.services import action_create
from foundation.actions.tests.factories import DUE, corrective_make, step, task_make
from foundation.lifecycle.services import TransitionRefused, available_transitions
from foundation.records.models import Record
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db


def settled_task(cast: Cast, state: ActionState, source: Record) -> Action:
    """Let the auditor agree on a task there, and settle it."""
    action = task_make(cast, source=source, actor=cast.auditor, nature=ActionNature.TASK)
    return step(action, "complete" if state == ActionState.DONE else "cancel", cast.auditor)


SETTLED = pytest.mark.parametrize("state", [ActionState.DONE, ActionState.CANCELLED])


@SETTLED
def test_who_has_a_side_opens_nothing_that_was_settled(cast: Cast, state: ActionState) -> None:
    person = UserFactory.create(full_name="Signe Dahl", unit=cast.units.root)
    RoleGrantFactory.create(user=person, role=Role.SECURITY)
    action = settled_task(cast, state, finding_make(cast, owner=person))
    offers = {one.transition.name: one.refusal for one in available_transitions(action, person)}
    assert "You answer for this finding" in (offers["reopen"] or "")
    with pytest.raises(TransitionRefused, match="You answer for this finding"):
        step(action, "reopen", person)
    assert step(action, "reopen", cast.auditor).state == ActionState.OPEN


@SETTLED
@pytest.mark.parametrize("over", [AuditState.CLOSED, AuditState.CANCELLED])
def test_nothing_is_opened_again_of_an_audit_that_is_over(
    cast: Cast, state: ActionState, over: AuditState
) -> None:
    audit = audit_make(cast)
    action = settled_task(cast, state, audit)
    state_set(audit, over)
    with pytest.raises(TransitionRefused, match="so nothing more is agreed on for it. Reopen it first"):
        step(action, "reopen", cast.analyst)
    state_set(audit, AuditState.FOLLOW_UP)
    assert step(action, "reopen", cast.analyst).state == ActionState.OPEN


@SETTLED
def test_nothing_is_opened_again_of_a_finding_that_is_none(cast: Cast, state: ActionState) -> None:
    finding = finding_make(cast)
    action = settled_task(cast, state, finding)
    Record.objects.filter(pk=finding.pk).update(state=FindingState.WITHDRAWN)
    with pytest.raises(TransitionRefused, match="The finding is “Withdrawn”"):
        step(action, "reopen", cast.auditor)


@SETTLED
def test_a_closed_finding_is_opened_with_its_action_alone(cast: Cast, state: ActionState) -> None:
    finding = finding_make(cast)
    action = corrective_make(cast, source=finding, actor=cast.auditor)
    below = action_create(
        source=action, title="More", owner=cast.personnel, due_on=DUE, actor=cast.auditor, now=NOW
    )
    below = step(below, "complete" if state == ActionState.DONE else "cancel", cast.auditor)
    action = step(action, "cancel", cast.auditor)
    Record.objects.filter(pk=finding.pk).update(state=FindingState.CLOSED)
    with pytest.raises(TransitionRefused, match="The finding is “Closed”"):
        step(below, "reopen", cast.auditor)
    assert step(action, "reopen", cast.auditor).state == ActionState.OPEN
    assert Finding.objects.get().state != FindingState.CLOSED
    assert step(below, "reopen", cast.auditor).state == ActionState.OPEN
