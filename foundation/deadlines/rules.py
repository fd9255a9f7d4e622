"""Recurrence rules (RFC 5545 §3.3.10) of whole days: reading, checking and writing them.

Months and years without the day that a rule names take their last day instead of being left out.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from heapq import merge
from itertools import groupby, islice
from typing import Any

from dateutil import rrule as du
from django.utils.translation import gettext as _

MAX_LENGTH = 300
MAX_COUNT = 1000
FIRST_START = date(1970, 1, 1)
LAST_START = date(2199, 12, 31)
# How far a rule is searched for its next date. All that a rule can say comes round within 28 years, but for those
# around 2100, which is no leap year.
HORIZON_YEARS = 50

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class RecurrenceError(ValueError):
    """The rule is not one that can be used; the message says why, for the person who gave it."""


class Frequency(StrEnum):
    """The unit in which a rule counts."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"
    YEARLY = "YEARLY"


# The longest interval is ten years.
MAX_INTERVAL = {
    Frequency.DAILY: 3653,
    Frequency.WEEKLY: 521,
    Frequency.MONTHLY: 120,
    Frequency.YEARLY: 10,
}
DATEUTIL_FREQUENCY: dict[Frequency, Any] = {
    Frequency.DAILY: du.DAILY,
    Frequency.WEEKLY: du.WEEKLY,
    Frequency.MONTHLY: du.MONTHLY,
    Frequency.YEARLY: du.YEARLY,
}


@dataclass(frozen=True, order=True)
class NthWeekday:
    """A weekday (0 is Monday): each of the period, or with `nth` the first, second … or (−1) last."""

    weekday: int
    nth: int = 0

    def __str__(self) -> str:
        return f"{self.nth or ''}{WEEKDAYS[self.weekday]}"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A recurrence rule, read and checked. `str()` gives it as RFC 5545 writes it."""

    frequency: Frequency
    interval: int = 1
    count: int | None = None
    until: date | None = None
    weekdays: tuple[NthWeekday, ...] = ()
    month_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    set_positions: tuple[int, ...] = ()
    week_start: int = 0

    def __post_init__(self) -> None:
        _check(self)

    def __str__(self) -> str:
        parts = {
            "FREQ": self.frequency.value,
            "INTERVAL": str(self.interval) if self.interval > 1 else "",
            "BYMONTH": _joined(self.months),
            "BYMONTHDAY": _joined(self.month_days),
            "BYDAY": _joined(self.weekdays),
            "BYSETPOS": _joined(self.set_positions),
            "WKST": WEEKDAYS[self.week_start] if self.week_start else "",
            "UNTIL": self.until.strftime("%Y%m%d") if self.until else "",
            "COUNT": str(self.count) if self.count else "",
        }
        return ";".join(f"{name}={value}" for name, value in parts.items() if value)

    def dates(self, starts_on: date, *, by: date) -> Iterator[date]:
        """Yield the dates of the rule from a start on, in order; none after `by`.

        The start is one of them if the rule falls on it (RFC 5545 leaves open what else it would mean).
        """
        last = min(self.until, by) if self.until else by
        dates = (day.date() for day, _same in groupby(merge(*self._series(starts_on, last))))
        return islice(dates, self.count) if self.count else dates

    def month_days_from(self, starts_on: date) -> tuple[int, ...]:
        """Return the days of the month that the rule falls on, taken from the start if it names none; else nothing."""
        by_month = self.frequency in (Frequency.MONTHLY, Frequency.YEARLY)
        if not by_month or (self.weekdays and not self.month_days):
            return ()
        return self.month_days or (starts_on.day,)

    def months_from(self, starts_on: date) -> tuple[int, ...]:
        """Return the months that the rule falls in, taken from the start if a yearly rule names neither month nor day."""
        if self.frequency == Frequency.YEARLY and not (self.months or self.month_days or self.weekdays):
            return (starts_on.month,)
        return self.months

    def _series(self, starts_on: date, last: date) -> Iterator[du.rrule]:
        """Yield the dateutil rules that make up this one: by weekdays, or one for each day of the month that clamps."""
        days = self.month_days_from(starts_on)
        months = self.months_from(starts_on)

        def series(**by: Any) -> du.rrule:
            return du.rrule(
                DATEUTIL_FREQUENCY[self.frequency],
                interval=self.interval,
                dtstart=datetime.combine(starts_on, time()),
                until=datetime.combine(last, time()),
                wkst=self.week_start,
                **by,
            )

        if self.weekdays or self.set_positions or max(days, default=0) <= 28:
            # dateutil takes "the first Monday and every Tuesday" for the Tuesdays that are a first Monday.
            groups = [
                [day for day in self.weekdays if bool(day.nth) is numbered] for numbered in (True, False)
            ]
            for group in [group for group in groups if group] or [[]]:
                yield series(
                    byweekday=[du.weekday(day.weekday, day.nth or None) for day in group] or None,
                    bymonthday=days or None,
                    bymonth=months or None,
                    bysetpos=self.set_positions or None,
                )
            return
        # "The last of the days 28 to 31 that the month has" is how RFC 5545 says "the 31st, or else the last day".
        # BYSETPOS counts within a month or within a year, so a yearly rule is taken month by month.
        of_months: list[Any] = [months or None]
        if self.frequency == Frequency.YEARLY:
            of_months = list(months or range(1, 13))
        for day in days:
            clamped = {"bymonthday": range(28, day + 1), "bysetpos": -1} if day > 28 else {"bymonthday": day}
            for month in of_months:
                yield series(bymonth=month, **clamped)


def rule_read(text: str) -> Rule:
    """Read a rule from the text of an RRULE, with or without its name; raise RecurrenceError for what can't be used."""
    if len(text) > MAX_LENGTH:
        raise RecurrenceError(_("The rule is too long."))
    values: dict[str, Any] = {}
    for part in text.strip().upper().removeprefix("RRULE:").split(";"):
        name, _equals, value = part.partition("=")
        reader = READERS.get(name)
        if reader is None:
            raise RecurrenceError(
                _("“%(part)s” is not a part of a rule that can be used here.") % {"part": part}
            )
        field, read = reader
        if field in values:
            raise RecurrenceError(_("“%(name)s” is there twice.") % {"name": name})
        try:
            values[field] = read(value)
        except (ValueError, IndexError) as error:
            raise RecurrenceError(_("“%(part)s” can't be read.") % {"part": part}) from error
    if "frequency" not in values:
        raise RecurrenceError(_("The rule does not say how often (FREQ)."))
    return Rule(**values)


