"""Who may decide on a proposal, and whom it waits for: who may, or else who sees to it that somebody may."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from foundation.accounts.access import access_of, accesses_read
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.selectors import OFFICER, holders_read, role_seers
from foundation.actions.models import Action
from foundation.actions.services.judging import MANAGE
from foundation.actions.sources import (
    agreed_side_refusal,
    agreeing_refusal,
    agreeing_shared,
    deciders_wanted,
)
from foundation.records.models import Record
from foundation.records.selectors import pairs_that_see


@dataclass(frozen=True)
class Decider:
    """Whom a proposal waits for; where nobody may decide (`may` is false), that is who sees to it that somebody else is given a role."""

    person: User
    may: bool = True


def agree_refusal(record: Record, actor: User) -> str | None:
    """Return why a person can't agree on a proposal, or None: never on an own one, nor where those who audit must."""
    assert isinstance(record, Action)
    return _own_refusal(record, actor) or agreeing_refusal(source=record.source, person=actor, action=record)


def return_refusal(record: Record, actor: User) -> str | None:
    """Return why a person can't return a proposal, or None: who proposed it withdraws it, and who has a side there doesn't decide.

    Who would own it may: to say no to work is no judgement of one's own.
    """
    assert isinstance(record, Action)
    if record.proposed_by_id == actor.pk:
        return _("You proposed this action, so somebody else must return it.")
    return agreed_side_refusal(action=record, person=actor)


def decider_of(*, action: Action, now: datetime) -> Decider:
    """Return whom a proposal waits for: `deciders_of()`, of one."""
    return deciders_of(actions=[action], now=now)[action.pk]


def deciders_of(*, actions: Collection[Action], now: datetime) -> dict[int, Decider]:
    """Return who is to agree on proposals, or to return them, by the key of the proposal.

    The first who may of those whom its source names, else a CISO who covers its unit, else anybody who may and may know of it.
    Where nobody may, it waits for who can give somebody a role there; where it is restricted, for a CISO, who may know why.
    A few queries, whatever their number; some more where those named may not.
    """
    agreeing_shared([action for action in actions if action.agreeing is None])
    wanted = deciders_wanted([action.source for action in actions])
    named = {action.pk: wanted[action.source_id] for action in actions}
    accesses_read([person for people in named.values() for person in people], now)
    found = _first_who_may(actions, named, now)
    left = [action for action in actions if action.pk not in found]
    stuck: dict[int, Decider] = {}
    if left:
        others = holders_read(MANAGE, now)
        found |= _first_who_may(left, {one.pk: _officers_first(one, others, now) for one in left}, now)
    seer = role_seers(now)
    for action in actions:
        if action.pk not in found:
            sees_to_it = seer(action.unit_id, action.is_restricted) or named[action.pk][0]
            stuck[action.pk] = Decider(sees_to_it, may=False)
    return {key: Decider(person) for key, person in found.items()} | stuck


def _first_who_may(
    actions: Collection[Action], people: Mapping[int, Iterable[User]], now: datetime
) -> dict[int, User]:
    """Return by the key of the proposal the first of these people who may decide on it. A restricted one is opened to nobody by it."""
    able = {
        action.pk: [
            person
            for person in people[action.pk]
            if person.is_active and access_of(person, now).has(MANAGE, action.unit_id)
        ]
        for action in actions
    }
    pairs = {(one.pk, person.pk) for one in actions if one.is_restricted for person in able[one.pk]}
    seen = pairs_that_see(pairs, on=organisation_day(now)) if pairs else set()
    found = {}
    for action in actions:
        for person in able[action.pk]:
            knows = not action.is_restricted or (action.pk, person.pk) in seen
            if (
                knows
                and (_own_refusal(action, person) or agreed_side_refusal(action=action, person=person))
                is None
            ):
                found[action.pk] = person
                break
    return found


def _officers_first(action: Action, people: Iterable[User], now: datetime) -> list[User]:
    return sorted(people, key=lambda person: not access_of(person, now).has(OFFICER, action.unit_id))


def _own_refusal(action: Action, person: User) -> str | None:
    if action.proposed_by_id == person.pk:
        return _("You proposed this action, so somebody else must agree on it.")
    if action.owner_id == person.pk:
        return _("You would own this action, so somebody else must agree on it.")
    return None
