"""Which saved views."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from foundation.accounts.models import BusinessUnit
from foundation.lists.choices import Sharing

if TYPE_CHECKING:
    from foundation.accounts.models import User


class SavedViewQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Saved views."""

    def of(self, list_key: str) -> Self:
        """Keep those of one list."""
        return self.filter(list_key=list_key)

    def shown_to(self, user: User) -> Self:
        """Keep the person's own, and those that others share with everyone or with the person's unit or one above it."""
        shared: Any = Q(sharing=Sharing.EVERYONE)
        if user.unit_id is not None:
            mine_or_above = BusinessUnit.objects.filter(
                pk=user.unit_id, path__startswith=OuterRef("unit__path")
            )
            shared |= Q(sharing=Sharing.UNIT) & Exists(mine_or_above)
        return self.filter(Q(owner=user) | (shared & Q(owner__is_active=True)))
