"""How far a framework is covered by controls, as far as the reader may know of them."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from django.db.models import Case, IntegerField, Min, Q, QuerySet, Value
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
LINK = "requirement__control_links__"  # from what an edition says of a requirement
LISTED = f"{LINK}control__listing__"
IN_FORCE_NOW = {f"{LISTED}state__in": IN_FORCE}
LEVEL = Case(
    WhenTrue(
        **{f"{LINK}extent": Extent.FULL, f"{LISTED}implementation": Implementation.IMPLEMENTED},
        **IN_FORCE_NOW,
        then=Value(0),
    ),
    WhenTrue(**{f"{LISTED}implementation__in": OPERATING}, **IN_FORCE_NOW, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)
COUNTED = Q(
    **{
        f"{LISTED}state__in": [state for state in ControlState if state != ControlState.RETIRED],
        f"{LISTED}implementation__in": [
            how for how in Implementation if how != Implementation.NOT_APPLICABLE
        ],
    }
)


class Level(NamedTuple):
    """How far a requirement is covered: the place in `LEVELS`, and where it stands in the edition."""

    position: int
    requirement_id: int
    level: int


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


def levels_of(framework: Framework, user: "AnyUser") -> list[Level]:
    """Return how far each requirement of the current edition is covered, in order. One query, which reads each mapping once."""
    best = Min(LEVEL, filter=COUNTED & visible_records(user, LISTED))
    found = (
        RequirementText.objects.filter(edition=framework.current_id)
        .testable()
        .values("position", "requirement_id")
        .annotate(level=Coalesce(best, Value(len(LEVELS) - 1)))
        .order_by("position")
    )
    return [Level(**line) for line in found]


def coverage_lines(
    framework: Framework, user: "AnyUser", levels: Sequence[Level] | None = None
) -> "QuerySet[RequirementText]":
    """Return what the current edition requires, each with its `level`; one query before, where the levels are not at hand."""
    levels = levels_of(framework, user) if levels is None else levels
    by_level = [
        WhenTrue(
            requirement__in=[one.requirement_id for one in levels if one.level == place], then=Value(place)
        )
        for place in range(len(LEVELS) - 1)
    ]
    found: QuerySet[RequirementText] = (
        RequirementText.objects.filter(edition=framework.current_id)
        .testable()
        .annotate(level=Case(*by_level, default=Value(len(LEVELS) - 1), output_field=IntegerField()))
    )
    return found


def coverage_of(
    framework: Framework,
    user: "AnyUser",
    *,
    branches: Sequence[Branch] | None = None,
    levels: Sequence[Level] | None = None,
) -> tuple[Covered, list[Covered]]:
    """Return how far all of the current edition is covered, and each of its groups; two queries, or none with both at hand."""
    whole = Covered("")
    if framework.current is None:
        return whole, []
    branches = branches_of(framework.current) if branches is None else branches
    groups = [Covered(str(branch), branch.key) for branch in branches]
    for one in levels_of(framework, user) if levels is None else levels:
        whole.counts[one.level] += 1
        groups[branch_at(branches, one.position)].counts[one.level] += 1
    return whole, [group for group in groups if group.total]


def branch_at(branches: Sequence[Branch], position: int) -> int:
    """Return the place of the branch that a line stands in."""
    return bisect_right(branches, position, key=attrgetter("first")) - 1


# What is said of each: reading all of fifty lines' controls takes longer than the rest of the page.
NAMED = (
    "requirement_id",
    "extent",
    "control__reference",
    "control__title",
    "control__kind",
    "control__implementation",
)


def links_of(lines: Sequence[Any], user: "AnyUser") -> dict[int, list[ControlRequirement]]:
    """Return the mappings of these lines' requirements that count, by requirement; one query."""
    keys = [line.requirement_id for line in lines]
    links = links_counted(user).filter(requirement__in=keys).select_related("control").only(*NAMED)
    found: dict[int, list[ControlRequirement]] = {}
    for link in links.order_by("control__reference"):
        found.setdefault(link.requirement_id, []).append(link)
    return found
