"""What three years of audits cover: the units that were audited, and the requirements of frameworks that were tested."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from django.db.models import Aggregate, Case, CharField, Count, F, Value, When
from django.db.models.functions import ExtractYear

from audits.choices import AuditState, CheckResult
from audits.models import AuditListing, Check
from audits.permissions import checks_seen_by
from audits.querysets import AuditListingQuerySet
from audits.schedule import EARLIEST, LATEST
from audits.selectors.year.rows import Unit
from compliance.models import Framework
from foundation.accounts.models import User

NAMED = 4  # audits that a cell names; it counts all
CYCLE_YEARS = 3
FIELD_OVER = (AuditState.REPORTING, AuditState.REPORT_REVIEW, AuditState.FOLLOW_UP, AuditState.CLOSED)


class Covered(StrEnum):
    """How far a year's audits of a unit have come: `AUDITED` once a fieldwork is over."""

    AUDITED = "audited"
    PLANNED = "planned"
    NOT = "not"


@dataclass(frozen=True)
class Coverage:
    """The audits of a unit, or on a framework, in a year: how many are past their fieldwork and to come, some by name."""

    audited: int = 0
    planned: int = 0
    audited_names: tuple[str, ...] = ()
    planned_names: tuple[str, ...] = ()
    tested: int = 0  # of a framework's requirements

    @property
    def covered(self) -> Covered:
        """Return how far they have come."""
        if self.audited:
            return Covered.AUDITED
        return Covered.PLANNED if self.planned else Covered.NOT


@dataclass(frozen=True)
class UnitRow:
    """A unit with its audits year by year."""

    unit: Unit
    years: tuple[Coverage, ...]

    @property
    def is_never(self) -> bool:
        """Tell whether the unit is neither audited nor planned in any of the years."""
        return all(year.covered == Covered.NOT for year in self.years)


@dataclass(frozen=True)
class FrameworkRow:
    """A framework with the audits on it year by year, and what of it was tested in all of the years together."""

    framework: Framework
    testable: int
    years: tuple[Coverage, ...]
    tested: int


@dataclass
class _Counted:
    """A cell while it is counted."""

    counts: dict[str, int] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def coverage(self, tested: int = 0) -> Coverage:
        """Return what was counted."""
        return Coverage(
            audited=self.counts.get(Covered.AUDITED, 0),
            planned=self.counts.get(Covered.PLANNED, 0),
            audited_names=self.names.get(Covered.AUDITED, ()),
            planned_names=self.names.get(Covered.PLANNED, ()),
            tested=tested,
        )


class _FirstOf(Aggregate):
    """The first NAMED of some texts, in their order."""

    function = "ARRAY_AGG"
    template = f"(%(function)s(%(expressions)s ORDER BY %(expressions)s))[1:{NAMED}]"


def cycle_years(year: int, *, ahead: int) -> tuple[int, ...]:
    """Return the three years of a cycle around a year, `ahead` of which lie after it."""
    last = max(EARLIEST.year + CYCLE_YEARS - 1, min(year + ahead, LATEST.year))
    return tuple(range(last - CYCLE_YEARS + 1, last + 1))


def unit_coverage(*, user: User, units: Mapping[int, Unit], years: Sequence[int]) -> list[UnitRow]:
    """Return units, in their order, with the audits of some years that a person may know of; one query.

    Units that were archived are left out, unless there is an audit of them. An audit counts for its own unit, and not for
    those above or below it.
    """
    cells = _counted(_taking_place(user, years).filter(unit_id__in=list(units)), F("unit_id"))
    found = []
    for pk, unit in units.items():
        row = UnitRow(unit, tuple(cells.get((pk, year), _Counted()).coverage() for year in years))
        if not (unit.is_archived and row.is_never):
            found.append(row)
    return found


def framework_coverage(*, user: User, years: Sequence[int]) -> list[FrameworkRow]:
    """Return the frameworks in force that a person may read, with what of them was tested in some years; three queries.

    Only audits whose checklist the person sees count as tests, and only requirements that are in force today.
    """
    frameworks = list(
        Framework.objects.visible_to(user)
        .unarchived()
        .active()
        .filter(current__isnull=False)
        .select_related("current")
        .order_by("title", "pk")
    )
    if not frameworks:
        return []
    keys = [one.pk for one in frameworks]
    rows = _taking_place(user, years).filter(audit__frameworks__in=keys)
    cells = _counted(rows, F("audit__frameworks"))
    tested = _tested(user, keys, years)
    return [
        FrameworkRow(
            framework=one,
            testable=one.current.testable_count,
            years=tuple(
                cells.get((one.pk, year), _Counted()).coverage(tested.get((one.pk, year), 0))
                for year in years
            ),
            tested=tested.get((one.pk, None), 0),
        )
        for one in frameworks
    ]


def _taking_place(user: User, years: Sequence[int]) -> AuditListingQuerySet:
    """Return the audits of some years that a person may know of and that were not cancelled."""
    rows: AuditListingQuerySet = AuditListing.objects.visible_to(user).unarchived()
    span = (date(years[0], 1, 1), date(years[-1], 12, 31))
    return rows.filter(starts_on__range=span).exclude(state=AuditState.CANCELLED)


def _counted(rows: AuditListingQuerySet, by: Any) -> dict[tuple[int, int], _Counted]:
    """Return how many audits are past their fieldwork and to come, by key and year, and the first of them."""
    grouped = (
        rows.annotate(
            key=by,
            year=ExtractYear("starts_on"),
            covered=Case(
                When(state__in=FIELD_OVER, then=Value(Covered.AUDITED.value)),
                default=Value(Covered.PLANNED.value),
                output_field=CharField(),
            ),
        )
        .values("key", "year", "covered")
        .annotate(count=Count("pk"), first=_FirstOf("reference", output_field=CharField()))
        .order_by()
    )
    cells: dict[tuple[int, int], _Counted] = {}
    for row in grouped:
        cell = cells.setdefault((row["key"], row["year"]), _Counted())
        cell.counts[row["covered"]] = row["count"]
        cell.names[row["covered"]] = tuple(row["first"])
    return cells


def _tested(user: User, frameworks: Iterable[int], years: Sequence[int]) -> dict[tuple[int, int | None], int]:
    """Return how many requirements were tested, by framework and year, and in all of the years under None."""
    audits = _taking_place(user, years).filter(checks_seen_by(user))
    checks = (
        Check.objects.filter(
            audit__in=audits.values("pk"),
            requirement__framework__in=list(frameworks),
            requirement__is_withdrawn=False,
        )
        .exclude(result__in=(CheckResult.NOT_TESTED, CheckResult.NOT_APPLICABLE))
        .annotate(framework=F("requirement__framework"), year=ExtractYear("audit__starts_on"))
        .values_list("framework", "year", "requirement")
        .order_by()
        .distinct()
    )
    found: dict[tuple[int, int | None], set[int]] = {}
    for framework, year, requirement in checks:
        found.setdefault((framework, year), set()).add(requirement)
        found.setdefault((framework, None), set()).add(requirement)
    return {key: len(requirements) for key, requirements in found.items()}
