"""Which saved views."""

from __future__ import annotations

from typing import Self

from django.db import models


class SavedViewQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Saved views."""

    def of(self, list_key: str) -> Self:
        """Keep those of one list."""
        return self.filter(list_key=list_key)
