"""Who may keep the contacts of a plan, and exercise it."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from foundation.accounts.access import access_of
from policies.choices import DocumentType
from policies.models import Document
from response.choices import ExerciseState
from response.models import Exercise

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser

MANAGE = "response.manage"
TEAM = "response.team"  # the part of who takes part in an exercise


def is_plan(record: Any) -> bool:
    """Tell whether a document is an incident response plan."""
    return bool(record.type == DocumentType.PLAN)


def can_manage(user: "AnyUser", plan: Document) -> bool:
    """Tell whether a person may keep the contacts of a plan and exercise it: by right, or as its owner."""
    return access_of(user).has(MANAGE, plan.unit_id) or (plan.owner_id == user.pk and plan.owner.is_active)


def managing_refusal(plan: Document) -> str | None:
    """Return why nobody changes the contacts of a plan any more, or None."""
    return _("The plan is retired, so its sheet stays as it is.") if plan.is_retired else None


def planning_refusal(plan: Document) -> str | None:
    """Return why nobody plans an exercise of a plan, or None."""
    if plan.is_retired:
        return _("The plan is retired, so nobody exercises it any more.")
    if plan.current_id is None:
        return _("Nothing of the plan is in force yet, so there is nothing to exercise.")
    return None


def can_run(user: "AnyUser", exercise: Exercise) -> bool:
    """Tell whether a person may change an exercise and write down what came of it: by right, or as its owner."""
    return access_of(user).has(MANAGE, exercise.unit_id) or (
        exercise.owner_id == user.pk and exercise.owner.is_active
    )


def changing_refusal(exercise: Exercise) -> str | None:
    """Return why nobody changes what is planned of an exercise, or None."""
    if exercise.state == ExerciseState.PLANNED:
        return None
    return _("It was held, or called off: what was planned stays as it is.")


def reporting_refusal(exercise: Exercise) -> str | None:
    """Return why nobody writes down what came of an exercise, or None."""
    if exercise.state == ExerciseState.HELD:
        return None
    if exercise.state == ExerciseState.PLANNED:
        return _("It is still to be held: say first that it was.")
    return _("It is closed, so what was written down stays as it is.")
