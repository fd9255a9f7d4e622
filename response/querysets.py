"""Which contacts."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models


class ContactQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Contacts of plans. Who may know of them is who may know of their plan."""

    def present(self) -> Self:
        """Leave out what was taken off the sheet."""
        return self.filter(removed_at__isnull=True)

    def unconfirmed(self, on: date) -> Self:
        """Keep those that somebody had to confirm before a day."""
        return self.filter(confirm_by__lt=on)
