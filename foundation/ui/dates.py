"""Dates and instants in the words of a person: "in 4 days", "2 days late", "31 h left", "today 08:52".

Instants are shown in the zone that is active (the viewer's), and days between them count by its calendar. A whole day is
one of the organisation, for everyone: how far off it is, is judged in the zone that `whole_days_in()` names.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

FIRST_DAY, LAST_DAY = date(1970, 1, 1), date(2999, 12, 31)  # between which what people do has its dates
SOON_DAYS = 7
HOURS_SHOWN_BELOW = timedelta(hours=48)

_zone_of_days: ContextVar[tzinfo | None] = ContextVar("zone_of_days", default=None)


@contextmanager
def whole_days_in(zone: tzinfo) -> Iterator[None]:
    """Let whole days be those of a zone, whatever zone is active."""
    token = _zone_of_days.set(zone)
    try:
        yield
    finally:
        _zone_of_days.reset(token)


def local_day(value: date | datetime) -> date:
    """Return the calendar day of a date, or of an instant in the active zone."""
    if isinstance(value, datetime):
        return timezone.localtime(value).date() if timezone.is_aware(value) else value.date()
    return value


def today_for(value: date | datetime, *, now: datetime) -> date:
    """Return what day it is by the calendar that a value is told in."""
    zone = None if isinstance(value, datetime) else _zone_of_days.get()
    return _day_in(zone or timezone.get_current_timezone(), now)


@lru_cache(maxsize=16)  # asked for every date of a page, about the same moment
def _day_in(zone: tzinfo, now: datetime) -> date:
    return timezone.localdate(now, zone)


def days_until(value: date | datetime, *, now: datetime) -> int:
    """Return how many calendar days lie between now and the value; negative when it is past."""
    return (local_day(value) - today_for(value, now=now)).days


# Pages are full of days, and the same ones: each is put into words once a language. `language` is only a part of the key.


@lru_cache(maxsize=4096)
def _day_short(day: date, language: str | None) -> str:
    return date_format(day, pgettext("format of a day in this year (Django date format)", "j M"))


@lru_cache(maxsize=4096)
def _day_with_year(day: date, language: str | None) -> str:
    return date_format(day, pgettext("format of a day in another year (Django date format)", "j M Y"))


@lru_cache(maxsize=4096)
def _day_in_full(day: date, language: str | None) -> str:
    return date_format(day, pgettext("format of a day in full (Django date format)", "l j F Y"))


def short_day(value: date | datetime, *, now: datetime) -> str:
    """Return "27 Nov", with the year when it is not this one."""
    return short_text(local_day(value), today=today_for(value, now=now))


def short_text(day: date, *, today: date) -> str:
    """Return "27 Nov", with the year when it is not today's."""
    words = _day_short if day.year == today.year else _day_with_year
    return words(day, get_language())


def clock_time(value: datetime) -> str:
    """Return "08:52" in the active zone."""
    return date_format(
        timezone.localtime(value), pgettext("format of a time of day (Django date format)", "H:i")
    )


def full_text(value: date | datetime) -> str:
    """Return the value in full, an instant with its zone."""
    day = _day_in_full(local_day(value), get_language())
    if not isinstance(value, datetime):
        return day
    return _("%(day)s, %(time)s (%(zone)s)") % {
        "day": day,
        "time": clock_time(value),
        "zone": timezone.get_current_timezone_name(),
    }


def _day_named(days: int) -> str:
    match days:
        case 0:
            return _("today")
        case -1:
            return _("yesterday")
        case 1:
            return _("tomorrow")
        case _:
            return ""


def moment_text(value: date | datetime, *, now: datetime) -> str:
    """Return when something was: "today 08:52", "yesterday 16:20", "21 Nov 07:00"; a plain date without a time."""
    day = day_text(local_day(value), today=today_for(value, now=now))
    if not isinstance(value, datetime):
        return day
    return _("%(day)s %(time)s") % {"day": day, "time": clock_time(value)}


def day_text(day: date, *, today: date) -> str:
    """Return "today", "yesterday", "tomorrow", "21 Nov", or "21 Nov 2027"."""
    return _day_named((day - today).days) or short_text(day, today=today)


def distance_text(value: date | datetime, *, now: datetime) -> str:
    """Return how far off a due date is: "in 4 days", "31 h left", "today", "2 days late"."""
    days = days_until(value, now=now)
    if isinstance(value, datetime):
        left = value - now
        if timedelta(0) <= left < HOURS_SHOWN_BELOW:
            return _hours_left(left)
        if left < timedelta(0) and days == 0:
            return _hours_late(-left)
    return days_text(days)


def days_text(days: int) -> str:
    """Return how far off a day is that lies so many days ahead: "in 4 days", "today", "2 days late"."""
    if days < 0:
        return ngettext("%(count)d day late", "%(count)d days late", -days) % {"count": -days}
    if days < 2:
        return _("tomorrow") if days else _("today")
    return _days_ahead(days)


def _hours_left(left: timedelta) -> str:
    hours = int(left / timedelta(hours=1))
    if hours:
        return ngettext("%(count)d h left", "%(count)d h left", hours) % {"count": hours}
    minutes = int(left / timedelta(minutes=1))
    return ngettext("%(count)d min left", "%(count)d min left", minutes) % {"count": minutes}


def _hours_late(late: timedelta) -> str:
    hours = int(late / timedelta(hours=1))
    return ngettext("%(count)d h late", "%(count)d h late", hours) % {"count": hours} if hours else _("late")


def _days_ahead(days: int) -> str:
    if days < 60:
        return ngettext("in %(count)d day", "in %(count)d days", days) % {"count": days}
    months = round(days / 30.44)
    if months < 24:
        return ngettext("in %(count)d month", "in %(count)d months", months) % {"count": months}
    years = round(days / 365.25)
    return ngettext("in %(count)d year", "in %(count)d years", years) % {"count": years}


def is_late(value: date | datetime, *, now: datetime) -> bool:
    """Return whether a due instant has passed, or a due day is over."""
    return value < now if isinstance(value, datetime) else days_until(value, now=now) < 0


def day_words(day: date) -> str:
    """Return a day with its year: "27 Nov 2027"."""
    return _day_with_year(local_day(day), get_language())


def instant_words(at: datetime) -> str:
    """Return an instant in the active time zone: "27 Nov 2027 08:52"."""
    local = timezone.localtime(at) if timezone.is_aware(at) else at
    return f"{day_words(local)} {date_format(local, 'H:i')}"
