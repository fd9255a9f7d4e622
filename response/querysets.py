"""Which contacts, and which exercises."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models

from foundation.records.querysets import RecordQuerySet
from response.choices import EXERCISED, OPEN, ExerciseState


class ContactQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Contacts of plans. Who may know of them is who may know of their plan."""

    def present(self) -> Self:
        """Leave out what was taken off the sheet."""
        return self.filter(removed_at__isnull=True)

    def unconfirmed(self, on: date) -> Self:
        """Keep those that somebody had to confirm before a day."""
        return self.filter(confirm_by__lt=on)


class ExerciseQuerySet(RecordQuerySet):
    """Exercises of plans."""

    def open(self) -> Self:
        """Keep what is still to be held, or to be written up."""
        return self.filter(state__in=OPEN)

    def exercised(self) -> Self:
        """Keep what took place."""
        return self.filter(state__in=EXERCISED)

    def late(self, on: date) -> Self:
        """Keep what was to be held before a day, and was not."""
        return self.filter(state=ExerciseState.PLANNED, planned_on__lt=on)
