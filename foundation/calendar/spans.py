"""Which days the calendar shows, and what lies before and after them. Weeks start on Monday (ISO 8601)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from foundation.calendar.choices import View
from foundation.ui.dates import full_text

# A month before and after these still has only days that a deadline may have.
EARLIEST = date(1970, 3, 1)
LATEST = date(2999, 10, 31)
WEEK = timedelta(days=7)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """The days that a view shows around one of them. `first` and `last` are shown, too: of a month, its whole weeks."""

    view: View
    day: date
    first: date
    last: date

    @property
    def days(self) -> Iterator[date]:
        """Yield the days in order."""
        return (self.first + timedelta(days=number) for number in range((self.last - self.first).days + 1))

    @property
    def previous(self) -> date | None:
        """Return a day of the span before this one, or None where the calendar starts."""
        return _within(self._step(back=True))

    @property
    def next(self) -> date | None:
        """Return a day of the span after this one, or None where the calendar ends."""
        return _within(self._step(back=False))

    def _step(self, *, back: bool) -> date:
        match self.view:
            case View.WEEK:
                return self.day - WEEK if back else self.day + WEEK
            case View.DAY:
                return self.day - DAY if back else self.day + DAY
            case _:
                return (self.day.replace(day=1) - DAY).replace(day=1) if back else month_end(self.day) + DAY

    def title(self) -> str:
        """Return what is shown in words: "November 2026", "Week 48, 23 November 2026", "Saturday 28 November 2026"."""
        match self.view:
            case View.WEEK:
                return _("Week %(number)d, from %(day)s") % {
                    "number": self.first.isocalendar().week,
                    "day": date_format(self.first, pgettext("format of a day (Django date format)", "j F Y")),
                }
            case View.DAY:
                return full_text(self.day)
            case _:
                return date_format(self.day, pgettext("format of a month (Django date format)", "F Y"))


def span_of(view: View, day: date) -> Span:
    """Return the days that a view shows around a day between EARLIEST and LATEST."""
    match view:
        case View.MONTH:
            return Span(view, day, _monday(day.replace(day=1)), _monday(month_end(day)) + 6 * DAY)
        case View.WEEK:
            return Span(view, day, _monday(day), _monday(day) + 6 * DAY)
        case View.DAY:
            return Span(view, day, day, day)
        case _:
            return Span(view, day, day.replace(day=1), month_end(day))


def month_end(day: date) -> date:
    """Return the last day of a day's month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - DAY


def parse_day(text: str) -> date | None:
    """Return the day that an address names (2026-11-28), or None for what is none or lies too far off."""
    try:
        return _within(date.fromisoformat(text[:20]))
    except ValueError:
        return None


def day_asked(text: str, *, like: date | None) -> date | None:
    """Return the day to which a date is to go: a day, or of a month (2026-11) the day `like` another, or else its last; None for none."""
    if like is None or text.count("-") != 1:
        return parse_day(text)
    first = parse_day(f"{text}-01")
    return first and first.replace(day=min(like.day, month_end(first).day))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _within(day: date) -> date | None:
    return day if EARLIEST <= day <= LATEST else None
