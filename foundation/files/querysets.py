"""Which files: adjectives that chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F

from foundation.files.choices import Scan
from foundation.records.querysets import visible_records

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


class FileQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Files on records."""

    def visible_to(self, user: AnyUser) -> Self:
        """Keep the files of records that the person may know of."""
        return self.filter(visible_records(user, "record__"))

    def present(self) -> Self:
        """Leave out what was withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class FileVersionQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Versions of files."""

    def visible_to(self, user: AnyUser) -> Self:
        """Keep the versions of files on records that the person may know of."""
        return self.filter(visible_records(user, "file__record__"))

    def newest(self) -> Self:
        """Keep the newest version of each file."""
        return self.filter(number=F("file__latest"))

    def unscanned(self) -> Self:
        """Keep those that no virus scanner has seen."""
        return self.filter(scan=Scan.NONE)

    def harmful(self) -> Self:
        """Keep those in which a virus was found."""
        return self.filter(scan=Scan.FOUND)

    def present(self) -> Self:
        """Leave out those of files that were withdrawn."""
        return self.filter(file__withdrawn_at__isnull=True)
