"""How far a framework is covered by controls, as far as the reader may know of them."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Case, IntegerField, Min, OuterRef, QuerySet, Subquery, Value
from django.db.models import When as WhenTrue
from django.db.models.functions import Coalesce

from compliance.models import Framework, RequirementText
from compliance.selectors import branches_of
from compliance.selectors.outline import Branch
from controls.choices import IN_FORCE, OPERATING, ControlState, Coverage, Extent, Implementation
from controls.models import ControlRequirement
from foundation.records.querysets import visible_records

if TYPE_CHECKING:
    from foundation.accounts.access import AnyUser

LEVELS = tuple(
    Coverage.values
)  # the best first: a requirement has the least number that one of its controls gives
IN_FORCE_NOW = {"control__state__in": IN_FORCE}
LEVEL = Case(
    WhenTrue(
        extent=Extent.FULL, control__implementation=Implementation.IMPLEMENTED, **IN_FORCE_NOW, then=Value(0)
    ),
    WhenTrue(control__implementation__in=OPERATING, **IN_FORCE_NOW, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


@dataclass
class Covered:
    """How many requirements of a group, or of all, are covered how far: a number for each of `LEVELS`."""

    name: str
    key: str = ""
    counts: list[int] = field(default_factory=lambda: [0] * len(LEVELS))

    @property
    def total(self) -> int:
        """Return how many there are."""
        return sum(self.counts)

    @property
    def gaps(self) -> int:
        """Return how many no control in force covers."""
        return self.counts[2] + self.counts[3]

    @property
    def percent(self) -> int:
        """Return how many of a hundred are covered fully, rounded down: 100 means all."""
        return self.counts[0] * 100 // self.total if self.total else 0


def links_counted(user: "AnyUser") -> "QuerySet[ControlRequirement]":
    """Return the mappings that count: of controls that the person may know of, neither retired nor said not to apply."""
    found: QuerySet[ControlRequirement] = (
        ControlRequirement.objects.filter(visible_records(user, "control__"))
        .exclude(control__state=ControlState.RETIRED)
        .exclude(control__implementation=Implementation.NOT_APPLICABLE)
    )
    return found


def coverage_lines(framework: Framework, user: "AnyUser") -> "QuerySet[RequirementText]":
    """Return what the current edition requires, each with its `level`: the place in `LEVELS` of how far it is covered."""
    links = links_counted(user).filter(requirement=OuterRef("requirement_id")).order_by()
    best = links.values("requirement").annotate(best=Min(LEVEL)).values("best")
    found: QuerySet[RequirementText] = (
        RequirementText.objects.filter(edition=framework.current_id)
        .testable()
        .annotate(level=Coalesce(Subquery(best), Value(len(LEVELS) - 1)))
    )
    return found


def coverage_of(
    framework: Framework, user: "AnyUser", branches: Sequence[Branch] | None = None
) -> tuple[Covered, list[Covered]]:
    """Return how far all of the current edition is covered, and each of its groups; two queries, or one with the groups at hand."""
    whole = Covered("")
    if framework.current is None:
        return whole, []
    branches = branches_of(framework.current) if branches is None else branches
    groups = [Covered(str(branch), branch.key) for branch in branches]
    lines: Any = coverage_lines(framework, user)
    for position, level in lines.values_list("position", "level"):
        whole.counts[level] += 1
        groups[branch_at(branches, position)].counts[level] += 1
    return whole, [group for group in groups if group.total]


def branch_at(branches: Sequence[Branch], position: int) -> int:
    """Return the place of the branch that a line stands in."""
    return bisect_right([branch.first for branch in branches], position) - 1


def links_of(lines: Sequence[Any], user: "AnyUser") -> dict[int, list[ControlRequirement]]:
    """Return the mappings of these lines' requirements that count, by requirement; one query."""
    keys = [line.requirement_id for line in lines]
    links = links_counted(user).filter(requirement__in=keys).select_related("control")
    found: dict[int, list[ControlRequirement]] = {}
    for link in links.order_by("control__reference"):
        found.setdefault(link.requirement_id, []).append(link)
    return found
