"""The narrow row beside each exercise: it says what the exercise says, whoever wrote that."""

from datetime import date

import pytest

from foundation.records.models import Record
from foundation.testing.cast import Cast
from response.choices import ExerciseState
from response.models import Exercise, ExerciseListing
from response.tests.factories import DAY, NOW, closed, exercise_make, plan_make, step

pytestmark = pytest.mark.django_db


def assert_listed(exercise: Exercise) -> ExerciseListing:
    exercise = Exercise.objects.get(pk=exercise.pk)
    row = ExerciseListing.objects.get(pk=exercise.pk)
    for name in (
        "reference",
        "title",
        "state",
        "type",
        "confidentiality",
        "unit_id",
        "owner_id",
        "plan_id",
        "planned_on",
        "held_on",
    ):
        assert getattr(row, name) == getattr(exercise, name), name
    assert row.due_on == (exercise.planned_on if exercise.state == ExerciseState.PLANNED else None)
    assert row.is_archived == (exercise.archived_at is not None)
    assert row.needle == f"{exercise.title} {exercise.reference}".lower()
    return row


def test_it_follows_an_exercise_all_its_life(cast: Cast) -> None:
    plan = plan_make(cast)
    assert assert_listed(closed(cast, plan=plan)).state == ExerciseState.CLOSED
    exercise = exercise_make(cast, plan=plan)
    assert assert_listed(exercise).due_on == DAY
    assert assert_listed(step(exercise, "cancel", cast.analyst, comment="No time")).due_on is None


def test_it_follows_whoever_writes_sql(cast: Cast) -> None:
    exercise = exercise_make(cast)
    Record.objects.filter(pk=exercise.pk).update(title="Alarm", unit=cast.units.retail, archived_at=NOW)
    Exercise.objects.filter(pk=exercise.pk).update(planned_on=date(2027, 1, 8), type="technical")
    assert assert_listed(exercise).due_on == date(2027, 1, 8)
    assert not ExerciseListing.objects.visible_to(cast.ciso).unarchived().exists()
