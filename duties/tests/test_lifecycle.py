"""Every step of an activity, from every state, by everyone: walked from the table itself; and what follows from them."""

from datetime import timedelta
from itertools import product

import pytest

from duties.choices import ActivityState
from duties.lifecycle import ACTIVITY_LIFECYCLE, PATH, SIGNED_PATH
from duties.models import Activity
from duties.services import DUE, ActivityRefused, item_tick, outcome_write
from duties.tests.factories import (
    DAY,
    NOW,
    TODAY,
    activity_make,
    again,
    decide,
    done,
    ready,
    step,
    submitted,
)
from foundation.accounts.access import access_of
from foundation.approvals.choices import Verdict
from foundation.approvals.services import ApprovalRefused
from foundation.deadlines.models import Deadline
from foundation.lifecycle.services import (
    TransitionForbidden,
    TransitionRefused,
    apply_transition,
    available_transitions,
)
from foundation.lifecycle.tables import Transition
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.trail.models import Entry

pytestmark = pytest.mark.django_db
BY_HAND = [transition for transition in ACTIVITY_LIFECYCLE.transitions if not transition.by_approval]
WALK = list(product(ACTIVITY_LIFECYCLE.transitions, ActivityState.values))


def deadline_of(activity: Activity) -> Deadline:
    return Deadline.objects.get(record_id=activity.pk, kind=DUE)


@pytest.mark.parametrize(("transition", "state"), WALK, ids=[f"{one.name}-{state}" for one, state in WALK])
def test_no_step_is_taken_from_where_it_does_not_start_nor_without_its_approval(
    cast: Cast, transition: Transition, state: str
) -> None:
    pk = ready(activity_make(cast), cast.personnel).pk
    Record.objects.filter(pk=pk).update(state=state, owner=cast.ciso)
    if state in transition.sources and not transition.by_approval:
        return  # that it is taken there is the other tests'
    for person in cast.people().values():
        activity = Activity.objects.get(pk=pk)
        with pytest.raises(TransitionRefused):
            apply_transition(record=activity, name=transition.name, actor=person, now=NOW, comment="So")
        assert Activity.objects.get(pk=pk).state == state


@pytest.mark.parametrize("transition", BY_HAND, ids=lambda one: one.name)
def test_only_who_may_takes_a_step(cast: Cast, transition: Transition) -> None:
    activity = ready(activity_make(cast, needs_sign_off=transition.name == "submit"), cast.personnel)
    for person in cast.people().values():
        if access_of(person).has(transition.right, activity.unit_id):
            continue
        Record.objects.filter(pk=activity.pk).update(state=transition.sources[0], owner=cast.ciso)
        with pytest.raises(TransitionForbidden):
            apply_transition(
                record=again(activity), name=transition.name, actor=person, now=NOW, comment="So"
            )


@pytest.mark.parametrize("name", ["start", "complete"])
def test_its_owner_does_it_without_a_right(cast: Cast, name: str) -> None:
    activity = activity_make(cast)
    if name == "complete":
        activity = ready(activity, cast.personnel)
    assert step(activity, name, cast.personnel).state == ACTIVITY_LIFECYCLE.transition(name).target


@pytest.mark.parametrize("name", ["skip", "reopen"])
def test_its_owner_neither_skips_nor_reopens_it(cast: Cast, name: str) -> None:
    activity = done(cast) if name == "reopen" else activity_make(cast)
    with pytest.raises(TransitionForbidden):
        step(activity, name, cast.personnel, comment="No time")


def test_it_is_done_once_nothing_is_missing(cast: Cast) -> None:
    activity = activity_make(cast)
    with pytest.raises(TransitionRefused, match="outcome.*2 items.*Ask the units.*Read the reports"):
        step(activity, "complete", cast.personnel)
    for item in activity.items.filter(is_required=True):
        item_tick(activity=activity, item_id=item.pk, is_done=True, actor=cast.personnel, now=NOW)
    with pytest.raises(TransitionRefused, match="The outcome"):
        step(activity, "complete", cast.personnel)
    fresh = again(activity)
    assert fresh.state == ActivityState.IN_PROGRESS, "who ticks has begun"
    outcome_write(activity=fresh, outcome="All quiet.", actor=cast.personnel, now=NOW, version=fresh.version)
    after = step(fresh, "complete", cast.personnel)
    assert (after.state, after.done_on, after.done_by) == (ActivityState.DONE, TODAY, cast.personnel)
    assert deadline_of(after).closed_at == NOW
    assert not deadline_of(after).was_dropped


