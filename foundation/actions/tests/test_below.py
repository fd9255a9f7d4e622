"""What follows from an action is done before the action is, and nothing is open below what is settled."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from audits.choices import FindingState
from audits.models import Finding
from audits.selectors import closing_obstacles
from audits.services.finding_dates import CLOSING
from audits.tests.factories import audit_make, finding_make
from foundation.accounts.models import User
from foundation.actions.choices import ActionState
from foundation.actions.models import Action
from foundation.actions.tests.factories import corrective_make, step, task_make
from foundation.actions.tests.proposals import waits_for
from foundation.lifecycle.services import TransitionRefused
from foundation.notifications.models import Notice
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def test_a_task_is_not_done_before_what_follows_from_it(cast: Cast, sign_in: SignIn) -> None:
    task = task_make(cast)
    further = task_make(cast, source=task_make(cast, source=task))
    step(Action.objects.get(pk=further.source_id), "cancel", cast.analyst)
    words = f"What follows from it is still to be done or verified: {further.reference}."
    with pytest.raises(TransitionRefused, match=words):
        step(task, "complete", cast.personnel)
    assert words in sign_in(cast.personnel).get(task.get_absolute_url()).content.decode()
    step(further, "complete", cast.personnel)
    assert step(task, "complete", cast.personnel).state == ActionState.DONE


def test_a_corrective_action_is_neither_reported_nor_verified_before_what_follows_from_it(cast: Cast) -> None:
    action = corrective_make(cast)
    first = task_make(cast, source=action)
    with pytest.raises(TransitionRefused, match=first.reference):
        step(action, "report_done", cast.personnel)
    step(first, "complete", cast.personnel)
    action = step(action, "report_done", cast.personnel)
    second = task_make(cast, source=action)
    with pytest.raises(TransitionRefused, match=second.reference):
        step(action, "verify", cast.auditor)
    assert step(action, "send_back", cast.auditor).state == ActionState.OPEN


def test_nor_is_its_effect_confirmed(cast: Cast) -> None:
    action = corrective_make(cast, state=ActionState.VERIFIED)
    further = task_make(cast, source=action)
    with pytest.raises(TransitionRefused, match=further.reference):
        step(action, "confirm_effective", cast.auditor)
    step(further, "complete", cast.personnel)
    assert step(action, "confirm_effective", cast.auditor).state == ActionState.EFFECTIVE


@pytest.mark.parametrize("state", [ActionState.DONE, ActionState.CANCELLED])
def test_nothing_is_agreed_on_or_opened_again_below_what_is_settled(
    cast: Cast, sign_in: SignIn, state: ActionState
) -> None:
    task = task_make(cast)
    further = step(task_make(cast, source=task), "complete", cast.personnel)
    task = step(task, "complete" if state == ActionState.DONE else "cancel", cast.analyst)
    words = f"{task.reference} is “{state.label}”, so nothing more is done below it. Reopen it first."
    with pytest.raises(ValidationError, match=words):
        task_make(cast, source=task)
    with pytest.raises(TransitionRefused, match=words):
        step(further, "reopen", cast.analyst)
    page = sign_in(cast.analyst).get(task.get_absolute_url()).content.decode()
    assert reverse("actions:action-create", args=[task.reference]) not in page
    step(task, "reopen", cast.analyst)
    assert step(further, "reopen", cast.analyst).state == ActionState.OPEN


def test_an_audit_is_not_closed_while_a_task_is_open_below_its_actions(cast: Cast) -> None:
    audit = audit_make(cast)
    task = task_make(cast, source=audit)
    further = task_make(cast, source=task)
    Record.objects.filter(pk=task.pk).update(state=ActionState.DONE)
    (words,) = [one.sentence for one in closing_obstacles(audit) if "action" in one.sentence]
    assert words == "1 action that follows from the audit, or from one of its actions, is still open."
    step(further, "complete", cast.personnel)
    assert not [one for one in closing_obstacles(audit) if "action" in one.sentence]


def test_a_finding_waits_for_what_is_below_its_actions_and_then_for_its_end(cast: Cast) -> None:
    finding = finding_make(cast)
    action = corrective_make(
        cast, source=finding, actor=cast.auditor, state=ActionState.OPEN, verifier=cast.analyst
    )
    action = step(action, "report_done", cast.personnel)
    Record.objects.filter(pk=finding.pk).update(state=FindingState.AGREED)
    action = step(action, "verify", cast.analyst)
    assert CLOSING in waits_for(finding)
    further = task_make(cast, source=action)
    assert CLOSING not in waits_for(finding), "there is more to be done"
    finding = Finding.objects.get()
    with pytest.raises(TransitionRefused, match=f"still to be done or verified: {further.reference}"):
        step(finding, "close", cast.auditor)
    step(further, "complete", cast.personnel)
    assert CLOSING in waits_for(finding)


def test_what_did_not_work_below_a_verified_action_opens_the_finding(cast: Cast) -> None:
    finding = finding_make(cast)
    action = corrective_make(cast, source=finding, actor=cast.auditor, verifier=cast.analyst)
    below = corrective_make(cast, source=action, state=ActionState.OPEN)
    below = step(step(below, "report_done", cast.personnel), "verify", cast.auditor)
    action = step(step(action, "report_done", cast.personnel), "verify", cast.analyst)
    Record.objects.filter(pk=finding.pk).update(state=FindingState.CLOSED)
    step(below, "not_effective", cast.auditor)
    assert Finding.objects.get().state == FindingState.AGREED


@pytest.mark.parametrize("between", [False, True])
def test_what_did_not_work_below_a_settled_action_opens_that_too(cast: Cast, between: bool) -> None:
    action = corrective_make(cast, state=ActionState.OPEN)
    source = task_make(cast, source=action) if between else action
    below = corrective_make(cast, source=source, state=ActionState.OPEN)
    if between:
        step(source, "cancel", cast.analyst)
    below = step(step(below, "report_done", cast.personnel), "verify", cast.auditor)
    action = step(step(action, "report_done", cast.personnel), "verify", cast.auditor)
    action = step(action, "confirm_effective", cast.auditor)
    Notice.objects.all().delete()
    step(below, "not_effective", cast.auditor, comment="Nine more mails.")
    action = Action.objects.get(pk=action.pk)
    assert (action.state, action.open_because) == (ActionState.OPEN, f"{below.reference}: Nine more mails.")
    assert (action.times_reopened, action.effect_checked_by, action.verified_by) == (0, None, None)
    assert [one.recipient for one in Notice.objects.filter(record_id=action.pk)] == [action.owner]
    (entry,) = Entry.objects.filter(record_id=action.pk, action="actions.action.reopen_by_below")
    assert entry.actor_id == cast.auditor.pk


def test_a_task_above_is_open_again_too_and_nobody_takes_that_step(cast: Cast, sign_in: SignIn) -> None:
    task = task_make(cast)
    below = corrective_make(cast, source=task, state=ActionState.OPEN)
    below = step(step(below, "report_done", cast.personnel), "verify", cast.auditor)
    task = step(task, "complete", cast.personnel)
    with pytest.raises(TransitionRefused):
        step(task, "reopen_by_below", cast.ciso)
    step(below, "not_effective", cast.auditor)
    assert Action.objects.get(pk=task.pk).state == ActionState.OPEN
