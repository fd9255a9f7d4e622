"""The way that an approval goes: the organisation's, where it has set one, else the one of the kind's app."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils import translation

from foundation.accounts.choices import Role
from foundation.accounts.models import BusinessUnit, User
from foundation.accounts.rights import RIGHTS
from foundation.approvals.kinds import ApprovalKind, StepPlan
from foundation.approvals.models import Route, RouteStage
from foundation.records.models import Record
from foundation.registry import RecordKind, registry

Stage = dict[str, Any]


def stages_for(record: Record) -> list[RouteStage]:
    """Return the stages that a request for a record goes through, in order, as they are now; called in one language, whoever asks."""
    stages = list(RouteStage.objects.filter(route__kind=record.kind).order_by("position"))
    if stages:
        return stages
    with translation.override(settings.LANGUAGE_CODE):
        plans = registry.get(ApprovalKind, record.kind).steps(record)
        return [stage_of(plan, position) for position, plan in enumerate(plans, start=1)]


def stage_of(plan: StepPlan, position: int) -> RouteStage:
    """Return what an app says of a stage as the row that it would be."""
    return RouteStage(
        position=position,
        label=str(plan.label),
        needed=plan.needed,
        days=plan.days,
        people=list(plan.people),
        parts=list(plan.parts),
        rights=list(plan.rights) or ([plan.right] if plan.right else []),
    )


@dataclass(frozen=True)
class RouteShown:
    """A kind of record that is approved, its route, and whether the organisation has set it."""

    kind: str
    label: str
    route: Route | None
    stages: list[RouteStage]


def routes_shown() -> list[RouteShown]:
    """Return the routes of all kinds of records that are approved, by name. Two queries."""
    found = {
        route.kind: route for route in Route.objects.select_related("changed_by").prefetch_related("stages")
    }
    shown = []
    for kind in registry.all(ApprovalKind):
        route = found.get(kind.key)
        stages = list(route.stages.all()) if route else route_delivered(kind.key)
        shown.append(
            RouteShown(kind.key, str(registry.get(RecordKind, kind.key).label_plural), route, stages)
        )
    return sorted(shown, key=lambda one: one.label)


def route_delivered(kind: str) -> list[RouteStage]:
    """Return the stages that the app of a kind gives it, for a record of which nothing is known."""
    return [
        stage_of(plan, position)
        for position, plan in enumerate(registry.get(ApprovalKind, kind).steps(None), start=1)
    ]


def stage_values(stage: RouteStage) -> Stage:
    """Return what a stage says as plain values, for the trail and to compare."""
    return {
        "label": stage.label,
        "needed": stage.needed,
        "days": stage.days,
        "people": sorted(stage.people),
        "rights": sorted(stage.rights),
        "roles": sorted(stage.roles),
        "units": sorted(stage.units),
    }


def names_for(stages: list[RouteStage]) -> tuple[Mapping[int, User], Mapping[int, BusinessUnit]]:
    """Return the people and the units that stages name, by their keys. Two queries at most."""
    people = {key for stage in stages for key in stage.people}
    units = {key for stage in stages for key in stage.units}
    return (
        User.objects.in_bulk(people) if people else {},
        BusinessUnit.objects.in_bulk(units) if units else {},
    )


def circle_words(circle: Any, people: Mapping[int, User], units: Mapping[int, BusinessUnit]) -> list[str]:
    """Return who may decide in words, one for each that is named."""
    return [
        *(people[key].full_name for key in circle.people if key in people),
        *(str(RIGHTS[code].label) for code in circle.rights if code in RIGHTS),
        *(str(Role(role).label) for role in circle.roles),
        *(units[key].name for key in circle.units if key in units),
    ]
