"""Which files: adjectives that chain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from foundation.files.choices import Scan
from foundation.records.models import Participant, Record
from foundation.records.playing import parts_played
from foundation.records.querysets import counted_parts, visible_records

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


def not_kept_from(user: AnyUser, prefix: str = "") -> Q:
    """Return the condition under which a file is not kept from a person; `prefix` reaches it from another table."""
    role, record = OuterRef(f"{prefix}kept_from"), OuterRef(f"{prefix}record")
    part = Participant.objects.filter(record=record, user=user.pk, role=role)
    kept = Q(Exists(part))
    for role_key, records in counted_parts(user, record).items():
        kept |= Q(Exists(records), **{f"{prefix}kept_from": role_key})
    return Q(**{f"{prefix}kept_from": ""}) | ~kept


class FileQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Files on records."""

    def visible_to(self, user: AnyUser) -> Self:
        """Keep the files of records that the person may know of, but for those that are kept from them."""
        return self.filter(visible_records(user, "record__")).unkept(user)

    def unkept(self, user: AnyUser) -> Self:
        """Leave out those that are kept from the person."""
        return self.filter(not_kept_from(user))

    def of(self, record: Record, user: AnyUser) -> Self:
        """Keep the files of a record in hand, but for those that are kept from the person."""
        return self.filter(record=record.pk).exclude(kept_from__in=parts_played(user, record))

    def present(self) -> Self:
        """Leave out what was withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class FileVersionQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Versions of files."""

    def visible_to(self, user: AnyUser) -> Self:
        """Keep the versions of files that the person may know of."""
        return self.filter(visible_records(user, "file__record__")).unkept(user)

    def unkept(self, user: AnyUser) -> Self:
        """Leave out those of files that are kept from the person."""
        return self.filter(not_kept_from(user, "file__"))

    def of(self, record: Record, user: AnyUser) -> Self:
        """Keep the versions of files of a record in hand, but for those that are kept from the person."""
        return self.filter(file__record=record.pk).exclude(file__kept_from__in=parts_played(user, record))

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
