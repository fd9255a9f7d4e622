"""Which dates of the calendar: adjectives that chain."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models.functions import Coalesce, TruncDate

from foundation.calendar.choices import Outcome
from foundation.records.querysets import visible_records

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser

# A whole day ends at midnight somewhere on Earth, so the instants of some local days lie within this of the days of UTC.
MARGIN = timedelta(days=2)


class CalendarDateQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Dates of records of all kinds, as narrow copies."""

    def visible_to(self, user: AnyUser) -> Self:
        """Keep those whose record the person may know of, by the same rule as the records themselves."""
        return self.filter(visible_records(user, key="record_id"))

    def open(self) -> Self:
        """Keep what is neither done nor called off."""
        return self.filter(outcome=Outcome.OPEN)

    def open_or_done(self) -> Self:
        """Leave out what was called off."""
        return self.filter(outcome__in=(Outcome.OPEN, Outcome.DONE))

    def within(self, first: date, last: date, zone: tzinfo) -> Self:
        """Keep dates from one day to another, and name the day of each `on`: an instant's is that of the zone."""
        start = datetime.combine(first, time(), UTC) - MARGIN
        end = datetime.combine(last, time(), UTC) + MARGIN
        near = self.filter(due_at__gte=start, due_at__lte=end)  # by the index
        return near.on_days_of(zone).filter(on__gte=first, on__lte=last)

    def on_days_of(self, zone: tzinfo) -> Self:
        """Name the day of each `on`: an instant's is that of the zone."""
        return self.annotate(on=Coalesce("due_on", TruncDate("due_at", tzinfo=zone)))
