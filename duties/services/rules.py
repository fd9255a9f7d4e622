"""Reading the rules by which activities recur."""

from datetime import date

from duties.services.errors import ActivityRefused
from foundation.deadlines.recurrence import Recurrence
from foundation.deadlines.rules import RecurrenceError


def rule_read(rrule: str, starts_on: date) -> Recurrence:
    """Return the recurrence by a rule; raise ActivityRefused for one that can't be read, makes no sense or never occurs."""
    try:
        return Recurrence(rrule, starts_on)
    except RecurrenceError as error:
        raise ActivityRefused({"repeat_unit": str(error)}) from error


def next_on_of(recurrence: Recurrence, after: date) -> date | None:
    """Return the next day by the rule after a day; None when it has come to its end."""
    return next(iter(recurrence.occurrences(after, 1)), None)
