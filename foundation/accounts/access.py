"""What a person may do, where: the grants in force, resolved through the rights matrix and the unit tree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection

from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.rights import RIGHTS, RightMissing

if TYPE_CHECKING:
    AnyUser = User | AnonymousUser


@dataclass(frozen=True)
class Scope:
    """Where a right holds: everywhere, or in some units (each with all below it, already spelled out)."""

    everywhere: bool = False
    unit_ids: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.unit_ids)

    def covers(self, unit_id: int | None) -> bool:
        """Tell whether something of this unit (None: of no unit) is in scope."""
        return self.everywhere or (unit_id is not None and unit_id in self.unit_ids)


@dataclass(frozen=True)
class Access:
    """The roles that a person holds on a day, and where."""

    user_id: int | None
    on: date
    roles: dict[Role, Scope]

    def scope(self, right: str) -> Scope:
        """Return where the person has the right; raise KeyError for a right that does not exist."""
        scopes = [self.roles[role] for role in RIGHTS[right].roles if role in self.roles]
        return Scope(
            everywhere=any(scope.everywhere for scope in scopes),
            unit_ids=frozenset().union(*(scope.unit_ids for scope in scopes)),
        )

    def has(self, right: str, unit_id: int | None = None) -> bool:
        """Tell whether the person has the right for something of this unit."""
        return self.scope(right).covers(unit_id)

    def has_anywhere(self, right: str) -> bool:
        """Tell whether the person has the right at all, wherever."""
        return bool(self.scope(right))

    def missing(self, right: str) -> PermissionDenied:
        """Return the error that refuses something for want of the right, and says so."""
        return RightMissing(right)


def access_of(user: "AnyUser", now: datetime | None = None) -> Access:
    """Return the person's access today (by the organisation's time zone), read once per user object and day.

    One query: the grants, each with its unit and all below it. Nobody who is signed out or deactivated has any.
    """
    on = organisation_day(now or clock.now())
    kept = getattr(user, "_access", None)
    if isinstance(kept, Access) and kept.on == on:
        return kept
    access = Access(user.pk, on, _roles_of(user, on) if isinstance(user, User) and user.is_active else {})
    user._access = access  # type: ignore[union-attr]
    return access


def accesses_read(users: Iterable[User], now: datetime) -> None:
    """Read the access of many people at once, for the questions that follow; one query."""
    on = organisation_day(now)
    by_key = {user.pk: user for user in users}
    roles: dict[int, list[tuple[str, int | None, Sequence[int]]]] = {}
    with connection.cursor() as cursor:
        cursor.execute(GRANTS_OF_MANY, {"users": list(by_key), "day": on})
        for user_id, *grant in cursor.fetchall():
            roles.setdefault(user_id, []).append((grant[0], grant[1], grant[2]))
    for pk, user in by_key.items():
        held = _roles_in(roles.get(pk, ())) if user.is_active else {}
        user._access = Access(pk, on, held)  # type: ignore[attr-defined]


# Asked on every page before anything else, so it stands here as Django's ORM would write it, once and for all.
GRANTS_IN_FORCE = """
    SELECT held.role, held.unit_id, ARRAY(
        SELECT below.id FROM accounts_businessunit AS below WHERE starts_with(below.path, unit.path)
    )
    FROM accounts_rolegrant AS held LEFT JOIN accounts_businessunit AS unit ON unit.id = held.unit_id
    WHERE held.user_id = %(user)s
        AND (held.starts_on IS NULL OR held.starts_on <= %(day)s)
        AND (held.ends_on IS NULL OR held.ends_on >= %(day)s)
"""

GRANTS_OF_MANY = GRANTS_IN_FORCE.replace("SELECT held.role", "SELECT held.user_id, held.role").replace(
    "= %(user)s", "= ANY(%(users)s)"
)


def _roles_of(user: User, on: date) -> dict[Role, Scope]:
    with connection.cursor() as cursor:
        cursor.execute(GRANTS_IN_FORCE, {"user": user.pk, "day": on})
        return _roles_in(cursor.fetchall())


def _roles_in(grants: Iterable[tuple[str, int | None, Sequence[int]]]) -> dict[Role, Scope]:
    """Return the roles that grants give: each a role, its unit or None for everywhere, and that unit with all below it."""
    everywhere: set[Role] = set()
    units: dict[Role, set[int]] = {}
    for role, unit_id, unit_ids in grants:
        if unit_id is None:
            everywhere.add(Role(role))
        else:
            units.setdefault(Role(role), set()).update(unit_ids)
    return {
        role: Scope(everywhere=role in everywhere, unit_ids=frozenset(units.get(role, ())))
        for role in everywhere | units.keys()
    }
