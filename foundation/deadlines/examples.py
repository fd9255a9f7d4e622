"""When reminders of a date would be sent: for people who choose a ladder."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from foundation.deadlines.ladders import Clock, Steps
from foundation.deadlines.wording import rung_text
from foundation.ui.dates import clock_time, full_text

WEEKLY_SHOWN = 3


@dataclass(frozen=True)
class ExampleReminder:
    """One reminder: when (in the organisation's zone), how far from the date, and whether others are told, too."""

    at: datetime
    words: str
    escalated: bool

    @property
    def when(self) -> str:
        """Return day and time in the organisation's zone."""
        with timezone.override(self.at.tzinfo):
            return _("%(day)s, %(time)s") % {"day": full_text(self.at.date()), "time": clock_time(self.at)}


def example_reminders(steps: Steps, due_on: date, clock: Clock) -> list[ExampleReminder]:
    """Return the reminders of a date; of those that go on weekly, the first ones."""
    weeks = range(1, WEEKLY_SHOWN + 1) if steps.late_weekly else ()
    shown = sorted({*steps.fixed, *(steps.late_daily_for + 7 * week for week in weeks)})
    return [
        ExampleReminder(
            at=timezone.localtime(clock.at(due_on + timedelta(days=days)), clock.zone),
            words=rung_text(days),
            escalated=steps.escalates_at(days),
        )
        for days in shown
    ]
