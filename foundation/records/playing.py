"""Which parts a person plays in a record in hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import prefetch_related_objects

from foundation.records.models import Record
from foundation.registry import ParticipantRole, registry

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


def parts_played(user: AnyUser, record: Record) -> frozenset[str]:
    """Return the parts that a person plays in a record, or counts as one who plays: nothing that is kept from them is shown.

    The same as `querysets.not_kept_from()` and `counted_parts()` say of many records within a query. It asks nothing of a
    record that was fetched with its participants, or with `with_parts_of()` the person; else once for all that follows.
    """
    read = getattr(record, "parts_read", None)
    if read is not None and read["user"] == (user.pk or 0):
        named = set(read["parts"])
    else:
        prefetch_related_objects([record], "participants")
        named = {part.role for part in record.participants.all() if part.user_id == user.pk}
    counted = {
        role.key
        for role in registry.all(ParticipantRole)
        if role.is_counted is not None and role.is_counted(user, record)
    }
    return frozenset(named | counted)
