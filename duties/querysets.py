"""Which activities, and which series of them."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from duties.choices import OPEN, TO_DO
from foundation.records.querysets import ListingQuerySet, RecordQuerySet


class SeriesQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Recurring activities. Who may know of them is who may know of their activities."""

    def to_plan(self, *, until: date, today: date) -> Self:
        """Keep those whose next occurrence, due by a day, is to be planned: the day of the one before has come."""
        return self.filter(next_on__lte=until, last_on__lte=today)

    def running(self) -> Self:
        """Leave out what has ended, and what has no occurrence to come."""
        return self.filter(ended_at__isnull=True, next_on__isnull=False)


class ActivityQuerySet(RecordQuerySet):
    """Activities of duties."""

    def open(self) -> Self:
        """Keep what is still to be done, or to be signed off."""
        return self.filter(state__in=OPEN)


class ActivityListingQuerySet(ListingQuerySet):
    """Activities as lists show them, on the narrow copies."""

    def open(self) -> Self:
        """Keep what is still to be done, or to be signed off."""
        return self.filter(state__in=OPEN)

    def to_do(self) -> Self:
        """Keep what is still to be done, and not only to be signed off."""
        return self.filter(state__in=TO_DO)

    def late(self, on: date) -> Self:
        """Keep what was to be done before a day, and is not."""
        return self.filter(late_on__lt=on)

    def left_behind(self) -> Self:
        """Keep what is to be done by somebody who is no longer here."""
        return self.filter(Q(state__in=TO_DO), owner__is_active=False).order_by(F("activity"))
