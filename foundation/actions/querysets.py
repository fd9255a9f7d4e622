"""Which actions: adjectives that chain."""

from typing import Self

from foundation.actions.choices import ActionState
from foundation.records.models import Record
from foundation.records.querysets import RecordQuerySet


class ActionQuerySet(RecordQuerySet):
    """Actions of all sources."""

    def open(self) -> Self:
        """Keep what is still to be done."""
        return self.filter(state=ActionState.OPEN)

    def following_from(self, record: Record) -> Self:
        """Keep what follows from a record, the earliest due first."""
        return self.filter(source_id=record.pk).select_related("owner").order_by("due_on", "pk")
