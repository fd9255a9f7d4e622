"""Who is audited proposes what is done about a finding; the auditors agree on it, or return it. Until then it counts for nothing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from audits.choices import AuditState, FindingState
from audits.models import Finding
from audits.services import finding_change
from audits.tests.factories import NOW, TODAY, audit_make, finding_make
from audits.tests.reports import state_set
from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.tests.factories import RoleGrantFactory, UserFactory
from foundation.actions.choices import NOT_AGREED, ActionNature, ActionState
from foundation.actions.lifecycle import ACTION_LIFECYCLE
from foundation.actions.models import Action, ActionListing
from foundation.actions.services import (
    DUE,
    PROPOSAL,
    PROPOSER,
    REVISION,
    action_change,
    action_create,
    proposal_revise,
)
from foundation.actions.tasks import follow_verifiers
from foundation.actions.tests.factories import DUE as DUE_ON
from foundation.actions.tests.factories import step
from foundation.actions.tests.proposals import JUDGES, WEEK, proposal_in, propose, told, waits_for
from foundation.lifecycle.pages import record_steps
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

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


# Every state, every step, every role


@dataclass(frozen=True)
class Case:
    state: ActionState
    step: Transition

    def __str__(self) -> str:
        return f"{self.state}-{self.step.name}"


def cases() -> Iterator[Case]:
    for state in NOT_AGREED:
        for one in ACTION_LIFECYCLE.transitions:
            yield Case(state, one)


@pytest.mark.parametrize("case", list(cases()), ids=str)
def test_every_role_meets_what_the_table_says(cast: Cast, case: Case) -> None:
    action = proposal_in(cast, case.state)
    is_step = case.state in case.step.sources and case.step.is_step_of(action) and not case.step.by_approval
    for name, person in cast.people().items():
        may = (
            person == cast.unit_lead
            if PROPOSER in case.step.parts_may
            else name in ("ciso", "analyst", "auditor")
        )
        offered = {offer.transition.name for offer in available_transitions(action, person)}
        assert (case.step.name in offered) == (may and is_step), name
        if may and is_step:
            with transaction.atomic():
                saved = transaction.savepoint()
                assert step(action, case.step.name, person).state == case.step.target
                transaction.savepoint_rollback(saved)
            continue
        with pytest.raises(TransitionRefused):
            apply_transition(record=action, name=case.step.name, actor=person, now=NOW, comment="Because")
        assert Action.objects.get(pk=action.pk).state == case.state


def test_whose_step_it_is_names_who_proposed_it(cast: Cast) -> None:
    with pytest.raises(TransitionForbidden, match="This is up to Ulrike Sommer alone"):
        step(propose(cast), "withdraw", cast.ciso)


# The way of a proposal


def test_what_is_proposed_waits_for_who_sees_to_the_finding(cast: Cast) -> None:
    action = propose(cast)
    assert (action.state, action.nature, action.proposed_by) == (
        ActionState.PROPOSED,
        ActionNature.CORRECTIVE,
        cast.unit_lead,
    )
    assert action.verifier is None
    assert waits_for(action) == {PROPOSAL: (cast.auditor, TODAY + WEEK)}
    assert told("proposed", action) == {cast.auditor}
    assert not told("given", action), "nobody has to do it yet"
    assert ActionListing.objects.get(pk=action.pk).due_on == TODAY + WEEK
    assert [str(one.label) for one in record_steps(action)][:2] == ["Proposed", "Open"]
    verbs = set(Entry.objects.filter(record_id=action.pk).values_list("action", flat=True))
    assert "actions.action.proposed" in verbs
    assert "actions.action.created" not in verbs, "nobody agreed on it"


def test_what_is_agreed_on_is_an_action_as_any(cast: Cast) -> None:
    action = step(propose(cast), "agree", cast.auditor)
    assert (action.state, action.agreed_by, action.verifier) == (ActionState.OPEN, cast.auditor, cast.auditor)
    assert waits_for(action) == {DUE: (cast.personnel, DUE_ON)}
    assert told("given", action) == {cast.personnel}
    assert told("proposal_decided", action) == {cast.unit_lead}
    assert not action.participants.filter(role=PROPOSER).exists()
    action = step(action, "report_done", cast.personnel)
    assert step(action, "verify", cast.auditor).state == ActionState.VERIFIED


def test_what_is_returned_is_revised_and_proposed_again(cast: Cast) -> None:
    action = step(propose(cast), "return", cast.auditor, comment="Too late: by February.")
    assert action.returned_because == "Too late: by February."
    assert waits_for(action) == {REVISION: (cast.unit_lead, TODAY + WEEK)}
    assert told("proposal_decided", action) == {cast.unit_lead}
    sooner = DUE_ON - WEEK
    action = proposal_revise(
        action=action, changes={"due_on": sooner}, actor=cast.unit_lead, now=NOW, version=action.version
    )
    action = step(action, "propose_again", cast.unit_lead)
    assert waits_for(action) == {PROPOSAL: (cast.auditor, TODAY + WEEK)}
    assert step(action, "agree", cast.auditor).due_on == sooner


def test_who_answers_for_the_finding_now_goes_on_with_it(cast: Cast) -> None:
    action = step(propose(cast), "return", cast.auditor)
    finding = Finding.objects.get()
    finding_change(
        finding=finding,
        changes={"owner": cast.personnel},
        actor=cast.auditor,
        now=NOW,
        version=finding.version,
    )
    assert waits_for(action)[REVISION][0] == cast.personnel
    with pytest.raises(TransitionForbidden):
        step(action, "propose_again", cast.unit_lead)
    assert step(action, "propose_again", cast.personnel).proposed_by == cast.personnel


def test_each_hour_it_waits_for_who_may_decide(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    action = propose(cast)
    User.objects.filter(pk=cast.auditor.pk).update(unit=cast.units.cards)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=1))
    follow_verifiers()
    assert waits_for(action)[PROPOSAL][0] == cast.analyst
    assert told("proposed", action) == {cast.auditor, cast.analyst}
    before = Notice.objects.count()
    follow_verifiers()
    assert Notice.objects.count() == before
    assert Action.objects.get().verifier is None, "nobody verifies what is only proposed"


# Both sides


@pytest.mark.parametrize("name", ["ciso", "analyst", "auditor", "personnel", "outsider"])
def test_only_who_answers_for_the_finding_proposes(cast: Cast, name: str) -> None:
    with pytest.raises(ValidationError, match="Only who answers for the finding"):
        propose(cast, actor=getattr(cast, name))


def test_nothing_is_proposed_for_an_audit(cast: Cast) -> None:
    with pytest.raises(ValidationError, match="Nobody proposes actions here"):
        propose(cast, source=audit_make(cast), actor=cast.analyst)


@pytest.mark.parametrize("why", ["owner", "unit", "auditee"])
def test_nobody_with_a_side_agrees_whatever_the_role(cast: Cast, why: str) -> None:
    person = UserFactory.create(
        full_name="Signe Dahl", unit=cast.units.cards if why == "unit" else cast.units.root
    )
    RoleGrantFactory.create(user=person, role=Role.SECURITY)
    audit = audit_make(cast, auditees=[person] if why == "auditee" else [])
    finding = finding_make(cast, audit, owner=person if why == "owner" else cast.unit_lead)
    action = propose(cast, finding)
    for name in JUDGES:
        with pytest.raises(TransitionRefused, match="somebody else|own unit"):
            step(action, name, person)
    with pytest.raises(ValidationError, match="somebody else|own unit"):
        action_create(
            source=finding, title="Mine", owner=cast.personnel, due_on=DUE_ON, actor=person, now=NOW
        )


def test_who_would_own_it_does_not_agree(cast: Cast) -> None:
    action = propose(cast, owner=cast.analyst)
    with pytest.raises(TransitionRefused, match="You would own this action"):
        step(action, "agree", cast.analyst)


def test_the_auditors_change_nothing_of_a_proposal(cast: Cast) -> None:
    for state in (ActionState.PROPOSED, ActionState.RETURNED):
        action = proposal_in(cast, state)
        with pytest.raises(ValidationError, match="It is only proposed"):
            action_change(
                action=action, changes={"title": "Else"}, actor=cast.auditor, now=NOW, version=action.version
            )
        with pytest.raises(ValidationError, match="Only who answers"):
            proposal_revise(
                action=action, changes={"title": "Else"}, actor=cast.auditor, now=NOW, version=action.version
            )


def test_what_waits_to_be_decided_stays_as_it_is(cast: Cast) -> None:
    action = propose(cast)
    with pytest.raises(ValidationError, match="Only a proposal that was returned"):
        proposal_revise(
            action=action, changes={"title": "Else"}, actor=cast.unit_lead, now=NOW, version=action.version
        )


def test_the_database_lets_nothing_be_done_that_nobody_agreed_on(cast: Cast) -> None:
    action = propose(cast)
    with pytest.raises(IntegrityError, match="action_agreed_by_another"), transaction.atomic():
        Action.objects.filter(pk=action.pk).update(agreed_by=cast.unit_lead, agreed_at=NOW)
    with pytest.raises(IntegrityError, match="Nobody agreed on action"), transaction.atomic():
        Record.objects.filter(pk=action.pk).update(state=ActionState.OPEN)
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# Where nothing more is agreed on


def test_what_follows_from_an_action_goes_by_where_the_chain_starts(cast: Cast) -> None:
    first = step(propose(cast), "agree", cast.auditor)
    given: dict[str, Any] = {
        "source": first,
        "title": "More",
        "owner": cast.personnel,
        "due_on": DUE_ON,
        "now": NOW,
    }
    with pytest.raises(ValidationError, match="You answer for this finding"):
        action_create(**given, actor=cast.unit_lead)
    assert action_create(**given, actor=cast.auditor).state == ActionState.OPEN
    Record.objects.filter(pk=Finding.objects.get().pk).update(state=FindingState.CLOSED)
    with pytest.raises(ValidationError, match="The finding is “Closed”"):
        action_create(**given, actor=cast.auditor)


@pytest.mark.parametrize("state", NOT_AGREED)
def test_nothing_follows_from_what_nobody_agreed_on(cast: Cast, sign_in: SignIn, state: ActionState) -> None:
    action = proposal_in(cast, state)
    words = f"Nobody agreed on {action.reference}, so nothing follows from it."
    with pytest.raises(ValidationError, match=words):
        action_create(
            source=action, title="More", owner=cast.personnel, due_on=DUE_ON, actor=cast.auditor, now=NOW
        )
    create = reverse("actions:action-create", args=[action.reference])
    client = sign_in(cast.auditor)
    assert create not in client.get(action.get_absolute_url()).content.decode()
    assert client.get(create).status_code == 403


@pytest.mark.parametrize("state", [AuditState.CLOSED, AuditState.CANCELLED])
def test_nothing_is_agreed_on_for_an_audit_that_is_over(cast: Cast, sign_in: SignIn, state: str) -> None:
    audit = audit_make(cast)
    client = sign_in(cast.ciso)
    create = reverse("actions:action-create", args=[audit.reference])
    assert create in client.get(audit.get_absolute_url()).content.decode()
    state_set(audit, state)
    assert create not in client.get(audit.get_absolute_url()).content.decode()
    assert client.get(create).status_code == 403
    sent = {
        "title": "Late",
        "owner": cast.personnel.pk,
        "due_on": DUE_ON,
        "nature": "task",
        "effectiveness_days": 90,
    }
    answer = client.post(create, sent)
    assert answer.status_code == 422
    assert "so nothing more is agreed on for it. Reopen it first." in answer.content.decode()
    with pytest.raises(ValidationError, match="Reopen it first"):
        action_create(
            source=audit, title="Late", owner=cast.personnel, due_on=DUE_ON, actor=cast.ciso, now=NOW
        )
