"""The numbers that tell how the duty of policies stands, as far as exercises of plans go."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from foundation.accounts.organisation import organisation_day
from foundation.registry import Better, DutyIndicator, Standing
from response.models import ExerciseListing

EXERCISES = ngettext_lazy("exercise", "exercises", "count")


def exercises_late(area: str, now: datetime) -> Any:
    """Return the exercises that were to be held before today."""
    return ExerciseListing.objects.unarchived().open().late(organisation_day(now))


def exercises_open(area: str, now: datetime) -> Any:
    """Return the exercises that are planned, held and not written up."""
    return ExerciseListing.objects.unarchived().open()


INDICATORS = (
    DutyIndicator(
        key="response.exercises_late",
        area="policies",
        label=_("Exercises of plans overdue"),
        unit_label=EXERCISES,
        said=ngettext_lazy("%(count)s exercise overdue", "%(count)s exercises overdue", "count"),
        rows=exercises_late,
        url_name="response:exercise-list",
        asked=lambda area, now: {"late": "on"},
        means=Standing.OVERDUE,
        order=310,
    ),
    DutyIndicator(
        key="response.exercises_open",
        area="policies",
        label=_("Exercises planned or under way"),
        unit_label=EXERCISES,
        said=ngettext_lazy("%(count)s exercise planned", "%(count)s exercises planned", "count"),
        rows=exercises_open,
        url_name="response:exercise-list",
        asked=lambda area, now: {},
        means=Standing.PLANNED,
        better=Better.NEITHER,
        order=320,
    ),
)
