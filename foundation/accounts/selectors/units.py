"""The tree of business units."""

from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet

from foundation.accounts.access import Scope
from foundation.accounts.models import BusinessUnit, RoleGrant
from foundation.accounts.selectors.rights import grants_in_force

KEPT_UNITS = "accounts.unit-choices"
KEPT_SECONDS = 60
INDENT = "\u2003"


@dataclass(frozen=True)
class UnitRow:
    """A unit in the tree as it is shown; `depth` counts from the topmost unit that the reader sees."""

    unit: BusinessUnit
    depth: int
    people: int


@dataclass(frozen=True)
class UnitOption:
    """A unit as a filter offers it, with the units below it."""

    pk: int
    name: str
    depth: int
    with_below: tuple[int, ...]


def units_in(scope: Scope) -> QuerySet[BusinessUnit]:
    """Return the units of a scope, each above those below it."""
    units = BusinessUnit.objects.order_by("path")
    return units if scope.everywhere else units.filter(pk__in=scope.unit_ids)


def unit_tree(scope: Scope, *, archived: bool = False, within: BusinessUnit | None = None) -> list[UnitRow]:
    """Return the units of a scope as a tree, by name on each level, with how many active people belong to each. One query.

    `within` keeps one unit and all below it.
    """
    units = units_in(scope)
    if not archived and not within:
        units = units.filter(archived_at__isnull=True)
    if within:
        units = units.filter(path__startswith=within.path)
    found = list(units.annotate(active_people=Count("people", filter=Q(people__is_active=True))))
    names = {unit.pk: unit.name.casefold() for unit in found}
    found.sort(key=lambda unit: [(names.get(pk, ""), pk) for pk in unit.above_ids])
    rows: list[UnitRow] = []
    above: list[str] = []
    for unit in found:
        while above and not unit.path.startswith(above[-1]):
            above.pop()
        rows.append(UnitRow(unit, len(above), unit.active_people))
        above.append(unit.path)
    return rows


def unit_choices() -> list[UnitOption]:
    """Return all units in the order of the tree, at most a minute old: every list asks for them."""
    found: list[UnitOption] | None = cache.get(KEPT_UNITS)
    if found is None:
        units = list(BusinessUnit.objects.values_list("pk", "name", "path").order_by("path"))
        found = [
            UnitOption(
                pk=pk,
                name=name,
                depth=path.count("/") - 1,
                with_below=tuple(other for other, _name, below in units if below.startswith(path)),
            )
            for pk, name, path in units
        ]
        cache.set(KEPT_UNITS, found, KEPT_SECONDS)
    return found


def unit_options(scope: Scope = Scope(everywhere=True)) -> list[tuple[str, str]]:  # noqa: B008 - a value
    """Return the units of a scope for a select, those below another drawn in."""
    return [
        (str(unit.pk), f"{INDENT * unit.depth}{unit.name}")
        for unit in unit_choices()
        if scope.covers(unit.pk)
    ]


def units_with_below(value: str) -> list[int]:
    """Return the ids of a unit, as a select names it, and of all below it."""
    return next((list(unit.with_below) for unit in unit_choices() if str(unit.pk) == value), [])


def unit_holders(unit: BusinessUnit, *, on: date) -> list[RoleGrant]:
    """Return the grants for a unit that hold on a day, by role and name; at most a hundred."""
    grants = grants_in_force(on=on).filter(unit=unit)
    return list(grants.order_by("role", "user__full_name", "id")[:100])
