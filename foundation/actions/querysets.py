"""Which actions: adjectives that chain."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Self

from django.db.models import Case, Expression, F, Q, Value, When
from django.db.models.functions import Coalesce

from foundation.actions.choices import ActionState
from foundation.records.models import Record
from foundation.records.querysets import RecordQuerySet, visible_records

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


class ActionQuerySet(RecordQuerySet):
    """Actions of all sources."""

    def open(self) -> Self:
        """Keep what is still to be done; that it was not done lets an index find it."""
        return self.filter(state=ActionState.OPEN, done_at__isnull=True)

    def late(self, today: date) -> Self:
        """Keep what is open although its day is over; `today` is the organisation's."""
        return self.open().filter(due_on__lt=today)

    def containing(self, text: str) -> Self:
        """Keep those whose title or reference contains a text."""
        return self.filter(Q(title__icontains=text) | Q(reference__icontains=text))

    def with_sources_for(self, user: AnyUser) -> Self:
        """Name what each follows from (`source_kind`, `source_reference`), where the person may know of that."""
        visible = visible_records(user, "source__")

        def seen(name: str) -> Expression:
            value = F(f"source__{name}")
            return (
                Case(When(visible, then=value), default=Value("")) if visible else Coalesce(value, Value(""))
            )

        return self.annotate(source_kind=seen("kind"), source_reference=seen("reference"))

    def following_from(self, record: Record) -> Self:
        """Keep what follows from a record, the earliest due first."""
        return self.filter(source_id=record.pk).select_related("owner").order_by("due_on", "pk")
