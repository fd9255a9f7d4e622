"""What tests of approvals begin with: a programme that is asked to be approved, by whatever route."""

from typing import Any

from audits.models import Programme
from audits.tests.factories import NOW, programme_make
from foundation.accounts.choices import Role
from foundation.accounts.models import User
from foundation.accounts.tests.factories import RoleGrantFactory
from foundation.approvals.choices import Verdict
from foundation.approvals.models import ApprovalRequest, Route
from foundation.approvals.services import approval_decide, content_seen, route_set
from foundation.lifecycle.services import apply_transition
from foundation.testing.cast import Cast

EMPTY: dict[str, Any] = {"needed": 1, "days": None, "people": [], "rights": [], "roles": [], "units": []}


def stage(label: str = "Review", **values: Any) -> dict[str, Any]:
    """Return the values of a stage."""
    people = [person.pk for person in values.pop("people", ())]
    return {**EMPTY, "label": label, "people": people, **values}


def reviewer(cast: Cast) -> User:
    """Return somebody of security who may know of everything, and decides where a route or a colleague says so; the same each time."""
    name = "Rosa Lindgren"
    found: User | None = User.objects.filter(full_name=name).first()
    return found or RoleGrantFactory.create(role=Role.SECURITY, unit=None, user__full_name=name).user


def route_make(cast: Cast, *stages: dict[str, Any], kind: str = "programme") -> Route:
    """Set the route of a kind."""
    route = route_set(kind=kind, stages=stages, actor=cast.administrator, now=NOW)
    assert route is not None
    return route


def ask(cast: Cast, programme: Programme | None = None) -> ApprovalRequest:
    """Let the analyst submit a programme, and return the request that follows."""
    programme = programme or programme_make(cast)
    apply_transition(record=programme, name="submit", actor=cast.analyst, now=NOW)
    return programme.approval_requests.get(state="open")


def decide(
    request: ApprovalRequest, actor: User, verdict: Verdict = Verdict.APPROVE, **fields: Any
) -> ApprovalRequest:
    """Decide on what the request shows, as somebody whose access was not read yet and who opened it."""
    fields = {"seen_digest": request.digest, "now": NOW, **fields}
    content_seen(request=request, person=actor, now=NOW)
    fresh = User.objects.get(pk=actor.pk)
    return approval_decide(request=request, actor=fresh, verdict=verdict, **fields)
