"""Setting the way that approvals of a kind go."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from foundation.accounts.access import access_of, accesses_read
from foundation.accounts.choices import Role
from foundation.accounts.models import BusinessUnit, User
from foundation.accounts.rights import RIGHTS
from foundation.accounts.versions import StaleEdit
from foundation.approvals.kinds import ApprovalKind
from foundation.approvals.models import MOST_STAGES, Route, RouteStage
from foundation.approvals.permissions import only_audits
from foundation.approvals.selectors import route_delivered, stage_values
from foundation.registry import RecordKind, registry
from foundation.trail.services import entry_write

DELIVERED = "0"  # the version of a route that the organisation has not set


@transaction.atomic
def route_set(
    *, kind: str, stages: Sequence[dict[str, Any]], actor: User, now: datetime, seen: str | None = None
) -> Route | None:
    """Let requests of a kind go through these stages from now on; what is under way goes on as it was asked.

    A stage is given by the values of its fields. `seen` is the version that the change was made on. Raises StaleEdit when
    that is no more, ValidationError where a stage can't be. A change of nothing writes nothing.
    """
    registry.get(ApprovalKind, kind)
    route = Route.objects.select_for_update().filter(kind=kind).first()
    _seen_check(kind, route, seen)
    rows = [RouteStage(position=position, **values) for position, values in enumerate(stages, start=1)]
    _stages_check(rows)
    before = list(route.stages.all()) if route else route_delivered(kind)
    if [stage_values(row) for row in rows] == [stage_values(row) for row in before]:
        return route
    if route is None:
        # Of two who set it first at once, the later is told.
        route, created = Route.objects.get_or_create(
            kind=kind, defaults={"changed_by": actor, "changed_at": now}
        )
        if not created:
            raise StaleEdit(route)
    else:
        route.version += 1
        route.changed_by, route.changed_at = actor, now
        route.save()
        route.stages.all().delete()
    for row in rows:
        row.route = route
    RouteStage.objects.bulk_create(rows)
    _write(kind, actor, before, rows)
    return route


@transaction.atomic
def route_reset(*, kind: str, actor: User, seen: str | None = None) -> bool:
    """Let requests of a kind go as its app delivers it again; tell whether anything was set. Raises StaleEdit."""
    route = Route.objects.select_for_update().filter(kind=kind).first()
    if route is None:
        return False
    _seen_check(kind, route, seen)
    before = list(route.stages.all())
    route.delete()
    _write(kind, actor, before, route_delivered(kind))
    return True


def version_of_route(route: Route | None) -> str:
    """Return the version of a route that tells a stale edit."""
    return str(route.version) if route else DELIVERED


def _seen_check(kind: str, route: Route | None, seen: str | None) -> None:
    if seen is not None and seen != version_of_route(route):
        raise StaleEdit(route or Route(kind=kind, version=int(DELIVERED)))


def _stages_check(rows: Sequence[RouteStage]) -> None:
    if not rows:
        raise ValidationError(_("A route has at least one stage."))
    if len(rows) > MOST_STAGES:
        raise ValidationError(_("A route has at most %(most)d stages."), params={"most": MOST_STAGES})
    people = {key for row in rows for key in row.people}
    units = {key for row in rows for key in row.units}
    known = (
        User.objects.filter(pk__in=people, is_active=True).count() == len(people)
        and BusinessUnit.objects.filter(pk__in=units, archived_at__isnull=True).count() == len(units)
        and all(code in RIGHTS for row in rows for code in row.rights)
        and all(role in Role.values for row in rows for role in row.roles)
    )
    if not known:
        raise ValidationError(_("A stage names somebody or something that is no longer there."))
    _auditors_check(rows, people)
    for row in rows:
        row.clean_fields(exclude=["route"])
        if not (row.people or row.rights or row.roles or row.units):
            raise ValidationError(_("Say who decides “%(stage)s”."), params={"stage": row.label})
        only_people = not (row.rights or row.roles or row.units)
        if only_people and row.needed > len(set(row.people)):
            raise ValidationError(
                _("“%(stage)s” needs more people than it names."), params={"stage": row.label}
            )


def _auditors_check(rows: Sequence[RouteStage], people: Collection[int]) -> None:
    """Refuse to ask auditors: they approve nothing."""
    if any(Role.AUDITOR in row.roles for row in rows):
        raise ValidationError(_("Auditors approve nothing: choose another role."))
    named = list(User.objects.filter(pk__in=people).order_by("full_name", "pk"))
    accesses_read(named)
    if out := [person for person in named if only_audits(access_of(person))]:
        raise ValidationError(
            ngettext(
                "%(people)s is an auditor, who approves nothing: name somebody else.",
                "%(people)s are auditors, who approve nothing: name others.",
                len(out),
            ),
            params={"people": get_text_list([person.full_name for person in out], _("and"))},
        )


def _write(kind: str, actor: User, before: Sequence[RouteStage], after: Sequence[RouteStage]) -> None:
    entry_write(
        action="approvals.route.changed",
        actor=actor,
        subject=str(registry.get(RecordKind, kind).label_plural),
        before={"stages": [stage_values(row) for row in before]},
        after={"stages": [stage_values(row) for row in after]},
    )
