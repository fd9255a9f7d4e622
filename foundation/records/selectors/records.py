"""Reads of records whatever their kind."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.apps import apps
from django.db import connection
from django.db.models import Q, QuerySet, Value

from foundation.accounts.access import access_of
from foundation.accounts.models import RoleGrant, User
from foundation.accounts.rights import RIGHTS
from foundation.accounts.selectors import delegations_in_force, people_with_right, stand_ins_of, stood_in_for
from foundation.records.choices import Confidentiality
from foundation.records.models import Participant, Record, Withheld
from foundation.records.names import RecordName, known_kinds
from foundation.records.querysets import STANDS_IN, visible_sql
from foundation.registry import RecordKind, registry

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser

NAME = """
    SELECT record.id, record.kind, record.reference, record.title
    FROM records_record AS record WHERE record.id = %s AND record.kind IN %s AND {known}
"""


def specific(record: Record) -> Record:
    """Return the record as its own kind's model, with what is particular to it. One query, unless it is so already."""
    model = apps.get_model(record.kind_entry.model)
    if isinstance(record, model):
        return record
    found = model._default_manager.get(pk=record.pk)
    assert isinstance(found, Record)
    return found


def specific_all(records: Iterable[Record]) -> dict[int, Record]:
    """Return the records by their ids, each as its own kind's model. One query for each kind."""
    ids: dict[str, list[int]] = {}
    for record in records:
        ids.setdefault(record.kind_entry.model, []).append(record.pk)
    found: dict[int, Record] = {}
    for model, wanted in ids.items():
        found |= apps.get_model(model)._default_manager.in_bulk(wanted)
    return found


def people_who_see(record: Record, *, on: date) -> QuerySet[User]:
    """Return the active people who may know of a record on a day, by name: `visible_to()`, asked from the other side."""
    right = "records.view_restricted" if record.is_restricted else "records.view"
    opened = Q(pk__in=record.participants.values("user_id")) | Q(
        pk__in=people_with_right(right=right, unit=record.unit, on=on).order_by().values("pk")
    )
    withheld = Q(pk__in=record.withheld_from.values("user_id"))
    mine = Q(pk=record.owner_id)
    if _opens_to_stand_ins(record.kind, record.state, record.confidentiality):
        in_place = delegations_in_force(on=on).filter(person=record.owner_id)
        mine |= Q(pk__in=in_place.values("stand_in_id"))
    people = User.objects.filter(mine | (opened & ~withheld), is_active=True)
    return people.order_by("full_name", "pk")


def pairs_that_see(pairs: Iterable[tuple[int, int]], *, on: date) -> set[tuple[int, int]]:
    """Return those (record id, user id) pairs in which the active person may know of the record on a day.

    The same rule as `visible_to()`, asked for many people and records at once, as mails and reminders need it:
    four queries whatever their number, and one where stand-ins of owners may know of any.
    """
    wanted = set(pairs)
    record_ids = {record_id for record_id, _user_id in wanted}
    user_ids = {user_id for _record_id, user_id in wanted}
    active = set(User.objects.filter(pk__in=user_ids, is_active=True).values_list("pk", flat=True))
    records = {
        pk: (owner_id, confidentiality, path, _opens_to_stand_ins(kind, state, confidentiality))
        for pk, owner_id, confidentiality, path, kind, state in Record.objects.filter(
            pk__in=record_ids
        ).values_list("pk", "owner_id", "confidentiality", "unit__path", "kind", "state")
    }
    owners = {owner_id for owner_id, _confidentiality, _path, in_place in records.values() if in_place}
    stand_ins = {
        (owner_id, person.pk) for owner_id, person in (stand_ins_of(owners, on=on).items() if owners else ())
    }
    parts, withheld = (
        model.objects.filter(record_id__in=record_ids, user_id__in=user_ids)
        .order_by()
        .values_list("record_id", "user_id", Value(opens))
        for model, opens in ((Participant, True), (Withheld, False))
    )
    named: dict[tuple[int, int], bool] = {}
    for record_id, user_id, opens in parts.union(withheld):
        named[record_id, user_id] = named.get((record_id, user_id), True) and opens
    scopes: dict[str, dict[int, list[str]]] = {"records.view": {}, "records.view_restricted": {}}
    grants = RoleGrant.objects.filter(
        Q(starts_on__isnull=True) | Q(starts_on__lte=on),
        Q(ends_on__isnull=True) | Q(ends_on__gte=on),
        user_id__in=active,
    ).values_list("user_id", "role", "unit__path")
    for user_id, role, path in grants:
        for right, roots in scopes.items():
            if role in RIGHTS[right].roles:
                roots.setdefault(user_id, []).append(path or "")

    def sees(record_id: int, user_id: int) -> bool:
        if record_id not in records or user_id not in active:
            return False
        owner_id, confidentiality, path, in_place = records[record_id]
        if in_place and (owner_id, user_id) in stand_ins:
            return True
        opened = named.get((record_id, user_id))
        if user_id == owner_id or opened is not None:
            return user_id == owner_id or bool(opened)
        right = "records.view_restricted" if confidentiality == Confidentiality.RESTRICTED else "records.view"
        return any(path.startswith(root) for root in scopes[right].get(user_id, ()))

    return {pair for pair in wanted if sees(*pair)}


def stands_in_for_owner(user: User, record: Record) -> bool:
    """Tell whether a person does what a record is about in its owner's place today. No query for who stands in for nobody."""
    access = access_of(user)
    return (
        STANDS_IN in access.facts
        and _opens_to_stand_ins(record.kind, record.state, record.confidentiality)
        and any(person.pk == record.owner_id for person in stood_in_for(user, on=access.on))
    )


def _opens_to_stand_ins(kind: str, state: str, confidentiality: str) -> bool:
    entry = registry.find(RecordKind, kind)
    return bool(
        entry
        and entry.stand_ins_see
        and state not in entry.final_states
        and confidentiality == Confidentiality.INTERNAL
    )


def known_name(user: "AnyUser", pk: int | None) -> RecordName | None:
    """Return what a record is called, where the person may know of it; None where not. One query at most."""
    if pk is None:
        return None
    known, values = visible_sql(user, "record")
    with connection.cursor() as cursor:
        cursor.execute(NAME.format(known=known), (pk, known_kinds(), *values))
        row = cursor.fetchone()
    return RecordName(*row) if row else None
