"""A proposal counts for nothing: not for the finding, its audit and their report, nor among what people have to do, or what is late."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from audits.choices import FindingState, Grade
from audits.models import Audit, Finding
from audits.selectors import closing_obstacles, findings_state_of, report_answers
from audits.services import finding_answer_write
from audits.services.finding_dates import CLOSING
from audits.tests.factories import NOW, finding_make
from foundation.accounts.organisation import organisation_day
from foundation.actions.choices import ActionState
from foundation.actions.models import Action, ActionListing
from foundation.actions.selectors import actions_of_person, late_actions_of_duty
from foundation.actions.tests.factories import step
from foundation.actions.tests.proposals import proposal_in, propose, waits_for
from foundation.deadlines.models import Deadline
from foundation.lifecycle.services import (
    TransitionRefused,
    apply_transition,
)
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.ui.counts import count_each

pytestmark = pytest.mark.django_db


def finding_answered(cast: Cast, finding: Finding) -> Finding:
    answer = {"response": "We agree.", "root_cause": "Nobody is told."}
    finding_answer_write(finding=finding, changes=answer, actor=cast.unit_lead, version=finding.version)
    apply_transition(record=finding, name="answer", actor=cast.unit_lead, now=NOW)
    return Finding.objects.get(pk=finding.pk)


def test_a_proposal_settles_nothing_and_holds_up_what_passes_it_over(cast: Cast) -> None:
    finding = finding_make(cast)
    action = propose(cast, finding)
    finding = finding_answered(cast, finding)
    with pytest.raises(TransitionRefused, match=f"Actions are proposed.*{action.reference}"):
        apply_transition(record=finding, name="agree", actor=cast.auditor, now=NOW)
    step(action, "return", cast.auditor)
    with pytest.raises(TransitionRefused, match="Agree on a corrective action first"):
        apply_transition(record=finding, name="agree", actor=cast.auditor, now=NOW)
    step(action, "propose_again", cast.unit_lead)
    step(action, "agree", cast.auditor)
    apply_transition(record=finding, name="agree", actor=cast.auditor, now=NOW)
    assert Finding.objects.get().state == FindingState.AGREED


def test_an_audit_is_not_closed_on_a_proposal(cast: Cast) -> None:
    finding = finding_make(cast)
    action = propose(cast, finding)
    Record.objects.filter(pk=finding.pk).update(state=FindingState.AGREED)
    audit = Audit.objects.get()
    assert findings_state_of(audit).without_action == 1
    assert any("no action that stands" in one.sentence for one in closing_obstacles(audit))
    step(action, "agree", cast.auditor)
    assert findings_state_of(audit).without_action == 0


def test_a_further_proposal_takes_the_date_of_the_end_away(cast: Cast) -> None:
    finding = finding_make(cast)
    action = step(propose(cast, finding), "agree", cast.auditor)
    apply_transition(record=finding_answered(cast, finding), name="agree", actor=cast.auditor, now=NOW)
    step(step(action, "report_done", cast.personnel), "verify", cast.auditor)
    dates = Deadline.objects.open().filter(record=finding)
    assert [one.kind for one in dates] == [CLOSING]
    further = propose(cast, Finding.objects.get())
    assert not dates.all().exists()
    step(further, "withdraw", cast.unit_lead)
    assert [one.kind for one in dates.all()] == [CLOSING]


def test_what_is_still_proposed_ends_with_the_finding(cast: Cast) -> None:
    finding = finding_make(cast, grade=Grade.OBSERVATION)
    action = propose(cast, finding)
    apply_transition(record=finding, name="withdraw", actor=cast.auditor, now=NOW, comment="It is none.")
    action = Action.objects.get(pk=action.pk)
    assert action.state == ActionState.WITHDRAWN
    assert waits_for(action) == {}
    with pytest.raises(ValidationError, match="so nothing more is agreed on for it"):
        propose(cast, Finding.objects.get())


def test_the_report_tells_what_was_agreed_on_alone(cast: Cast) -> None:
    action = propose(cast)
    answers = report_answers(Audit.objects.get())
    assert answers.to_findings["FND-0001"].actions == ()
    step(action, "agree", cast.auditor)
    answers = report_answers(Audit.objects.get())
    assert [one.reference for one in answers.to_findings["FND-0001"].actions] == [action.reference]


def test_it_is_nobodys_to_do(cast: Cast) -> None:
    action = propose(cast)
    mine = actions_of_person(cast.personnel)["mine"]
    assert count_each([mine]) == [0]
    step(action, "agree", cast.auditor)
    assert count_each([mine]) == [1]


@pytest.mark.parametrize("state", [ActionState.PROPOSED, ActionState.RETURNED])
def test_it_is_not_late_as_an_action_is(cast: Cast, state: ActionState) -> None:
    action = proposal_in(cast, state)
    later = NOW + timedelta(days=30)
    listed = ActionListing.objects.get(pk=action.pk)
    assert listed.due_on < organisation_day(later), "its decision is late"
    assert not ActionListing.objects.late(organisation_day(later)).exists()
    assert count_each([late_actions_of_duty("audits", cast.ciso, later)]) == [0]
    if state == ActionState.PROPOSED:
        step(action, "agree", cast.auditor)
        after = NOW + timedelta(days=200)
        assert count_each([late_actions_of_duty("audits", cast.ciso, after)]) == [1]
        assert ActionListing.objects.late(organisation_day(after)).exists()
