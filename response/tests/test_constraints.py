"""What PostgreSQL refuses of exercises, whoever writes SQL as the portal's role."""

import pytest
from django.db import DatabaseError, connection, transaction

from foundation.testing.cast import Cast
from response.models import Exercise
from response.tests.factories import closed, exercise_make, held, step

pytestmark = pytest.mark.django_db


def refused(sql: str, *values: object) -> str:
    with pytest.raises(DatabaseError) as error, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)
    return str(error.value)


@pytest.mark.parametrize("state", ["planned", "held", "cancelled"])
def test_a_closed_exercise_stays_closed(cast: Cast, state: str) -> None:
    exercise = closed(cast)
    change = "UPDATE records_record SET state = %s WHERE id = %s"
    assert "does not go this way" in refused(change, state, exercise.pk)


@pytest.mark.parametrize(
    ("state", "target"), [("planned", "closed"), ("held", "planned"), ("held", "cancelled")]
)
def test_no_exercise_goes_another_way(cast: Cast, state: str, target: str) -> None:
    exercise = exercise_make(cast) if state == "planned" else held(cast)
    change = "UPDATE records_record SET state = %s WHERE id = %s"
    assert "does not go this way" in refused(change, target, exercise.pk)


@pytest.mark.parametrize("change", ["title = 'Other'", "reference = 'EXR-9999'", "kind = 'document'"])
def test_the_record_of_a_closed_exercise_says_what_it_said(cast: Cast, change: str) -> None:
    said = refused(f"UPDATE records_record SET {change} WHERE id = %s", closed(cast).pk)
    assert "is fixed" in said or "stays one" in said


@pytest.mark.parametrize(
    "change",
    [
        "what_happened = 'Nothing'",
        "held_on = '2020-01-01'",
        "scenario = 'x'",
        "type = 'technical'",
        "rrule = 'x'",
    ],
)
def test_a_closed_exercise_says_what_it_said(cast: Cast, change: str) -> None:
    said = refused(f"UPDATE response_exercise SET {change} WHERE record_ptr_id = %s", closed(cast).pk)
    assert "is fixed" in said


def test_its_objectives_do_not_change_either(cast: Cast) -> None:
    exercise = closed(cast)
    for change in (
        "UPDATE response_objective SET result = 'not_met' WHERE exercise_id = %s",
        "DELETE FROM response_objective WHERE exercise_id = %s",
        "INSERT INTO response_objective (exercise_id, position, text, result, note) VALUES (%s, 9, 'x', 'met', '')",
    ):
        assert "do not change" in refused(change, exercise.pk)


def test_what_was_called_off_is_not_held(cast: Cast) -> None:
    exercise = step(exercise_make(cast), "cancel", cast.analyst, comment="No time")
    change = "UPDATE records_record SET state = 'held' WHERE id = %s"
    assert "does not go this way" in refused(change, exercise.pk)


def test_none_begins_closed(cast: Cast) -> None:
    exercise = exercise_make(cast)
    with pytest.raises(DatabaseError, match="begins as planned"), transaction.atomic():
        copy = Exercise.objects.get(pk=exercise.pk)
        copy.pk = copy.record_ptr_id = copy.id = None  # type: ignore[assignment]
        copy.reference, copy.state = "EXR-9999", "closed"
        copy.save()


def test_whose_it_is_may_change_still(cast: Cast) -> None:
    """It follows its plan."""
    exercise = closed(cast)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE records_record SET unit_id = %s, confidentiality = 'restricted', owner_id = %s WHERE id = %s",
            [cast.units.retail.pk, cast.ciso.pk, exercise.pk],
        )
    assert Exercise.objects.get(pk=exercise.pk).unit_id == cast.units.retail.pk
