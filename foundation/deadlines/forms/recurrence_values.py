"""From a recurrence back to the fields that say it."""

from typing import Any

from foundation.deadlines.forms import choices
from foundation.deadlines.recurrence import Recurrence
from foundation.deadlines.rules import WEEKDAYS, Frequency, NthWeekday

OFFERED_NTHS = {int(value) for value, _label in choices.NTHS}


def values_of(recurrence: Recurrence | None) -> dict[str, Any]:
    """Return the values of the fields that say a recurrence: its rule is to be kept as it is where they can't."""
    if recurrence is None:
        return {"repeat_unit": choices.NEVER}
    days = _days_of(recurrence)
    if days is None:
        return {"repeat_unit": choices.KEPT}
    rule = recurrence.rule
    values = {"repeat_unit": rule.frequency.value, "repeat_interval": rule.interval, **days}
    if rule.until:
        values |= {"repeat_ends": choices.ENDS_ON, "repeat_until": rule.until}
    if rule.count:
        values |= {"repeat_ends": choices.ENDS_AFTER, "repeat_count": rule.count}
    return values


def _days_of(recurrence: Recurrence) -> dict[str, Any] | None:
    """Return on which days it falls as values of fields, or None where the fields can't say it."""
    rule, starts_on = recurrence.rule, recurrence.starts_on
    if rule.set_positions or rule.week_start:
        return None
    match rule.frequency:
        case Frequency.DAILY:
            return None if rule.weekdays or rule.months else {}
        case Frequency.WEEKLY:
            return (
                None if rule.months else {"repeat_weekdays": [WEEKDAYS[day.weekday] for day in rule.weekdays]}
            )
        case Frequency.MONTHLY:
            fits_month = not rule.months
            fits_day = rule.month_days in ((), (starts_on.day,))
        case Frequency.YEARLY:
            months = rule.months or ((starts_on.month,) if not (rule.weekdays or rule.month_days) else ())
            fits_month = months == (starts_on.month,)
            fits_day = rule.month_days in ((), (starts_on.day,))
    if not fits_month:
        return None
    if not rule.weekdays:
        return {"repeat_by": choices.BY_DAY} if fits_day else None
    return None if rule.month_days else _nth_of(rule.weekdays)


def _nth_of(weekdays: tuple[NthWeekday, ...]) -> dict[str, Any] | None:
    day, *others = weekdays
    if others or day.nth not in OFFERED_NTHS:
        return None
    return {
        "repeat_by": choices.BY_WEEKDAY,
        "repeat_nth": str(day.nth),
        "repeat_weekday": WEEKDAYS[day.weekday],
    }
