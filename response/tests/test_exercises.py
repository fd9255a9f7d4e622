"""Exercises of plans: planned, held, written up, closed; the next of a row; and what a plan waits for."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from foundation.actions.services import action_create
from foundation.deadlines.models import Deadline
from foundation.lifecycle.services import TransitionForbidden, TransitionRefused
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.records.services import StaleRecord
from foundation.testing.cast import Cast
from foundation.testing.languages import loud
from foundation.trail.models import Entry
from policies.models import Document
from policies.services import document_change
from policies.tests.factories import decide, document_make, revising
from policies.tests.factories import step as document_step
from response.choices import EXERCISED, ExerciseState, Result
from response.lifecycle import EXERCISE_LIFECYCLE
from response.models import Exercise
from response.permissions import TEAM
from response.services import (
    AGAIN,
    HOLD,
    REPORT,
    ExerciseRefused,
    exercise_change,
    exercise_give,
    exercise_report,
)
from response.tasks import follow_plans
from response.tests.factories import DAY, NOW, closed, exercise_make, held, plan_make, step, written_up

pytestmark = pytest.mark.django_db


def dates(record: Any) -> set[tuple[str, date, int]]:
    return set(
        Deadline.objects.open().filter(record_id=record.pk).values_list("kind", "due_on", "assignee_id")
    )


def test_its_day_is_reminded_of(cast: Cast) -> None:
    exercise = exercise_make(cast)
    assert exercise.reference == "EXR-0001"
    assert dates(exercise) == {(HOLD, DAY, cast.analyst.pk)}
    assert exercise.participants.get(role=TEAM).user == cast.personnel


def test_nothing_is_exercised_of_what_holds_for_nobody(cast: Cast) -> None:
    with pytest.raises(ExerciseRefused):
        exercise_make(cast, plan=document_make(cast, type="plan"))


def test_held_it_waits_to_be_written_up_and_closed(cast: Cast) -> None:
    exercise = held(cast)
    assert exercise.held_on == NOW.date()
    assert dates(exercise) == {(REPORT, NOW.date() + timedelta(days=14), cast.analyst.pk)}
    with pytest.raises(TransitionRefused, match="what happened"):
        step(exercise, "close", cast.analyst)
    exercise_report(
        exercise=exercise,
        held_on=NOW.date(),
        what_happened="It went",
        results={},
        actor=cast.analyst,
        now=NOW,
        version=exercise.version,
    )
    with pytest.raises(TransitionRefused, match="2 objectives"):
        step(exercise, "close", cast.analyst)
    exercise = step(written_up(cast, Exercise.objects.get()), "close", cast.analyst)
    assert exercise.state == ExerciseState.CLOSED
    assert dates(exercise) == set()


def test_a_day_to_come_is_none_on_which_it_was_held(cast: Cast) -> None:
    with pytest.raises(ExerciseRefused, match="still to come"):
        written_up(cast, held(cast), held_on=NOW.date() + timedelta(days=1))


def test_what_was_exercised_is_the_version_of_that_day(cast: Cast) -> None:
    plan = revising(cast)
    type(plan).objects.filter(pk=plan.pk).update(type="plan")
    plan.refresh_from_db()
    exercise = exercise_make(cast, plan=plan)
    later = NOW + timedelta(days=9)
    decide(document_step(plan, "submit_revision", cast.analyst, now=later), cast.ciso, now=later)
    exercise = step(Exercise.objects.get(pk=exercise.pk), "hold", cast.analyst, now=later)
    assert exercise.version_in_force.label == "2.0"
    told = written_up(cast, exercise, now=later)
    assert Exercise.objects.get(pk=told.pk).version_in_force.label == "1.0", "it was held a week before"
    entry = Entry.objects.get(action="response.exercise.version")
    assert (entry.before["version_label"], entry.after["version_label"]) == ("2.0", "1.0")
    assert {kind for kind, *_ in dates(plan)} >= {AGAIN}, "what it says now was not exercised"


def test_nothing_was_exercised_before_the_plan_was_in_force(cast: Cast) -> None:
    with pytest.raises(ExerciseRefused, match="Nothing of the plan"):
        written_up(cast, held(cast), held_on=NOW.date() - timedelta(days=9))


def test_the_trail_names_results_in_one_language(cast: Cast) -> None:
    exercise = held(cast)
    with loud():
        written_up(cast, exercise)
    entry = Entry.objects.get(action="response.exercise.judged")
    assert list(entry.after.values()) == ["Met", "Not met"]


def test_what_is_planned_is_changed_until_it_was_held(cast: Cast) -> None:
    exercise = exercise_make(cast)
    change: dict[str, Any] = {"objectives": ["Reach all"], "team": [], "actor": cast.analyst, "now": NOW}
    moved = DAY + timedelta(days=7)
    changed = exercise_change(
        exercise=exercise, changes={"planned_on": moved}, version=exercise.version, **change
    )
    assert dates(changed) == {(HOLD, moved, cast.analyst.pk)}
    assert [one.text for one in changed.objectives.all()] == ["Reach all"]
    assert not changed.participants.exists()
    with pytest.raises(StaleRecord):
        exercise_change(exercise=exercise, changes={"title": "Other"}, version=exercise.version, **change)
    after = step(changed, "hold", cast.analyst)
    with pytest.raises(ExerciseRefused):
        exercise_change(exercise=after, changes={}, version=after.version, **change)


@pytest.mark.parametrize("way", ["close", "cancel"])
def test_the_next_of_a_row_is_planned_once_this_one_is_over(cast: Cast, way: str) -> None:
    rrule = "FREQ=MONTHLY;INTERVAL=6"
    if way == "close":
        exercise = closed(cast, rrule=rrule)
    else:
        exercise = step(exercise_make(cast, rrule=rrule), "cancel", cast.analyst, comment="Storm")
    following = Exercise.objects.exclude(pk=exercise.pk).get()
    assert (following.state, following.planned_on) == (ExerciseState.PLANNED, date(2027, 6, 15))
    assert [one.result for one in following.objectives.all()] == [Result.OPEN, Result.OPEN]
    assert following.participants.get(role=TEAM).user == cast.personnel


def test_without_a_row_nothing_follows(cast: Cast) -> None:
    closed(cast)
    assert Exercise.objects.count() == 1


def test_lessons_become_actions(cast: Cast) -> None:
    exercise = closed(cast)
    action = action_create(
        source=exercise,
        title="Print the sheet",
        owner=cast.analyst,
        due_on=DAY,
        actor=cast.ciso,
        now=NOW,
    )
    assert action.source_id == exercise.pk


def test_a_plan_that_nobody_exercised_waits_until_one_is_planned(cast: Cast) -> None:
    plan = plan_make(cast)
    follow_plans()
    assert {kind for kind, *_ in dates(plan)} >= {AGAIN}
    exercise = exercise_make(cast, plan=plan)
    assert AGAIN not in {kind for kind, *_ in dates(plan)}
    step(exercise, "cancel", cast.analyst, comment="Storm")
    assert AGAIN in {kind for kind, *_ in dates(plan)}


def test_a_material_change_asks_for_another_and_a_minor_one_does_not(cast: Cast) -> None:
    plan = revising(cast)
    type(plan).objects.filter(pk=plan.pk).update(type="plan")
    plan.refresh_from_db()
    closed(cast, plan=plan)
    follow_plans()
    assert AGAIN not in {kind for kind, *_ in dates(plan)}
    decide(document_step(plan, "submit_revision", cast.analyst), cast.ciso)
    follow_plans()
    assert AGAIN in {kind for kind, *_ in dates(plan)}
    document_step(plan, "retire", cast.ciso, comment="Old")
    follow_plans()
    assert AGAIN not in {kind for kind, *_ in dates(plan)}


def test_another_owner_is_reminded(cast: Cast) -> None:
    exercise = exercise_make(cast)
    exercise_give(record=exercise, to=cast.ciso, leaving=cast.analyst, actor=cast.administrator, now=NOW)
    assert dates(exercise) == {(HOLD, DAY, cast.ciso.pk)}


@pytest.mark.parametrize("transition", EXERCISE_LIFECYCLE.transitions, ids=lambda one: one.name)
@pytest.mark.parametrize("state", ExerciseState.values)
def test_every_step_by_everyone_from_every_state(cast: Cast, transition: Any, state: str) -> None:
    plan = plan_make(cast)
    for part, person in cast.people().items():
        exercise = _in_state(cast, state, plan=plan, owner=cast.executive)
        may = part in ("ciso", "analyst", "executive")
        if state in transition.sources and may:
            assert step(exercise, transition.name, person, comment="So").state == transition.target
            continue
        with pytest.raises(TransitionRefused if may else TransitionForbidden):
            step(exercise, transition.name, person, comment="So")


def _in_state(cast: Cast, state: str, **said: Any) -> Exercise:
    if state in EXERCISED:
        exercise = written_up(cast, held(cast, **said))
        return step(exercise, "close", cast.analyst) if state == ExerciseState.CLOSED else exercise
    exercise = exercise_make(cast, **said)
    return (
        step(exercise, "cancel", cast.analyst, comment="No") if state == ExerciseState.CANCELLED else exercise
    )


@pytest.mark.parametrize(
    "change",
    [
        "what_happened = 'Nothing'",
        "held_on = '2020-01-01'",
        "scenario = 'Other'",
        "planned_on = '2020-01-01'",
    ],
)
def test_what_a_closed_exercise_says_is_fixed(cast: Cast, change: str) -> None:
    exercise = closed(cast)
    with pytest.raises(DatabaseError, match="is fixed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE response_exercise SET {change} WHERE record_ptr_id = %s", [exercise.pk])


@pytest.mark.parametrize(
    "sql", ["UPDATE response_objective SET result = 'met'", "DELETE FROM response_objective"]
)
def test_so_are_its_objectives(cast: Cast, sql: str) -> None:
    closed(cast)
    with (
        pytest.raises(DatabaseError, match="do not change"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql)


@pytest.mark.parametrize("made", [exercise_make, closed])
def test_it_goes_with_its_plan_into_confidence_and_back(cast: Cast, made: Any) -> None:
    exercise = made(cast)
    action = action_create(
        source=exercise, title="Spare tills", owner=cast.unit_lead, due_on=DAY, actor=cast.analyst, now=NOW
    )

    def known() -> set[int]:
        auditor = type(cast.auditor).objects.get(pk=cast.auditor.pk)
        return set(Record.objects.visible_to(auditor).values_list("pk", flat=True))

    def turn(**changes: Any) -> None:
        plan = Document.objects.get(pk=exercise.plan_id)
        document_change(document=plan, changes=changes, actor=cast.ciso, now=NOW, version=plan.version)

    assert {exercise.pk, action.pk} <= known()
    turn(confidentiality=Confidentiality.RESTRICTED)
    assert not {exercise.pk, action.pk} & known()
    turn(confidentiality=Confidentiality.INTERNAL, unit=cast.units.payments)
    assert {exercise.pk, action.pk} <= known()
    assert Exercise.objects.get().unit == cast.units.payments


def test_what_was_changed_of_its_plan_beside_the_services_is_followed_by_the_task(cast: Cast) -> None:
    exercise = exercise_make(cast)
    Document.objects.filter(pk=exercise.plan_id).update(confidentiality=Confidentiality.RESTRICTED)
    follow_plans()
    assert Exercise.objects.get().is_restricted
