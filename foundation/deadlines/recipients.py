"""Who is reminded of a deadline, and why: read for a whole batch in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, datetime
from enum import Enum, auto
from typing import NamedTuple

from django.db.models import Q

from foundation.accounts.choices import Role
from foundation.accounts.models import RoleGrant
from foundation.records.models import Participant
from foundation.records.selectors import pairs_that_see
from foundation.registry import DeadlineKind, registry


class Claim(NamedTuple):
    """A deadline whose reminder is due, with what is told of its record. `unit_path` places the record in the tree."""

    deadline_id: int
    kind: str
    due_on: date | None
    due_at: datetime
    ladder_id: int
    next_reminder_at: datetime
    assignee_id: int
    assignee_name: str
    manager_id: int | None
    record_id: int
    record_kind: str
    reference: str
    title: str
    owner_id: int
    archived: bool
    unit_path: str
    snoozed_until: date | None = None


class Why(Enum):
    """What makes a person a recipient."""

    ASSIGNED = auto()
    TAKES_PART = auto()
    MANAGES = auto()
    OVERSEES = auto()
    STANDS_IN = auto()


ESCALATED = frozenset({Why.MANAGES, Why.OVERSEES})


class Circle(NamedTuple):
    """Everyone whom a deadline may concern, whether or not they may know of its record."""

    claim: Claim
    managers: tuple[int, ...]
    audience: Collection[int]
    cisos: Collection[int]

    @property
    def pairs(self) -> set[tuple[int, int]]:
        """Return the record with each of the people."""
        people = (self.claim.assignee_id, self.claim.owner_id, *self.managers, *self.audience, *self.cisos)
        return {(self.claim.record_id, user_id) for user_id in people}


def recipients_of(
    claims: Collection[Claim], *, escalated: Collection[int], on: date
) -> dict[int, dict[int, Why]]:
    """Return who is reminded of each deadline and why, by its id; `escalated` holds the ids of those late enough.

    Reminded are the assignee and the participants in the kind's audience; of what is escalated also the assignee's
    manager and the CISOs who cover the record's unit: each once, and only active people who may know of the record.
    Where the assignee is not one of those, the manager stands in, else those CISOs, else the record's owner.
    """
    audiences = _audiences(claims)
    cisos = _cisos_covering({claim.unit_path for claim in claims}, on)
    circles = [
        Circle(
            claim,
            managers=(claim.manager_id,) if claim.manager_id else (),
            audience=audiences[claim.record_id, claim.kind],
            cisos=cisos[claim.unit_path],
        )
        for claim in claims
    ]
    seen = pairs_that_see(set().union(*(circle.pairs for circle in circles)), on=on)
    return {
        circle.claim.deadline_id: _chosen(circle, seen, circle.claim.deadline_id in escalated)
        for circle in circles
    }


def _chosen(circle: Circle, seen: set[tuple[int, int]], escalated: bool) -> dict[int, Why]:
    claim = circle.claim

    def seeing(people: Iterable[int]) -> list[int]:
        return [user_id for user_id in people if (claim.record_id, user_id) in seen]

    chosen: dict[int, Why] = dict.fromkeys(seeing([claim.assignee_id]), Why.ASSIGNED)
    if not chosen:
        stand_ins = seeing(circle.managers) or seeing(circle.cisos) or seeing([claim.owner_id])
        chosen = dict.fromkeys(stand_ins, Why.STANDS_IN)
    for user_id in seeing(circle.audience):
        chosen.setdefault(user_id, Why.TAKES_PART)
    if escalated:
        for user_id in seeing(circle.managers):
            chosen.setdefault(user_id, Why.MANAGES)
        for user_id in seeing(circle.cisos):
            chosen.setdefault(user_id, Why.OVERSEES)
    return chosen


def _audiences(claims: Collection[Claim]) -> dict[tuple[int, str], set[int]]:
    """Return the participants who are reminded, by record and kind of deadline."""
    kinds = {claim.kind: registry.find(DeadlineKind, claim.kind) for claim in claims}
    by_role: dict[tuple[int, str], set[int]] = defaultdict(set)
    named = Participant.objects.filter(record_id__in={claim.record_id for claim in claims})
    for record_id, role, user_id in named.values_list("record_id", "role", "user_id"):
        by_role[record_id, role].add(user_id)
    audiences: dict[tuple[int, str], set[int]] = {}
    for claim in claims:
        kind = kinds[claim.kind]
        roles = kind.audience if kind else ()
        audiences[claim.record_id, claim.kind] = set().union(
            *(by_role.get((claim.record_id, role), set()) for role in roles)
        )
    return audiences


def _cisos_covering(paths: set[str], on: date) -> dict[str, set[int]]:
    """Return the CISOs of a day, by the path of the unit that they cover."""
    grants = list(
        RoleGrant.objects.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=on),
            Q(ends_on__isnull=True) | Q(ends_on__gte=on),
            role=Role.CISO,
        ).values_list("user_id", "unit__path")
    )
    return {path: {user_id for user_id, root in grants if path.startswith(root or "")} for path in paths}