def _check(rule: Rule) -> None:
    """Raise RecurrenceError for a rule that makes no sense."""
    limit = MAX_INTERVAL[rule.frequency]
    monthly = rule.frequency in (Frequency.MONTHLY, Frequency.YEARLY)
    mixed = len({bool(day.nth) for day in rule.weekdays}) > 1
    problems = {
        _("The interval must be between 1 and %(limit)d.") % {"limit": limit}: not 1
        <= rule.interval
        <= limit,
        _("The number of times must be between 1 and %(limit)d.") % {"limit": MAX_COUNT}: (
            rule.count is not None and not 1 <= rule.count <= MAX_COUNT
        ),
        _("A rule ends on a date or after a number of times, not both."): (
            rule.count is not None and rule.until is not None
        ),
        _("There is no such month."): any(not 1 <= month <= 12 for month in rule.months),
        _("A day of the month is between 1 and 31, or between −1 (the last) and −28."): any(
            not (1 <= day <= 31 or -28 <= day <= -1) for day in rule.month_days
        ),
        _("Days of the month need a rule by months or years."): bool(rule.month_days) and not monthly,
        _("A weekday's number is between 1 and 5, or between −1 (the last) and −5."): any(
            abs(day.nth) > 5 for day in rule.weekdays
        ),
        _("The nth weekday needs a rule by months or years."): (
            not monthly and any(day.nth for day in rule.weekdays)
        ),
        _("BYSETPOS chooses among days that the rule names, from −31 to 31 without 0."): bool(
            rule.set_positions
        )
        and (
            not monthly
            or mixed
            or not (rule.weekdays or rule.month_days)
            or any(not 1 <= abs(position) <= 31 for position in rule.set_positions)
        ),
    }
    for message, found in problems.items():
        if found:
            raise RecurrenceError(message)


def _joined(values: tuple[Any, ...]) -> str:
    return ",".join(str(value) for value in values)


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(sorted({_number(part) for part in text.split(",")}))


def _number(text: str) -> int:
    sign, digits = (-1, text[1:]) if text.startswith("-") else (1, text.removeprefix("+"))
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 6:
        raise ValueError(text)
    return sign * int(digits)


def _weekdays(text: str) -> tuple[NthWeekday, ...]:
    return tuple(
        sorted(
            {NthWeekday(_weekday(part[-2:]), _nth(part[:-2]) if part[:-2] else 0) for part in text.split(",")}
        )
    )


def _nth(text: str) -> int:
    if not (number := _number(text)):
        raise ValueError(text)
    return number


def _weekday(text: str) -> int:
    return WEEKDAYS.index(text)


def _day(text: str) -> date:
    """Read a date; of a date with a time only the date counts."""
    day, _t, clock = text.partition("T")
    if len(day) != 8 or (clock and len(clock.removesuffix("Z")) != 6) or ("T" in text and not clock):
        raise ValueError(text)
    return datetime.strptime(day, "%Y%m%d").date()  # noqa: DTZ007 - a date alone


READERS: Mapping[str, tuple[str, Callable[[str], Any]]] = {
    "FREQ": ("frequency", Frequency),
    "INTERVAL": ("interval", _number),
    "COUNT": ("count", _number),
    "UNTIL": ("until", _day),
    "BYDAY": ("weekdays", _weekdays),
    "BYMONTHDAY": ("month_days", _numbers),
    "BYMONTH": ("months", _numbers),
    "BYSETPOS": ("set_positions", _numbers),
    "WKST": ("week_start", _weekday),
}
