"""Every step of a control, from every state, by everyone: walked from the table itself; and what follows from them."""

from itertools import product

import pytest

from controls.choices import ControlState, VersionState
from controls.lifecycle import CONTROL_LIFECYCLE
from controls.models import Control
from controls.selectors import coming_of
from controls.services import ControlRefused, draft_write
from controls.tests.factories import (
    NOW,
    again,
    control_make,
    deadline_of,
    decide,
    in_force,
    operating,
    revising,
    step,
    submitted,
)
from foundation.accounts.access import access_of
from foundation.approvals.choices import Verdict
from foundation.approvals.services import ApprovalRefused
from foundation.lifecycle.services import TransitionForbidden, TransitionRefused, apply_transition
from foundation.lifecycle.tables import Transition
from foundation.records.models import Record
from foundation.records.services import StaleRecord
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
BY_HAND = [transition for transition in CONTROL_LIFECYCLE.transitions if not transition.by_approval]
WALK = list(product(CONTROL_LIFECYCLE.transitions, ControlState.values))


@pytest.mark.parametrize(("transition", "state"), WALK, ids=[f"{one.name}-{state}" for one, state in WALK])
def test_no_step_is_taken_from_where_it_does_not_start_nor_without_its_approval(
    cast: Cast, transition: Transition, state: str
) -> None:
    pk = control_make(cast).pk
    Record.objects.filter(pk=pk).update(state=state, owner=cast.ciso)
    if state in transition.sources and not transition.by_approval:
        return  # that it is taken there is the other test's
    for person in cast.people().values():
        control = Control.objects.get(pk=pk)
        with pytest.raises(TransitionRefused):
            apply_transition(
                record=control, name=transition.name, actor=person, now=NOW, comment="As decided"
            )
        assert Control.objects.get(pk=pk).state == state


@pytest.mark.parametrize("transition", BY_HAND, ids=lambda one: one.name)
def test_only_who_may_takes_a_step(cast: Cast, transition: Transition) -> None:
    control = control_make(cast)
    for person in cast.people().values():
        if access_of(person).has(transition.right, control.unit_id):
            continue
        Record.objects.filter(pk=control.pk).update(state=transition.sources[0], owner=cast.ciso)
        with pytest.raises(TransitionForbidden):
            apply_transition(record=control, name=transition.name, actor=person, now=NOW, comment="So")


def test_its_owner_needs_no_right(cast: Cast) -> None:
    control = control_make(cast, owner=cast.personnel)
    assert step(control, "submit", cast.personnel).state == ControlState.IN_REVIEW


def test_its_owner_does_not_retire_it(cast: Cast) -> None:
    with pytest.raises(TransitionForbidden):
        step(in_force(cast), "retire", cast.analyst, comment="Old")


@pytest.mark.parametrize(
    ("said", "why"),
    [({"statement": " "}, "no statement"), ({"evidence_how": ""}, "how evidence of it is taken")],
)
def test_what_says_too_little_is_not_submitted(cast: Cast, said: dict[str, str], why: str) -> None:
    with pytest.raises(TransitionRefused, match=why):
        submitted(cast, **said)


def test_who_wrote_it_does_not_decide(cast: Cast) -> None:
    control = control_make(cast, actor=cast.ciso, owner=cast.analyst)
    with pytest.raises(TransitionRefused):
        step(control, "submit", cast.analyst)  # the only one who may decide wrote it


def test_who_asked_does_not_decide(cast: Cast) -> None:
    control = submitted(cast)
    with pytest.raises(ApprovalRefused):
        decide(control, cast.analyst)


def test_an_approval_puts_it_in_force_with_its_digest(cast: Cast) -> None:
    control = in_force(cast)
    assert control.state == ControlState.IN_FORCE
    assert control.current.state == VersionState.IN_FORCE
    assert control.current.digest == control.current.approval.digest
    assert control.current.approved_at == NOW


def test_a_no_leads_back_to_the_draft(cast: Cast) -> None:
    control = decide(submitted(cast), cast.ciso, Verdict.REJECT, comment="Which doors?")
    assert control.state == ControlState.DRAFT
    assert coming_of(control).state == VersionState.DRAFT


def test_what_is_in_force_holds_on_while_it_is_revised(cast: Cast) -> None:
    control = revising(cast, title="Doors and windows", evidence_months=6)
    assert (control.title, control.evidence_months) == ("Doors are locked", 3)
    control = step(control, "submit_revision", cast.analyst)
    assert control.state == ControlState.REVISION_REVIEW
    assert control.current.statement == "The porter locks **all doors** at eight."
    control = decide(control, cast.ciso)
    assert control.state == ControlState.IN_FORCE
    assert (control.title, control.evidence_months, control.current.number) == ("Doors and windows", 6, 2)
    assert control.versions.get(number=1).state == VersionState.SUPERSEDED


def test_a_revision_is_given_up(cast: Cast) -> None:
    control = step(revising(cast), "discard", cast.analyst, comment="Not now")
    assert control.state == ControlState.IN_FORCE
    assert control.versions.get(number=2).state == VersionState.DISCARDED
    assert revising(cast, control).versions.get(number=3).state == VersionState.DRAFT


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"summary": ""}, "what changed"),
        ({"statement": "The porter locks **all doors** at eight."}, "what the version in force says"),
    ],
)
def test_a_revision_says_what_it_changes(cast: Cast, changes: dict[str, str], why: str) -> None:
    with pytest.raises(TransitionRefused, match=why):
        step(revising(cast, **changes), "submit_revision", cast.analyst)


def test_nothing_is_written_on_what_is_in_force(cast: Cast) -> None:
    control = in_force(cast)
    with pytest.raises(ControlRefused, match="begin a revision"):
        draft_write(
            control=control, changes={"title": "x"}, actor=cast.ciso, now=NOW, version=control.version
        )


def test_a_stale_draft_is_told(cast: Cast) -> None:
    control = control_make(cast)
    draft_write(
        control=control, changes={"title": "Gates"}, actor=cast.ciso, now=NOW, version=control.version
    )
    with pytest.raises(StaleRecord):
        draft_write(
            control=control, changes={"title": "Bars"}, actor=cast.ciso, now=NOW, version=control.version
        )
    assert again(control).title == "Gates"


def test_what_is_retired_asks_for_nothing(cast: Cast) -> None:
    control = operating(cast)
    control = step(control, "retire", cast.ciso, comment="Doors are gone")
    assert not control.is_evidence_asked
    assert deadline_of(control).was_dropped
    assert control.versions.get().state == VersionState.RETIRED


def test_who_wrote_on_it_before_somebody_else_does_not_approve_it(cast: Cast) -> None:
    control = control_make(cast, actor=cast.ciso, owner=cast.analyst)
    draft_write(
        control=control,
        changes={"purpose": "Nobody walks in."},
        actor=cast.analyst,
        now=NOW,
        version=control.version,
    )
    with pytest.raises(ApprovalRefused, match="needs 1 people"):
        step(again(control), "submit", cast.analyst)


def test_who_only_began_a_revision_may_approve_it(cast: Cast) -> None:
    control = step(in_force(cast), "revise", cast.ciso)
    draft_write(
        control=control,
        changes={"statement": "And the windows.", "summary": "Windows, too"},
        actor=cast.analyst,
        now=NOW,
        version=control.version,
    )
    control = decide(step(again(control), "submit_revision", cast.analyst), cast.ciso)
    assert control.current.number == 2
