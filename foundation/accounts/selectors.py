"""Who may do what, read the other way round."""

from datetime import date

from django.db.models import Q, QuerySet

from foundation.accounts.choices import Role
from foundation.accounts.models import BusinessUnit, RoleGrant, User
from foundation.accounts.rights import RIGHTS


def people_with_right(*, right: str, unit: BusinessUnit | None, on: date) -> QuerySet[User]:
    """Return the active people who hold a right on a day for a unit (None: for the whole organisation)."""
    above = [int(part) for part in unit.path.split("/") if part] if unit else []
    grants = RoleGrant.objects.filter(
        Q(unit__isnull=True) | Q(unit_id__in=above),
        Q(starts_on__isnull=True) | Q(starts_on__lte=on),
        Q(ends_on__isnull=True) | Q(ends_on__gte=on),
        role__in=[role.value for role in RIGHTS[right].roles],
    )
    return User.objects.filter(is_active=True, pk__in=grants.values("user_id")).order_by("full_name", "id")


def lasting_holders(role: Role, *, on: date) -> QuerySet[User]:
    """Return the active people who hold a role for the whole organisation on a day, without an end."""
    grants = RoleGrant.objects.filter(
        Q(starts_on__isnull=True) | Q(starts_on__lte=on), unit__isnull=True, ends_on__isnull=True, role=role
    )
    return User.objects.filter(is_active=True, pk__in=grants.values("user_id"))
