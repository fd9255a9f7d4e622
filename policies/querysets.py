"""Which documents and versions."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import Q

from foundation.records.querysets import RecordQuerySet
from policies.choices import IN_FORCE, DocumentState, VersionState


class DocumentQuerySet(RecordQuerySet):
    """Documents."""

    def unretired(self) -> Self:
        """Leave out what holds for nobody any more."""
        return self.exclude(state=DocumentState.RETIRED)

    def in_force(self) -> Self:
        """Keep those of which a version holds."""
        return self.filter(state__in=IN_FORCE)

    def review_overdue(self, on: date) -> Self:
        """Keep those whose review was due before a day."""
        return self.filter(review_on__lt=on)

    def review_due(self, until: date) -> Self:
        """Keep those whose review is due by a day."""
        return self.filter(review_on__lte=until)


class DocumentVersionQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Versions of documents. Who may know of them is who may know of their document."""

    def kept(self) -> Self:
        """Leave out drafts that were discarded."""
        return self.exclude(state=VersionState.DISCARDED)

    def to_publish(self, on: date) -> Self:
        """Keep what was approved and holds from a day on, or from its approval."""
        return self.filter(Q(effective_on__lte=on) | Q(effective_on=None), state=VersionState.APPROVED)
