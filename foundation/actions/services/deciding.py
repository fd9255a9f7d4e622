"""Who may decide on a proposal, and whom it waits for: always somebody who may."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.selectors import people_with_right
from foundation.actions.models import Action
from foundation.actions.services.judging import MANAGE
from foundation.actions.sources import agreed_side_refusal, agreeing_refusal, deciders_wanted
from foundation.records.models import Record
from foundation.records.selectors import pairs_that_see


def agree_refusal(record: Record, actor: User) -> str | None:
    """Return why a person can't agree on a proposal, or None: never on an own one, nor where those who audit must."""
    assert isinstance(record, Action)
    return _own_refusal(record, actor) or agreeing_refusal(source=record.source, person=actor)


def return_refusal(record: Record, actor: User) -> str | None:
    """Return why a person can't return a proposal, or None: who proposed it withdraws it, and who has a side there doesn't decide.

    Who would own it may: to say no to work is no judgement of one's own.
    """
    assert isinstance(record, Action)
    if record.proposed_by_id == actor.pk:
        return _("You proposed this action, so somebody else must return it.")
    return agreed_side_refusal(action=record, person=actor)


def decider_of(*, action: Action, now: datetime) -> User:
    """Return who is to agree on a proposal, or to return it: the first who may of those its source names, else a CISO, else anybody who may.

    A restricted one is opened to nobody by it. Where nobody may, who is named first: somebody must give way there. Five queries
    or so, beside those that its source asks.
    """
    wanted = deciders_wanted(action.source)
    for person in _with_right(action, wanted, now):
        if (_own_refusal(action, person) or agreed_side_refusal(action=action, person=person)) is None:
            return person
    return wanted[0]


def _own_refusal(action: Action, person: User) -> str | None:
    if action.proposed_by_id == person.pk:
        return _("You proposed this action, so somebody else must agree on it.")
    if action.owner_id == person.pk:
        return _("You would own this action, so somebody else must agree on it.")
    return None


def _with_right(action: Action, wanted: list[User], now: datetime) -> Iterator[User]:
    """Yield who has the right to decide, and may know of the action: those wanted, then the CISOs who cover its unit, then the others."""
    on = organisation_day(now)
    holders = people_with_right(right=MANAGE, unit=action.unit, on=on)
    found = set(holders.filter(pk__in=[person.pk for person in wanted]).values_list("pk", flat=True))
    if action.is_restricted:
        found &= {pk for _key, pk in pairs_that_see([(action.pk, pk) for pk in found], on=on)}
    yield from (person for person in wanted if person.pk in found)
    officers = Q(
        pk__in=people_with_right(right="records.view_restricted", unit=action.unit, on=on)
        .order_by()
        .values("pk")
    )
    yield from holders.filter(officers)
    if not action.is_restricted:
        yield from holders.exclude(officers)
