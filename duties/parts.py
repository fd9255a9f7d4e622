"""What pages of activities draw: badges of states, the duty, the day."""

from datetime import datetime
from functools import cache
from typing import Any

from duties.choices import STATE_TONES, TO_DO, ActivityState
from duties.models import Activity, ActivityListing
from foundation.ui.components import Badge, Due, When


@cache
def state_badge(state: str) -> Badge:
    """Return a state of activities as it is shown; the same badge each time."""
    return Badge(ActivityState(state).label, STATE_TONES[state], dot=True)


def day_shown(activity: Activity | ActivityListing, now: datetime) -> Any:
    """Return the day by which an activity is due; of what has ended, without a warning."""
    if activity.state in TO_DO:
        return Due(activity.due_on, now)
    return When(activity.due_on, now)
