"""Recurrence rules in words, in the language in force."""

from datetime import date

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.formats import date_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from foundation.deadlines.rules import Frequency, NthWeekday, Rule

# 2000 is a leap year, so every day of a year can be written with it.
LEAP_YEAR = 2000


def describe(rule: Rule, starts_on: date, *, skipped: int = 0, moved: int = 0) -> str:
    """Return a sentence on when something recurs, when it ends, and how many exceptions there are."""
    sentence = _every(rule)
    if days := _days(rule, starts_on):
        sentence = _("%(every)s %(on_days)s") % {"every": sentence, "on_days": days}
    if rule.until:
        day = date_format(
            rule.until, pgettext("format of a date in a sentence (Django date format)", "j F Y")
        )
        sentence = _("%(sentence)s, until %(day)s") % {"sentence": sentence, "day": day}
    if rule.count:
        times = ngettext("%(count)d time", "%(count)d times", rule.count) % {"count": rule.count}
        sentence = _("%(sentence)s, %(times)s") % {"sentence": sentence, "times": times}
    exceptions = []
    if skipped:
        exceptions.append(ngettext("%(count)d skipped", "%(count)d skipped", skipped) % {"count": skipped})
    if moved:
        exceptions.append(ngettext("%(count)d moved", "%(count)d moved", moved) % {"count": moved})
    if exceptions:
        sentence = _("%(sentence)s (%(exceptions)s)") % {
            "sentence": sentence,
            "exceptions": ", ".join(exceptions),
        }
    return sentence


def weekday_name(weekday: int) -> str:
    """Return the name of a weekday (0 is Monday)."""
    return str(WEEKDAYS[weekday])


def nth_name(nth: int) -> str:
    """Return the word for the nth of its kind in a period; below 0 it counts from the end."""
    names = {
        1: _("first"),
        2: _("second"),
        3: _("third"),
        4: _("fourth"),
        5: _("fifth"),
        -1: _("last"),
        -2: _("last but one"),
        -3: _("third to last"),
        -4: _("fourth to last"),
        -5: _("fifth to last"),
    }
    return names[nth]


def _every(rule: Rule) -> str:
    count = rule.interval
    match rule.frequency:
        case Frequency.DAILY:
            words = ngettext("Every day", "Every %(count)d days", count)
        case Frequency.WEEKLY:
            words = ngettext("Every week", "Every %(count)d weeks", count)
        case Frequency.MONTHLY:
            words = ngettext("Every month", "Every %(count)d months", count)
        case Frequency.YEARLY:
            words = ngettext("Every year", "Every %(count)d years", count)
    return words % {"count": count}


def _days(rule: Rule, starts_on: date) -> str:
    """Return on which days, as in "on Monday and Thursday"; empty where every day is meant."""
    weekdays = rule.weekdays
    if rule.frequency == Frequency.WEEKLY and not weekdays:
        weekdays = (NthWeekday(starts_on.weekday()),)
    month_days = rule.month_days_from(starts_on)
    months = rule.months_from(starts_on)
    if (rule.frequency == Frequency.DAILY and not weekdays) and not months:
        return ""
    if rule.set_positions or (weekdays and month_days):
        return _("by the rule %(rule)s") % {"rule": str(rule)}
    if month_days and len(months) == 1 and len(month_days) == 1 and month_days[0] > 0:
        return _day_of_year(months[0], month_days[0])
    words = _weekdays(rule, weekdays) if weekdays else _month_days(month_days)
    if not months:
        return words
    names = get_text_list([str(MONTHS[month]) for month in months], _("and"))
    if not words:
        return _("in %(months)s") % {"months": names}
    return _("%(on_days)s in %(months)s") % {"on_days": words, "months": names}


def _weekdays(rule: Rule, weekdays: tuple[NthWeekday, ...]) -> str:
    if all(day.nth == 0 for day in weekdays):
        names = get_text_list([weekday_name(day.weekday) for day in weekdays], _("and"))
        if rule.frequency in (Frequency.MONTHLY, Frequency.YEARLY):
            return _("on every %(weekdays)s") % {"weekdays": names}
        return _("on %(weekdays)s") % {"weekdays": names}
    words = [
        _("the %(nth)s %(weekday)s") % {"nth": nth_name(day.nth), "weekday": weekday_name(day.weekday)}
        if day.nth
        else _("every %(weekday)s") % {"weekday": weekday_name(day.weekday)}
        for day in weekdays
    ]
    return _("on %(days)s") % {"days": get_text_list(words, _("and"))}


def _month_days(days: tuple[int, ...]) -> str:
    if not days:
        return ""
    words = [_month_day(day) for day in sorted(days, key=lambda day: (day < 0, day))]
    return _("on %(days)s") % {"days": get_text_list(words, _("and"))}


def _month_day(day: int) -> str:
    if day == -1:
        return _("the last day of the month")
    if day < 0:
        return _("day %(day)d before the end of the month") % {"day": -day - 1}
    if day > 28:
        return _("day %(day)d (or the last day of shorter months)") % {"day": day}
    return _("day %(day)d") % {"day": day}


def _day_of_year(month: int, day: int) -> str:
    """Return a date without a year, and what becomes of 29 February in common years."""
    if month == 2 and day > 28:
        if day > 29:
            return _("on the last day of February")
        return _("on 29 February (28 February in common years)")
    last = 30 if month in (4, 6, 9, 11) else 31
    text = date_format(
        date(LEAP_YEAR, month, min(day, last)),
        pgettext("format of a day of the year (Django date format)", "j F"),
    )
    return _("on %(days)s") % {"days": text}
