"""Which deadlines: adjectives that chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models

from foundation.records.querysets import visible_records

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


class DeadlineQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Deadlines of records of all kinds."""

    def open(self) -> Self:
        """Keep what is neither met nor dropped."""
        return self.filter(closed_at__isnull=True)

    def visible_to(self, user: AnyUser) -> Self:
        """Keep those whose record the person may know of."""
        return self.filter(visible_records(user, prefix="record__"))
