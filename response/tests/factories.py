"""Plans and whom they call, for tests."""

from datetime import UTC, date, datetime
from typing import Any

from foundation.accounts.models import User
from foundation.lifecycle.services import apply_transition
from foundation.testing.cast import Cast
from policies.choices import DocumentType
from policies.models import Document
from policies.tests.factories import published
from response.choices import ExerciseType
from response.models import Contact, Exercise
from response.services import contact_add, exercise_plan, exercise_report

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TODAY, DAY = date(2026, 11, 24), date(2026, 12, 15)


def plan_make(cast: Cast, **said: Any) -> Document:
    """Publish an incident response plan of the whole organisation, which the analyst owns."""
    return published(cast, **{"type": DocumentType.PLAN, "title": "Response plan", **said})


def contact_make(cast: Cast, *, plan: Document | None = None, now: datetime = NOW, **said: Any) -> Contact:
    """Put the CISO on the sheet of a plan."""
    values = {"position": 1, "role": "Commander", "person": cast.ciso, "phone": "+351 555 0100", **said}
    return contact_add(plan=plan or plan_make(cast), values=values, actor=cast.analyst, now=now)


def exercise_make(cast: Cast, *, plan: Document | None = None, now: datetime = NOW, **said: Any) -> Exercise:
    """Plan a tabletop exercise of a plan, in which the clerk of Cards takes part."""
    values: dict[str, Any] = {
        "title": "Ransom on a Friday",
        "type": ExerciseType.TABLETOP,
        "owner": cast.analyst,
        "planned_on": DAY,
        "scenario": "The tills stop.",
        "objectives": ["All are reached", "The tills are cut off"],
        "team": [cast.personnel],
        "actor": cast.analyst,
        **said,
    }
    return exercise_plan(plan=plan or plan_make(cast), now=now, **values)


def step(exercise: Exercise, name: str, actor: User, *, now: datetime = NOW, comment: str = "") -> Exercise:
    """Take a step, and return the exercise as it is then."""
    apply_transition(record=exercise, name=name, actor=actor, now=now, comment=comment)
    return Exercise.objects.get(pk=exercise.pk)


def held(cast: Cast, **said: Any) -> Exercise:
    """Plan an exercise, and hold it."""
    return step(exercise_make(cast, **said), "hold", cast.analyst)


def written_up(cast: Cast, exercise: Exercise, *, held_on: date = TODAY, now: datetime = NOW) -> Exercise:
    """Write down what came of an exercise: one objective met, one not."""
    results = {
        one.pk: ("met" if place == 0 else "not_met", "")
        for place, one in enumerate(exercise.objectives.all())
    }
    return exercise_report(
        exercise=exercise,
        held_on=held_on,
        what_happened="Two were not reached.",
        results=results,
        actor=cast.analyst,
        now=now,
        version=exercise.version,
    )


def closed(cast: Cast, **said: Any) -> Exercise:
    """Plan an exercise, hold it, write it up, and close it."""
    return step(written_up(cast, held(cast, **said)), "close", cast.analyst)
