"""A proposal waits for somebody who may decide on it, whoever proposed it, would own it, or leads there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from audits.choices import Grade
from audits.tests.factories import NOW, audit_make, finding_make
from foundation import clock
from foundation.accounts.models import RoleGrant, User
from foundation.actions.choices import ActionState
from foundation.actions.models import Action
from foundation.actions.services import PROPOSAL, action_change, deciders_lost, proposal_revise
from foundation.actions.tasks import follow_verifiers
from foundation.actions.tests.factories import DUE, step
from foundation.actions.tests.proposals import propose, told, waits_for
from foundation.lifecycle.services import TransitionRefused, apply_transition, available_transitions
from foundation.notifications.models import Notice
from foundation.records.models import Record
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


def turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an hour go by, and the portal look whom proposals wait for."""
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(hours=1))
    follow_verifiers()


def test_it_does_not_wait_for_who_would_own_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    action = propose(cast)
    Record.objects.filter(pk=action.pk).update(owner=cast.auditor)
    turn(monkeypatch)
    assert waits_for(action)[PROPOSAL][0] == cast.analyst, "who owns the audit"
    assert told("proposed", action) == {cast.auditor, cast.analyst}
    assert step(action, "agree", cast.analyst).state == ActionState.OPEN


def test_it_does_not_wait_for_who_proposed_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    action = propose(cast)
    Action.objects.filter(pk=action.pk).update(proposed_by=cast.auditor)
    turn(monkeypatch)
    assert waits_for(action)[PROPOSAL][0] == cast.analyst


def test_it_does_not_wait_for_who_has_no_right(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    action = propose(cast, owner=cast.analyst)
    RoleGrant.objects.filter(user=cast.auditor).delete()
    turn(monkeypatch)
    assert waits_for(action)[PROPOSAL][0] == cast.ciso
    assert step(action, "agree", cast.ciso).state == ActionState.OPEN


def test_it_waits_for_anybody_who_may_before_nobody_does(cast: Cast) -> None:
    finding = finding_make(cast, audit_make(cast, owner=cast.ciso))
    action = propose(cast, finding, owner=cast.ciso)
    RoleGrant.objects.filter(user=cast.auditor).delete()
    assert list(deciders_lost(now=NOW)) == [action.pk]
    assert waits_for(propose(cast, finding, owner=cast.ciso))[PROPOSAL][0] == cast.analyst


@pytest.mark.parametrize("name", ["auditor", "analyst"])
def test_who_audits_there_does_not_do_it(cast: Cast, sign_in: SignIn, name: str) -> None:
    person = getattr(cast, name)
    finding = finding_make(cast, audit_make(cast, owner=cast.ciso, team=[cast.analyst]))
    words = f"{person} audits here, so somebody else must do it."
    with pytest.raises(ValidationError, match=words):
        propose(cast, finding, owner=person)
    sent = {"title": "Tell operations", "owner": person.pk, "due_on": DUE, "description": ""}
    client = sign_in(cast.unit_lead)
    url = reverse("actions:action-propose", args=[finding.reference])
    form = client.get(url).context["form"]
    answer = client.post(url, {**sent, "submission": form["submission"].value()})
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"owner": [words]}
    assert not Action.objects.exists()


def test_nor_is_it_given_to_them_when_it_is_revised(cast: Cast) -> None:
    action = step(propose(cast), "return", cast.auditor)
    given: dict[str, Any] = {"actor": cast.unit_lead, "now": NOW, "version": action.version}
    with pytest.raises(ValidationError, match="audits here"):
        proposal_revise(action=action, changes={"owner": cast.auditor}, **given)
    assert proposal_revise(action=action, changes={"owner": cast.analyst}, **given).owner == cast.analyst


def test_who_would_own_it_may_say_no_to_it(cast: Cast) -> None:
    action = propose(cast, owner=cast.analyst)
    offered = {one.transition.name: one.refusal for one in available_transitions(action, cast.analyst)}
    assert offered["return"] is None
    assert offered["agree"] == "You would own this action, so somebody else must agree on it."
    action = step(action, "return", cast.analyst, comment="Operations must do it.")
    assert action.state == ActionState.RETURNED
    assert told("proposal_decided", action) == {cast.unit_lead}


def test_who_proposed_it_does_not_return_it(cast: Cast) -> None:
    action = propose(cast)
    Action.objects.filter(pk=action.pk).update(proposed_by=cast.analyst)
    with pytest.raises(TransitionRefused, match="somebody else must return it"):
        step(action, "return", cast.analyst)


def test_the_database_lets_nobody_agree_on_what_they_would_own(cast: Cast) -> None:
    action = propose(cast, owner=cast.analyst)
    rows = Action.objects.filter(pk=action.pk)
    with pytest.raises(IntegrityError, match="can not agree on it"), transaction.atomic():
        rows.update(agreed_by=cast.analyst, agreed_at=NOW)
    rows.update(agreed_by=cast.auditor, agreed_at=NOW)


def test_who_agreed_may_own_it_later(cast: Cast) -> None:
    action = step(propose(cast), "agree", cast.ciso)
    changed = action_change(
        action=action,
        changes={"owner": cast.ciso, "verifier": cast.auditor},
        actor=cast.auditor,
        now=NOW,
        version=action.version,
    )
    changed.save()
    assert changed.owner == changed.agreed_by


def sentences(action: Action, person: User) -> list[str]:
    """Return what a person was told of an action, the latest last."""
    notices = Notice.objects.filter(record_id=action.pk, recipient=person).order_by("pk")
    return [notice.payload["sentence"] for notice in notices]


@pytest.mark.parametrize("was_returned", [False, True], ids=["proposed", "returned"])
def test_who_was_to_decide_is_told_that_it_is_withdrawn(cast: Cast, was_returned: bool) -> None:
    action = propose(cast)
    if was_returned:
        action = step(action, "return", cast.auditor)
    action = step(action, "withdraw", cast.unit_lead, comment="It is done otherwise.")
    assert sentences(action, cast.auditor)[-1] == "Withdrawn: It is done otherwise."


def test_who_proposed_it_is_told_that_it_ended_with_the_finding(cast: Cast) -> None:
    finding = finding_make(cast, grade=Grade.OBSERVATION)
    action = propose(cast, finding)
    apply_transition(record=finding, name="withdraw", actor=cast.auditor, now=NOW, comment="It is none.")
    assert sentences(action, cast.unit_lead)[-1].startswith("Ended with what it was proposed for: ")
    assert told("proposed", action) == {cast.auditor}, "who withdrew the finding knows"
