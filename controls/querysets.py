"""Which controls."""

from __future__ import annotations

from datetime import date
from typing import Self

from controls.choices import IN_FORCE, OPERATING, ControlState
from foundation.records.querysets import RecordQuerySet


class ControlQuerySet(RecordQuerySet):
    """Controls."""

    def unretired(self) -> Self:
        """Leave out what is not carried out any more."""
        return self.exclude(state=ControlState.RETIRED)

    def in_force(self) -> Self:
        """Keep those of which a version holds."""
        return self.filter(state__in=IN_FORCE)

    def asked(self) -> Self:
        """Keep those that evidence is asked for: in force, and carried out."""
        return self.in_force().filter(implementation__in=OPERATING, evidence_on__isnull=False)

    def evidence_overdue(self, on: date) -> Self:
        """Keep those whose evidence was due before a day."""
        return self.asked().filter(evidence_on__lt=on)

    def evidence_due(self, until: date) -> Self:
        """Keep those whose evidence is due by a day."""
        return self.asked().filter(evidence_on__lte=until)
