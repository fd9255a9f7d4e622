"""Which documents and versions."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models
from django.db.models import F, Q

from foundation.accounts.access import Access
from foundation.records.choices import Confidentiality
from foundation.records.querysets import ListingQuerySet, RecordQuerySet
from policies.choices import IN_FORCE, DocumentState, VersionState


class DocumentQuerySet(RecordQuerySet):
    """Documents."""

    def in_force(self) -> Self:
        """Keep those of which a version holds."""
        return self.filter(state__in=IN_FORCE)

    def not_shelved(self) -> Self:
        """Keep those of which the library does not have the version in force."""
        return self.filter(~Q(shelved__version=F("current")) | Q(shelved=None), current__isnull=False)


class DocumentListingQuerySet(ListingQuerySet):
    """Documents as lists show them, on the narrow copies."""

    def open(self) -> Self:
        """Leave out what holds for nobody any more."""
        return self.exclude(state=DocumentState.RETIRED)

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

    def meant_for(self, access: Access) -> Self:
        """Keep what is in force, open, and meant for a person: for everyone, for a unit of theirs, or for a role that they hold.

        Who owns it, or has rights on it, is another matter: the register shows that.
        """
        meant = Q(audience=[], audience_roles=[])
        if access.home:
            meant |= Q(audience__overlap=sorted(access.home))
        if access.roles:
            meant |= Q(audience_roles__overlap=sorted(access.roles))
        return self.filter(
            meant,
            state=VersionState.PUBLISHED,
            document__confidentiality=Confidentiality.INTERNAL,
            document__archived_at=None,
        )

    def to_publish(self, on: date) -> Self:
        """Keep what was approved and holds from a day on, or from its approval."""
        return self.filter(Q(effective_on__lte=on) | Q(effective_on=None), state=VersionState.APPROVED)
