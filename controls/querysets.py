"""Which controls."""

from __future__ import annotations

from datetime import date
from typing import Self

from controls.choices import IN_FORCE, OPERATING, ControlState
from foundation.records.querysets import ListingQuerySet, RecordQuerySet


class ControlQuerySet(RecordQuerySet):
    """Controls."""

    def in_force(self) -> Self:
        """Keep those of which a version holds."""
        return self.filter(state__in=IN_FORCE)

    def asked(self) -> Self:
        """Keep those that evidence is asked for: in force, and carried out."""
        return self.in_force().filter(implementation__in=OPERATING, evidence_on__isnull=False)


class ControlListingQuerySet(ListingQuerySet):
    """Controls as lists show them, on the narrow copies."""

    def open(self) -> Self:
        """Leave out what is not carried out any more."""
        return self.exclude(state=ControlState.RETIRED)

    def evidence_overdue(self, on: date) -> Self:
        """Keep those whose evidence was due before a day."""
        return self.filter(due_on__lt=on)

    def evidence_due(self, until: date) -> Self:
        """Keep those whose evidence is due by a day."""
        return self.filter(due_on__lte=until)
