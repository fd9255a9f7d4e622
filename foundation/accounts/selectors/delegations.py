"""Who stands in for whom."""

from collections.abc import Collection
from datetime import date

from django.db import connection
from django.db.models import QuerySet

from foundation.accounts.models import Delegation, User

STOOD_IN_FOR = """
    SELECT delegation.person_id
    FROM accounts_delegation AS delegation
    JOIN accounts_user AS person ON person.id = delegation.person_id AND person.is_active
    JOIN accounts_user AS stand_in ON stand_in.id = delegation.stand_in_id AND stand_in.is_active
    WHERE delegation.stand_in_id = %s AND delegation.starts_on <= %s AND delegation.ends_on >= %s
"""


def delegations_in_force(*, on: date) -> QuerySet[Delegation]:
    """Return the delegations of a day between people whose accounts are open."""
    return Delegation.objects.filter(
        starts_on__lte=on, ends_on__gte=on, person__is_active=True, stand_in__is_active=True
    )


def stand_in_of(person: User, on: date) -> User | None:
    """Return who stands in for a person on a day, or None. Nobody stands in for a stand-in: that is not passed on."""
    return stand_ins_of([person.pk], on=on).get(person.pk)


def stand_ins_of(person_ids: Collection[int], *, on: date) -> dict[int, User]:
    """Return who stands in on a day, by the id of the person; one query whatever their number."""
    found = delegations_in_force(on=on).filter(person_id__in=person_ids).select_related("stand_in")
    return {delegation.person_id: delegation.stand_in for delegation in found}


def stood_in_for(user: User, *, on: date) -> list[User]:
    """Return the people for whom someone stands in on a day. One query while there are none, and two else."""
    with connection.cursor() as cursor:  # by hand, since my desk asks each time, and mostly there are none
        cursor.execute(STOOD_IN_FOR, (user.pk, on, on))
        keys = [key for (key,) in cursor.fetchall()]
    return list(User.objects.filter(pk__in=keys).order_by("full_name", "pk")) if keys else []


def delegations_of(person: User, *, on: date) -> list[Delegation]:
    """Return who stands in for a person on a day and later, the earliest first."""
    return list(person.delegations.filter(ends_on__gte=on).select_related("stand_in", "created_by"))


def delegations_to(person: User, *, on: date) -> list[Delegation]:
    """Return for whom a person stands in on a day and later, the earliest first."""
    return list(person.stands_in.filter(ends_on__gte=on, person__is_active=True).select_related("person"))
