"""What a person may do, where: the grants in force, resolved through the rights matrix and the unit tree."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection

from foundation import clock
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.rights import RIGHTS, RightMissing
from foundation.registry import AccessFact, registry

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
    """The roles that a person holds on a day, and where; and the units that the person is placed in: the own one, and all above.

    `led` are the units that the person leads by role, and all above and below: who leads a part is of the whole.
    `facts` are the keys of the `AccessFact`s of the registry that hold of the person.
    """

    user_id: int | None
    on: date
    roles: dict[Role, Scope]
    unit_id: int | None = None
    home: frozenset[int] = frozenset()
    led: frozenset[int] = frozenset()
    facts: frozenset[str] = frozenset()

    @property
    def own(self) -> frozenset[int]:
        """Return the units that the person belongs to: placed there or below, or leading them or what is above or below them."""
        return self.home | self.led

    @property
    def digest(self) -> str:
        """Return a SHA-256 of the roles and where they hold, by which a change of them is told."""
        held = sorted(
            (role.value, scope.everywhere, sorted(scope.unit_ids)) for role, scope in self.roles.items()
        )
        return sha256(repr(held).encode()).hexdigest()

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

    One query: the grants, each with its unit and all below it, and the units that the person belongs to. Nobody who is
    signed out or deactivated has any right.
    """
    on = organisation_day(now or clock.now())
    if not isinstance(user, User):
        return Access(None, on, {})
    return _kept(user, on) or _read([user], on)[user.pk]


def accesses_read(users: Iterable[User], now: datetime | None = None) -> None:
    """Read the access of many people at once, for the questions that follow; one query, none for whom it was read."""
    on = organisation_day(now or clock.now())
    if unread := [user for user in users if _kept(user, on) is None]:
        _read(unread, on)


def belongs_to(user: User, unit_id: int) -> bool:
    """Tell whether a person is of a unit, or of one below it, or leads it; no query for whose access was read, on whatever day."""
    kept = getattr(user, "_access", None)
    access = kept if isinstance(kept, Access) and kept.unit_id == user.unit_id else access_of(user)
    return unit_id in access.own


# Asked on every page before anything else, so it stands here as Django's ORM would write it, once and for all. The rows
# without a person are the units that people belong to, with all above; those without units are facts.
ACCESSES = """
    SELECT held.user_id, held.role, held.unit_id, ARRAY(
        SELECT below.id FROM accounts_businessunit AS below
        WHERE starts_with(below.path, unit.path) OR held.unit_id IS NULL AND held.role = 'unit_lead'
    ), string_to_array(rtrim(unit.path, '/'), '/')::bigint[]
    FROM accounts_rolegrant AS held LEFT JOIN accounts_businessunit AS unit ON unit.id = held.unit_id
    WHERE held.user_id = ANY(%(users)s)
        AND (held.starts_on IS NULL OR held.starts_on <= %(day)s)
        AND (held.ends_on IS NULL OR held.ends_on >= %(day)s)
    UNION ALL
    SELECT NULL, NULL, home.id, NULL, string_to_array(rtrim(home.path, '/'), '/')::bigint[]
    FROM accounts_businessunit AS home WHERE home.id = ANY(%(units)s)
"""
FACT = " UNION ALL SELECT fact.*, '{key}', NULL, NULL, NULL FROM ({sql}) AS fact"


@cache
def _statement() -> str:
    facts = (FACT.format(key=fact.key, sql=fact.sql) for fact in registry.all(AccessFact))
    return "".join((ACCESSES, *facts))


def _kept(user: User, on: date) -> Access | None:
    """Return the access that was read of a person this day; none for who was put into another unit since."""
    kept = getattr(user, "_access", None)
    return kept if isinstance(kept, Access) and (kept.on, kept.unit_id) == (on, user.unit_id) else None


def _read(users: Sequence[User], on: date) -> dict[int, Access]:
    keys = sorted({user.pk for user in users})
    units = sorted({user.unit_id for user in users if user.unit_id is not None})
    grants: dict[int, list[tuple[str, int | None, Sequence[int]]]] = {}
    homes: dict[int | None, frozenset[int]] = {}
    led: dict[int, set[int]] = {}
    facts: dict[int, set[str]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_statement(), {"users": keys, "units": units, "day": on})
        for user_id, role, unit_id, below, above in cursor.fetchall():
            if user_id is None:
                homes[unit_id] = frozenset(above)
            elif below is None:
                facts.setdefault(user_id, set()).add(role)
            else:
                grants.setdefault(user_id, []).append((role, unit_id, below))
                if role == Role.UNIT_LEAD:
                    led.setdefault(user_id, set()).update(below, above or ())  # without a unit: of all
    found = {}
    for user in users:
        roles = _roles_in(grants.get(user.pk, ())) if user.is_active else {}
        home = homes.get(user.unit_id, frozenset())
        holding = frozenset(facts.get(user.pk, ()))
        leading = frozenset(led.get(user.pk, ()))
        found[user.pk] = Access(user.pk, on, roles, user.unit_id, home, leading, holding)
        user._access = found[user.pk]  # type: ignore[attr-defined]
    return found


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
