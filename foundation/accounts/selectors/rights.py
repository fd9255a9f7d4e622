"""Who may do what, and who else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import F, Q, QuerySet

from foundation.accounts.choices import Role
from foundation.accounts.models import BusinessUnit, RoleGrant, User
from foundation.accounts.rights import AREAS, RIGHTS, Right


def people_with_right(*, right: str, unit: BusinessUnit | None, on: date) -> QuerySet[User]:
    """Return the active people who hold a right on a day for a unit (None: for the whole organisation)."""
    above = unit.above_ids if unit else []
    grants = RoleGrant.objects.filter(
        Q(unit__isnull=True) | Q(unit_id__in=above),
        Q(starts_on__isnull=True) | Q(starts_on__lte=on),
        Q(ends_on__isnull=True) | Q(ends_on__gte=on),
        role__in=[role.value for role in RIGHTS[right].roles],
    )
    return User.objects.filter(is_active=True, pk__in=grants.values("user_id")).order_by("full_name", "id")


def holders_anywhere(right: str, *, on: date) -> QuerySet[User]:
    """Return the active people who hold a right on a day for the whole organisation or for any unit; `access_of()` says where."""
    grants = grants_in_force(on=on).filter(role__in=[role.value for role in RIGHTS[right].roles])
    return User.objects.filter(pk__in=grants.values("user_id")).order_by("full_name", "id")


def lasting_holders(role: Role, *, on: date) -> QuerySet[User]:
    """Return the active people who hold a role for the whole organisation on a day, without an end."""
    grants = RoleGrant.objects.filter(
        Q(starts_on__isnull=True) | Q(starts_on__lte=on), unit__isnull=True, ends_on__isnull=True, role=role
    )
    return User.objects.filter(is_active=True, pk__in=grants.values("user_id"))


def grants_in_force(*, on: date) -> QuerySet[RoleGrant]:
    """Return the grants that hold on a day, of people whose account is open."""
    return RoleGrant.objects.filter(
        Q(starts_on__isnull=True) | Q(starts_on__lte=on),
        Q(ends_on__isnull=True) | Q(ends_on__gte=on),
        user__is_active=True,
    ).select_related("user", "unit")


def grants_of(user: User, *, on: date) -> list[RoleGrant]:
    """Return the roles that a person holds on a day, those for the whole organisation first."""
    return list(
        grants_in_force(on=on).filter(user=user).order_by(F("unit__path").asc(nulls_first=True), "role")
    )


@dataclass(frozen=True)
class Place:
    """Where a right is asked for: anywhere, in the whole organisation, or in a unit."""

    unit: BusinessUnit | None = None
    everywhere: bool = False

    def covered_by(self, grant: RoleGrant) -> bool:
        """Tell whether a grant reaches here."""
        if grant.unit is None:
            return True
        return self.unit.path.startswith(grant.unit.path) if self.unit else not self.everywhere

    def grants(self, grants: QuerySet[RoleGrant]) -> QuerySet[RoleGrant]:
        """Keep the grants that reach here."""
        if self.unit:
            return grants.filter(Q(unit__isnull=True) | Q(unit_id__in=self.unit.above_ids))
        return grants.filter(unit__isnull=True) if self.everywhere else grants


ANYWHERE = Place()


def holders_of(right: Right, *, on: date, limit: int, place: Place = ANYWHERE) -> list[RoleGrant]:
    """Return the grants that carry a right on a day: for the whole organisation first, then by unit and name."""
    grants = place.grants(grants_in_force(on=on)).filter(role__in=[role.value for role in right.roles])
    ordered = grants.select_related("granted_by").order_by(
        F("unit__path").asc(nulls_first=True), "user__full_name", "id"
    )
    return list(ordered[:limit])


class Miss(StrEnum):
    """Why a grant that carries a right does not give it here and now."""

    ELSEWHERE = "elsewhere"
    NOT_YET = "not yet"
    OVER = "over"


@dataclass(frozen=True)
class Standing:
    """Whether a person has a right: the grants that give it, and those that carry it but do not give it, with why."""

    right: Right
    gives: tuple[RoleGrant, ...]
    misses: tuple[tuple[RoleGrant, Miss], ...]


def standing_of(person: User, right: Right, *, on: date, place: Place = ANYWHERE) -> Standing:
    """Return how a person stands to a right on a day, and why the person may not. One query."""
    carrying = person.grants.filter(role__in=[role.value for role in right.roles])
    grants = carrying.select_related("user", "unit").order_by(F("unit__path").asc(nulls_first=True), "role")
    gives: list[RoleGrant] = []
    misses: list[tuple[RoleGrant, Miss]] = []
    for grant in grants:
        if grant.ends_on and grant.ends_on < on:
            misses.append((grant, Miss.OVER))
        elif grant.starts_on and grant.starts_on > on:
            misses.append((grant, Miss.NOT_YET))
        elif not place.covered_by(grant):
            misses.append((grant, Miss.ELSEWHERE))
        else:
            gives.append(grant)
    return Standing(right, tuple(gives) if person.is_active else (), tuple(misses))


@dataclass(frozen=True)
class MatrixRow:
    """A right, which of all roles carry it, and the reader's own grants that do."""

    right: Right
    carried_by: tuple[tuple[Role, bool], ...]
    mine: tuple[RoleGrant, ...]

    @property
    def everywhere(self) -> bool:
        """Tell whether the reader has the right in the whole organisation."""
        return any(grant.unit_id is None for grant in self.mine)

    @property
    def units(self) -> list[BusinessUnit]:
        """Return the units for which the reader has the right, each with all below it."""
        return list(dict.fromkeys(grant.unit for grant in self.mine if grant.unit))


@dataclass(frozen=True)
class MatrixArea:
    """The rights about one thing."""

    label: Any
    rows: tuple[MatrixRow, ...]


def rights_matrix(grants: Sequence[RoleGrant]) -> list[MatrixArea]:
    """Return all rights by area, with what these grants of the reader give."""
    by_area: dict[str, list[MatrixRow]] = {}
    for right in RIGHTS.values():
        by_area.setdefault(right.area, []).append(matrix_row(right, grants))
    return [MatrixArea(AREAS[area], tuple(rows)) for area, rows in by_area.items()]


def matrix_row(right: Right, grants: Sequence[RoleGrant]) -> MatrixRow:
    """Return one right with what these grants of the reader give."""
    return MatrixRow(
        right=right,
        carried_by=tuple((role, role in right.roles) for role in Role),
        mine=tuple(grant for grant in grants if Role(grant.role) in right.roles),
    )
