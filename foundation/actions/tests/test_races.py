"""Steps and changes at the same moment, on two connections: what an action follows from is held before the action."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from audits.choices import AuditState
from audits.models import Audit, Finding
from audits.services import finding_answer_write, finding_change
from audits.tests.factories import NOW, audit_in, finding_make, report_approve
from foundation.accounts.tests.factories import UserFactory
from foundation.actions.choices import ActionNature, ActionState
from foundation.actions.models import Action
from foundation.actions.services import action_change, decider_look
from foundation.actions.tests.factories import corrective_make, step, task_make
from foundation.actions.tests.proposals import propose, waits_for
from foundation.deadlines.models import Deadline
from foundation.lifecycle.services import TransitionRefused, apply_transition
from foundation.records.services import record_hold
from foundation.testing.cast import Cast
from foundation.testing.races import elsewhere, wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_audit_is_not_closed_while_an_action_of_it_is_reopened(committed_cast: Cast) -> None:
    cast = committed_cast
    audit = audit_in(cast, AuditState.REPORTING)
    report_approve(audit, cast)
    audit = Audit.objects.get(pk=audit.pk)
    action = step(task_make(cast, source=audit), "complete", cast.personnel)
    with transaction.atomic():
        action = step(action, "reopen", cast.analyst)
        closing = elsewhere(lambda: apply_transition(record=audit, name="close", actor=cast.analyst, now=NOW))
        wait_until_blocked()
    with pytest.raises(TransitionRefused, match="action"):
        closing.result(15)
    assert (Audit.objects.get(pk=audit.pk).state, action.state) == (AuditState.FOLLOW_UP, ActionState.OPEN)


def test_an_action_is_changed_while_its_finding_is(committed_cast: Cast) -> None:
    cast = committed_cast
    other = UserFactory.create(unit=cast.units.cards)
    finding = finding_make(cast)
    finding = finding_answer_write(
        finding=finding,
        changes={"response": "Agreed.", "root_cause": "No list of leavers."},
        actor=finding.owner,
        version=finding.version,
    )
    apply_transition(record=finding, name="answer", actor=finding.owner, now=NOW)
    action = corrective_make(cast, source=finding)
    finding = Finding.objects.get(pk=finding.pk)
    with transaction.atomic():
        record_hold(finding.audit_id)
        record_hold(finding.pk, alone=True)
        list(Deadline.objects.select_for_update().filter(record_id=finding.pk))
        changing = elsewhere(
            lambda: action_change(
                action=action,
                changes={"nature": ActionNature.TASK, "verifier": None},
                actor=cast.ciso,
                now=NOW,
                version=action.version,
            )
        )
        wait_until_blocked()
        finding_change(
            finding=finding, changes={"owner": other}, actor=cast.auditor, now=NOW, version=finding.version
        )
    assert changing.result(15).nature == ActionNature.TASK
    assert Finding.objects.get(pk=finding.pk).owner == other


def test_nothing_is_agreed_on_below_what_is_closed_meanwhile(committed_cast: Cast) -> None:
    cast = committed_cast
    audit = audit_in(cast, AuditState.REPORTING)
    report_approve(audit, cast)
    audit = Audit.objects.get(pk=audit.pk)
    action = step(task_make(cast, source=audit), "complete", cast.personnel)
    with transaction.atomic():
        apply_transition(record=audit, name="close", actor=cast.analyst, now=NOW)
        agreeing = elsewhere(lambda: task_make(cast, source=action))
        wait_until_blocked()
    with pytest.raises(ValidationError, match="is “Done”, so nothing more is done below it"):
        agreeing.result(15)
    assert Action.objects.count() == 1


@pytest.mark.parametrize("late", [False, True], ids=["in_time", "over"])
def test_who_decides_is_read_of_a_proposal_as_it_is_then(committed_cast: Cast, late: bool) -> None:
    cast = committed_cast
    action = propose(cast)
    Deadline.objects.filter(record_id=action.pk).update(assignee=cast.ciso)
    with transaction.atomic():
        if late:
            step(action, "withdraw", cast.unit_lead)
        else:
            record_hold(action.pk, alone=True)
        looking = elsewhere(lambda: decider_look(key=action.pk, now=NOW))
        wait_until_blocked()
    assert looking.result(15) is not late
    assert bool(waits_for(action)) is not late
