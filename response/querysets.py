"""Which contacts, and which exercises."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F

from foundation.records.querysets import ListingQuerySet, RecordQuerySet, known_value
from response.choices import EXERCISED, OPEN

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


class ContactQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Contacts of plans. Who may know of them is who may know of their plan."""

    def present(self) -> Self:
        """Leave out what was taken off the sheet."""
        return self.filter(removed_at__isnull=True)

    def left_untold(self, on: date) -> Self:
        """Keep those whose person is no longer here, and that wait for nobody by a day."""
        return self.filter(person__is_active=False, confirm_by__gt=on)

    def unconfirmed(self, on: date) -> Self:
        """Keep those that somebody had to confirm before a day."""
        return self.filter(confirm_by__lt=on)


class ExerciseQuerySet(RecordQuerySet):
    """Exercises of plans."""

    def exercised(self) -> Self:
        """Keep what took place."""
        return self.filter(state__in=EXERCISED)


class ExerciseListingQuerySet(ListingQuerySet):
    """Exercises as lists show them, on the narrow copies."""

    def open(self) -> Self:
        """Keep what is still to be held, or to be written up."""
        return self.filter(state__in=OPEN)

    def late(self, on: date) -> Self:
        """Keep what was to be held before a day, and was not."""
        return self.filter(due_on__lt=on)

    def with_plans_for(self, user: AnyUser) -> Self:
        """Name the plan of each (`plan_title`, and `plan_reference` where the person may know of it); tell whether few may (`plan_kept`)."""
        return self.annotate(
            plan_reference=known_value(user, "plan__", "reference"),
            plan_title=F("plan__title"),
            plan_kept=F("plan__confidentiality"),
        )
