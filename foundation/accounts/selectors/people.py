"""Who is here, what each holds, and of whom the reader may know."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import F, Q, QuerySet

from foundation.accounts.access import Scope, access_of
from foundation.accounts.choices import PersonState
from foundation.accounts.models import RoleGrant, User

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser


def people_in(scope: Scope) -> QuerySet[User]:
    """Return the people of the units of a scope; those of no unit belong to the whole organisation."""
    return User.objects.all() if scope.everywhere else User.objects.filter(unit_id__in=scope.unit_ids)


def people_seen_by(user: "AnyUser") -> QuerySet[User]:
    """Return the people whose account the reader may see: those of the own units, and the reader."""
    return people_in(access_of(user).scope("people.view")) | User.objects.filter(pk=user.pk or 0)


def state_of(person: User) -> PersonState:
    """Return where a person's account stands."""
    if not person.is_active:
        return PersonState.CLOSED
    return PersonState.ACTIVE if person.last_login else PersonState.NEW


def people_with_state(people: QuerySet[User], state: str) -> QuerySet[User]:
    """Keep the people whose account stands so."""
    if state == PersonState.CLOSED:
        return people.filter(is_active=False)
    return people.filter(is_active=True, last_login__isnull=state == PersonState.NEW)


def grants_not_over(*, on: date) -> QuerySet[RoleGrant]:
    """Return the grants that hold on a day or will hold later."""
    return RoleGrant.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=on))


def grants_shown(person: User) -> list[RoleGrant]:
    """Return all grants of a person, past and coming ones too, those for the whole organisation first."""
    grants = person.grants.select_related("unit", "granted_by")
    return list(grants.order_by(F("unit__path").asc(nulls_first=True), "role"))


def grants_by_person(person_ids: Collection[int], *, on: date) -> dict[int, list[RoleGrant]]:
    """Return the grants that hold on a day, by person. One query."""
    found: dict[int, list[RoleGrant]] = {}
    grants = grants_not_over(on=on).filter(Q(starts_on__isnull=True) | Q(starts_on__lte=on))
    for grant in grants.filter(user_id__in=person_ids).select_related("unit").order_by("role", "id"):
        found.setdefault(grant.user_id, []).append(grant)
    return found