def test_an_item_that_may_be_left_out_keeps_nothing_open(cast: Cast) -> None:
    activity = done(cast)
    assert not activity.items.get(is_required=False).is_done


def test_what_is_done_stays_as_it_is(cast: Cast) -> None:
    activity = done(cast)
    with pytest.raises(ActivityRefused, match="reopen"):
        outcome_write(activity=activity, outcome="?", actor=cast.ciso, now=NOW, version=activity.version)
    with pytest.raises(ActivityRefused, match="reopen"):
        item_tick(
            activity=activity, item_id=activity.items.first().pk, is_done=False, actor=cast.ciso, now=NOW
        )


def test_skipped_with_a_reason_it_is_reminded_of_no_more(cast: Cast) -> None:
    activity = activity_make(cast)
    with pytest.raises(TransitionRefused, match="reason"):
        step(activity, "skip", cast.analyst)
    after = step(activity, "skip", cast.analyst, comment="The tool is being replaced")
    assert (after.state, after.skip_reason) == (ActivityState.SKIPPED, "The tool is being replaced")
    assert deadline_of(after).was_dropped
    back = step(after, "reinstate", cast.analyst, comment="It was put off")
    assert (back.state, back.skip_reason, deadline_of(back).closed_at) == (ActivityState.PLANNED, "", None)


def test_reopened_it_is_to_be_done_again(cast: Cast) -> None:
    activity = done(cast)
    with pytest.raises(TransitionRefused, match="reason"):
        step(activity, "reopen", cast.analyst)
    after = step(activity, "reopen", cast.analyst, comment="A report was forgotten")
    assert (after.state, after.done_on, after.done_by) == (ActivityState.IN_PROGRESS, None, None)
    assert (deadline_of(after).closed_at, deadline_of(after).due_on) == (None, DAY)
    assert after.outcome, "what was written stays"


def test_the_way_goes_by_whether_a_sign_off_is_needed(cast: Cast) -> None:
    without, signed = activity_make(cast), activity_make(cast, needs_sign_off=True)
    assert (ACTIVITY_LIFECYCLE.path_for(without), ACTIVITY_LIFECYCLE.path_for(signed)) == (PATH, SIGNED_PATH)
    offered = {
        one.needs_sign_off: [offer.transition.name for offer in available_transitions(one, cast.personnel)]
        for one in (without, signed)
    }
    assert offered == {False: ["start", "complete"], True: ["start", "submit"]}
    with pytest.raises(TransitionRefused):
        step(ready(signed, cast.personnel), "complete", cast.personnel)


def test_somebody_else_signs_it_off(cast: Cast) -> None:
    activity = submitted(cast)
    assert activity.state == ActivityState.SIGN_OFF
    assert deadline_of(activity).closed_at == NOW, "its owner has done what is theirs"
    after = decide(activity, cast.ciso)
    assert (after.state, after.done_on, after.done_by) == (ActivityState.DONE, TODAY, cast.personnel)


def test_who_did_part_of_it_never_signs_it_off(cast: Cast) -> None:
    activity = activity_make(cast, needs_sign_off=True)
    item = activity.items.filter(is_required=True).first()
    item_tick(activity=activity, item_id=item.pk, is_done=True, actor=cast.ciso, now=NOW)
    with pytest.raises(ApprovalRefused, match="did part of it|made"):
        step(ready(activity, cast.personnel), "submit", cast.personnel)


def test_who_wrote_the_outcome_never_signs_it_off(cast: Cast) -> None:
    activity = ready(activity_make(cast, needs_sign_off=True), cast.ciso)
    with pytest.raises(ApprovalRefused):
        step(activity, "submit", cast.personnel)


def test_a_no_leads_back_to_work(cast: Cast) -> None:
    after = decide(submitted(cast), cast.ciso, Verdict.REJECT, comment="Which sources?")
    assert (after.state, after.done_on) == (ActivityState.IN_PROGRESS, None)
    assert deadline_of(after).closed_at is None
    later = again(after)
    outcome_write(
        activity=later, outcome="With sources.", actor=cast.personnel, now=NOW, version=later.version
    )
    assert step(later, "submit", cast.personnel).state == ActivityState.SIGN_OFF


def test_each_step_leaves_its_entry(cast: Cast) -> None:
    activity = done(cast)
    actions = set(Entry.objects.filter(record_id=activity.pk).values_list("action", flat=True))
    assert {
        f"duties.activity.{name}" for name in ("created", "start", "ticked", "changed", "complete")
    } <= actions


def test_done_late_is_told_by_its_days(cast: Cast) -> None:
    activity = done(cast, due_on=TODAY - timedelta(days=3))
    assert activity.done_on > activity.due_on
