"""Which records: adjectives that chain, shared by lists, counts, exports and look-ups of every kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.apps import apps
from django.db import models
from django.db.models import Q

from foundation.accounts.access import access_of
from foundation.records.choices import Confidentiality

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


def visibility_grounds(user: AnyUser, prefix: str = "") -> tuple[Q, ...]:
    """Return the grounds on which a person may know of a record; any one is enough. `prefix` reaches it from another table.

    A right for the record's unit opens what is not restricted; being the owner or named in it opens it in any case.
    Each ground is one that an index serves, which their disjunction is not: a long list reads them one by one.
    """
    access = access_of(user)
    scope = access.scope("records.view")
    restricted = access.scope("records.view_restricted")
    if scope.everywhere and restricted.everywhere:
        return (Q(),)
    participant = apps.get_model("records", "Participant")
    person_id = user.pk or 0  # whoever is signed out owns nothing and is named in nothing
    grounds = [
        Q(**{f"{prefix}owner_id": person_id}),
        Q(**{f"{prefix}pk__in": participant.objects.filter(user_id=person_id).values("record_id")}),
    ]
    for where, confidentiality in (
        (scope, Confidentiality.INTERNAL),
        (restricted, Confidentiality.RESTRICTED),
    ):
        if where.everywhere:
            grounds.append(Q(**{f"{prefix}confidentiality": confidentiality}))
        elif where.unit_ids:
            units = {f"{prefix}unit_id__in": sorted(where.unit_ids)}
            grounds.append(Q(**{f"{prefix}confidentiality": confidentiality}, **units))
    return tuple(grounds)


def visible_records(user: AnyUser, prefix: str = "") -> Q:
    """Return the condition under which a person may know of a record: on any of the grounds."""
    condition, *others = visibility_grounds(user, prefix)
    for ground in others:
        condition |= ground
    return condition


class RecordQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """Records, or records of one kind."""

    def visible_to(self, user: AnyUser) -> Self:
        """Keep what the person may know of: the only way for a view to reach a record."""
        return self.filter(visible_records(user))

    def unarchived(self) -> Self:
        """Leave out what was archived."""
        return self.filter(archived_at__isnull=True)
