"""What an activity of the starter plan says, and when it comes first."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from duties.choices import Duty

MONTHLY = "FREQ=MONTHLY"
QUARTERLY = "FREQ=MONTHLY;INTERVAL=3"
HALF_YEARLY = "FREQ=MONTHLY;INTERVAL=6"
YEARLY = "FREQ=YEARLY"
CADENCES: dict[str, Any] = {
    MONTHLY: _("Every month"),
    QUARTERLY: _("Every 3 months"),
    HALF_YEARLY: _("Every 6 months"),
    YEARLY: _("Every year"),
}
SATURDAY = 5


@dataclass(frozen=True, kw_only=True)
class StarterActivity:
    """An activity that a duty may begin with. `key` stays as it is for ever: by it an organisation knows what it has taken over.

    `begins` is how many days from the start it comes first: spread, so that not all of it is due at once.
    """

    key: str
    duty: Duty
    title: Any
    task: Any
    checklist: tuple[Any, ...]
    evidence: Any
    rrule: str
    begins: int
    optional: tuple[Any, ...] = ()
    needs_sign_off: bool = False

    @property
    def cadence(self) -> Any:
        """Return how often it comes, in words."""
        return CADENCES[self.rrule]

    def first_on(self, today: date) -> date:
        """Return the day on which it is usually due first: a working day."""
        day = today + timedelta(days=self.begins)
        return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= SATURDAY else day
