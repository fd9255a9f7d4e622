"""What of records is in a person's hands."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.selectors import people_with_right
from foundation.records.models import Participant, Record
from foundation.records.querysets import visible_records
from foundation.records.selectors.records import pairs_that_see
from foundation.registry import HandOver, HandOverRefused, Held, RecordKind, registry

SHOWN = 10


def with_work_left(prefix: str = "") -> Q:
    """Return the condition that a record is neither archived nor at its end; `prefix` reaches it from another table."""
    condition = Q(**{f"{prefix}archived_at__isnull": True})
    for kind in registry.all(RecordKind):
        if kind.final_states:
            at_end = {f"{prefix}kind": kind.key, f"{prefix}state__in": sorted(kind.final_states)}
            condition &= ~Q(**at_end)
    return condition


def records_owned(person: User) -> QuerySet[Any]:
    """Return the records that a person owns and in which something is left to do, of kinds that nobody else sees to."""
    own = frozenset().union(*(sort.owners_of for sort in registry.all(HandOver)))
    records: QuerySet[Any] = Record.objects.filter(with_work_left(), owner=person).exclude(kind__in=own)
    return records.select_related("unit").order_by("pk")


def parts_taken(person: User) -> QuerySet[Participant]:
    """Return the parts that a person plays in records in which something is left to do, of kinds that nobody else sees to."""
    own = frozenset().union(*(sort.parts_of for sort in registry.all(HandOver)))
    parts = Participant.objects.filter(with_work_left("record__"), user=person).exclude(record__kind__in=own)
    return parts.select_related("record__unit").order_by("record_id", "pk")


def held_of(records: QuerySet[Any], *, reader: User) -> Held:
    """Return a preview of these records: those that the reader may not know of are counted alone. Two queries at most."""
    seen = visible_records(reader)
    counts = records.order_by().aggregate(all=Count("pk"), seen=Count("pk", filter=seen))
    if not counts["all"]:
        return Held(count=0)
    shown = tuple(
        (f"{one.reference} {one.title}", one.get_absolute_url()) for one in records.filter(seen)[:SHOWN]
    )
    return Held(count=counts["all"], hidden=counts["all"] - counts["seen"], shown=shown)


def owned_held(*, person: User, reader: User, now: datetime) -> Held:
    """Return a preview of the records that a person owns."""
    return held_of(records_owned(person), reader=reader)


def parts_held(*, person: User, reader: User, now: datetime) -> Held:
    """Return a preview of the records in which a person plays a part."""
    taken = parts_taken(person).order_by().values("record_id")
    records: QuerySet[Any] = Record.objects.filter(pk__in=taken).order_by("pk")
    return held_of(records, reader=reader)


def successors_for(records: Collection[Record], *, person: User, to: User, now: datetime) -> dict[int, User]:
    """Return who takes over each record, by its id: the one chosen, but never a restricted record that they may not know of.

    Such a record goes to a CISO who covers its unit: whoever closes an account shall not decide who reads it. Raises
    HandOverRefused where there is none.
    """
    on = organisation_day(now)
    seeing = pairs_that_see(((record.pk, to.pk) for record in records), on=on)
    return {
        record.pk: to
        if not record.is_restricted or (record.pk, to.pk) in seeing
        else _ciso_for(record, person, now)
        for record in records
    }


def _ciso_for(record: Record, person: User, now: datetime) -> User:
    on = organisation_day(now)
    holders = people_with_right(right="records.view_restricted", unit=record.unit, on=on)
    found = holders.exclude(pk=person.pk).first()
    if found is None:
        raise HandOverRefused(_("There is no CISO who could take over a restricted record."))
    return found


def name_for(record: Record, reader: User) -> str:
    """Return a record's reference for someone who hands it over, and not even that where they may not know of it."""
    if record.is_restricted and not Record.objects.visible_to(reader).filter(pk=record.pk).exists():
        return _("A restricted record")
    return record.reference
