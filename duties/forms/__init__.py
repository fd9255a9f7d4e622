"""The forms of activities."""

from duties.forms.activities import ActivityEditForm, ActivityPlanForm, OutcomeForm
from duties.forms.series import RecurrenceForm, SeriesEndForm
from duties.forms.starter import StarterForm

__all__ = [
    "ActivityEditForm",
    "ActivityPlanForm",
    "OutcomeForm",
    "RecurrenceForm",
    "SeriesEndForm",
    "StarterForm",
]
