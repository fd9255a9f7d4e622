"""Who may decide a stage, and who may not although the route says so."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from foundation.accounts.access import accesses_read
from foundation.accounts.choices import Role
from foundation.accounts.models import BusinessUnit, RoleGrant, User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.rights import RIGHTS
from foundation.accounts.selectors import stand_ins_of
from foundation.approvals.kinds import ApprovalKind, judged
from foundation.approvals.models import ApprovalRequest, ApprovalStep, Circle, HandOn
from foundation.approvals.permissions import APPROVES_NOTHING, LEADS, hand_ons_standing, refusal_as
from foundation.records.models import Participant, Record
from foundation.records.selectors import pairs_that_see, people_who_see
from foundation.registry import registry


@dataclass(frozen=True)
class Candidate:
    """One of a stage's circle, and why that person may not decide (empty: may)."""

    person: User
    refusal: str = ""


def candidates_of(
    circle: Circle,
    *,
    unit: BusinessUnit | None,
    record: Record,
    requester: User,
    authors: Collection[int] = (),
    hand_ons: Collection[HandOn] = (),
    on: date,
) -> list[Candidate]:
    """Return everyone in a circle, by name or by a part in the record, and to whom it was handed on: who may decide, and who may not and why."""
    kind = registry.get(ApprovalKind, record.kind)
    if unit is not None and unit.pk == record.unit_id:
        record.unit = unit  # which was read already
    seeing = people_who_see(record, on=on).order_by().filter(pk=OuterRef("pk"))
    passed = {one.by_id: one.to for one in hand_ons}
    named = [one.to_id for one in hand_ons]
    if circle.parts:
        playing = Participant.objects.filter(record_id=record.pk, role__in=circle.parts)
        named += playing.values_list("user_id", flat=True)
    in_it = people_in(circle, unit=unit, on=on, besides=named).annotate(
        sees=Exists(seeing), only_audits=auditing_alone(record, on)
    )

    def refusal(person: Any) -> str | None:
        if not person.is_active:
            return _("has left")
        if person.pk == requester.pk:
            return _("asks for it")
        if person.pk in authors:
            return _("made what is to be approved")
        if person.pk in passed:
            return _("handed it on to %(person)s") % {"person": passed[person.pk]}
        if not person.sees:
            return _("may not know of it")
        if person.only_audits:
            return _("is an auditor, who approves nothing")
        return _("has a side in it") if kind.bars(record, person) else None

    return [Candidate(person, refusal(person) or "") for person in in_it]


def auditing_alone(record: Record, on: date) -> Any:
    """Return the condition that `only_audits_there()` tells of one person, for people of a query."""
    grants = _grants(on).filter(user_id=OuterRef("pk"))
    there = Q(role=LEADS) | Q(unit__isnull=True)
    if record.unit_id:
        there |= Q(unit_id__in=record.unit.above_ids)
    return Exists(grants.filter(role=Role.AUDITOR)) & ~Exists(
        grants.filter(there).exclude(role__in=APPROVES_NOTHING)
    )


def _grants(on: date) -> QuerySet[RoleGrant]:
    """Return the grants that hold on a day."""
    return RoleGrant.objects.filter(
        Q(starts_on__isnull=True) | Q(starts_on__lte=on), Q(ends_on__isnull=True) | Q(ends_on__gte=on)
    )


def people_in(
    circle: Circle, *, unit: BusinessUnit | None, on: date, besides: Collection[int] = ()
) -> QuerySet[User, Any]:
    """Return the people of a circle by name: holders of its rights and roles for a unit, leads of its units, and those
    whom it names, also where they have left.
    """
    roles = {role.value for code in circle.rights if code in RIGHTS for role in RIGHTS[code].roles}
    roles |= set(circle.roles)
    above = unit.above_ids if unit else []
    granted = Q(role__in=roles) & (Q(unit__isnull=True) | Q(unit_id__in=above))
    if circle.units:
        leading = {key for one in BusinessUnit.objects.filter(pk__in=circle.units) for key in one.above_ids}
        granted |= Q(role=LEADS) & (Q(unit__isnull=True) | Q(unit_id__in=leading))
    holding = Q(is_active=True, pk__in=_grants(on).filter(granted).order_by().values("user_id"))
    return User.objects.filter(holding | Q(pk__in=[*circle.people, *besides])).order_by("full_name", "pk")


def step_candidates(step: ApprovalStep, now: datetime) -> list[Candidate]:
    """Return everyone in the circle of a request's stage, and who of them may not decide."""
    request = step.request
    return candidates_of(
        step,
        unit=step.unit,
        record=judged(request.record),
        requester=request.requested_by,
        authors=request.authors,
        hand_ons=hand_ons_standing(step, request.hand_ons.all()),
        on=organisation_day(now),
    )


def step_deciders(step: ApprovalStep, now: datetime) -> list[User]:
    """Return who may decide a stage: those of its circle who see the record and whom the kind does not bar, never who asked."""
    return [one.person for one in step_candidates(step, now) if not one.refusal]


def step_stand_ins(
    request: ApprovalRequest, deciders: Sequence[User], now: datetime
) -> list[tuple[User, User]]:
    """Return those of the deciders who are stood in for today, each with a stand-in who may decide for them."""
    on = organisation_day(now)
    stand_ins = stand_ins_of([person.pk for person in deciders], on=on)
    if not stand_ins:
        return []
    record, decisions = judged(request.record), list(request.decisions.all())
    accesses_read(stand_ins.values(), now)
    seen = pairs_that_see({(record.pk, stand_in.pk) for stand_in in stand_ins.values()}, on=on)
    return [
        (person, stand_ins[person.pk])
        for person in deciders
        if person.pk in stand_ins
        and (record.pk, stand_ins[person.pk].pk) in seen
        and not refusal_as(person, request, record, decisions, stand_ins[person.pk])
    ]


def first_short(needs: Sequence[tuple[int, Iterable[int]]]) -> int | None:
    """Return the index of the first stage that too few are left for, given how many each needs and who may decide it.

    Each person decides once in a request, so it is not enough that each stage by itself has enough: they are put to the
    stages as in a matching, and whoever can also decide elsewhere makes way.
    """
    people = [tuple(may) for _needed, may in needs]
    taken: dict[int, int] = {}

    def place(index: int, tried: set[int]) -> bool:
        for person in people[index]:
            if person in tried:
                continue
            tried.add(person)
            if person not in taken or place(taken[person], tried):
                taken[person] = index
                return True
        return False

    for index, (needed, _may) in enumerate(needs):
        for _seat in range(needed):
            if not place(index, set()):
                return index
    return None


def who_is_out(candidates: Iterable[Candidate]) -> str:
    """Return who of a circle can't decide, each with why; and that it has nobody, where that is so."""
    found = list(candidates)
    if not found:
        return _("nobody holds what it asks for")
    out = [f"{one.person.full_name} ({one.refusal})" for one in found if one.refusal]
    return "; ".join(out)
