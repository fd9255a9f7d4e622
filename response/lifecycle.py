"""The transitions of exercises, as data, with what stands against them and what follows."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from foundation.accounts.models import User
from foundation.lifecycle.tables import Lifecycle, Moment, Transition
from foundation.records.models import Record
from response.choices import STATE_TONES, ExerciseState, Result
from response.models import Exercise
from response.permissions import MANAGE
from response.services import exercise_held, exercise_over, plan_hold


def unwritten_refusal(record: Record, actor: User) -> str | None:
    """Return why an exercise can't be closed: nobody wrote down what happened, or judged each objective."""
    assert isinstance(record, Exercise)
    if not record.what_happened.strip():
        return _("Write down first what happened.")
    count = record.objectives.filter(result=Result.OPEN).count()
    if count:
        return ngettext(
            "%(count)d objective is not judged yet.", "%(count)d objectives are not judged yet.", count
        ) % {"count": count}
    return None


def held(moment: Moment) -> None:
    """Note the day, and ask for what came of it."""
    exercise_held(exercise=moment.record, now=moment.now)


def over(moment: Moment) -> None:
    """Remind of nothing any more, and plan the next of a row."""
    exercise_over(exercise=moment.record, now=moment.now)


EXERCISE_LIFECYCLE = Lifecycle(
    key="exercise",
    states=ExerciseState,
    initial=ExerciseState.PLANNED,
    path=(ExerciseState.PLANNED, ExerciseState.HELD, ExerciseState.CLOSED),
    tones=STATE_TONES,
    locks_first=lambda exercise: plan_hold(exercise.plan_id),
    transitions=(
        Transition(
            name="hold",
            label=lazy("It was held"),
            sources=(ExerciseState.PLANNED,),
            target=ExerciseState.HELD,
            right=MANAGE,
            owner_may=True,
            icon="player-play",
            confirm=lazy("Next, write down what happened and what came of each objective."),
            consequence=held,
        ),
        Transition(
            name="close",
            label=lazy("Close"),
            sources=(ExerciseState.HELD,),
            target=ExerciseState.CLOSED,
            right=MANAGE,
            owner_may=True,
            icon="circle-check",
            confirm=lazy(
                "What was written down stays as it is then. Actions go on; the next of a row is planned."
            ),
            refusal=unwritten_refusal,
            consequence=over,
        ),
        Transition(
            name="cancel",
            label=lazy("Cancel"),
            sources=(ExerciseState.PLANNED,),
            target=ExerciseState.CANCELLED,
            right=MANAGE,
            owner_may=True,
            needs_comment=True,
            comment_label=lazy("Why is it called off?"),
            tone="danger",
            icon="ban",
            consequence=over,
        ),
    ),
)
