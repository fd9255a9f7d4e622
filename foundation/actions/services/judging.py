"""Who may judge a corrective action, who is asked to, and who names somebody where nobody can."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.selectors import people_with_right
from foundation.actions.models import Action
from foundation.actions.sources import takes_side
from foundation.records.models import Record
from foundation.records.selectors import pairs_that_see

VERIFY, MANAGE = "actions.verify", "actions.manage"


def judge_refusal(record: Record, actor: User) -> str | None:
    """Return why a person may not judge an action: it is the person's own, was reported done by the person, or concerns the person's side."""
    assert isinstance(record, Action)
    if record.owner_id == actor.pk:
        return _("You own this action, so somebody else must judge it.")
    if record.done_by_id == actor.pk:
        return _("You reported this action done, so somebody else must judge it.")
    if takes_side(action=record, person=actor):
        return _("You have a side in what this action follows from, so somebody else must judge it.")
    return None


def verifier_refusal(*, action: Action, verifier: User, now: datetime) -> str | None:
    """Return why a person can't be the verifier of an action, or None."""
    return (
        own_refusal(action=action, verifier=verifier)
        or right_refusal(action=action, verifier=verifier, now=now)
        or side_refusal(action=action, verifier=verifier)
    )


def own_refusal(*, action: Action, verifier: User) -> str | None:
    """Return why an action is a person's own, so that somebody else must verify it, or None."""
    if verifier.pk == action.owner_id:
        return _("%(person)s owns the action, so somebody else must verify it.") % {"person": verifier}
    if verifier.pk == action.done_by_id:
        return _("%(person)s reported it done, so somebody else must verify it.") % {"person": verifier}
    return None


def side_refusal(*, action: Action, verifier: User) -> str | None:
    """Return why a person has a side in what an action follows from, so that somebody else must verify it, or None."""
    if takes_side(action=action, person=verifier):
        text = _("%(person)s has a side in what it follows from, so somebody else must verify it.")
        return text % {"person": verifier}
    return None


def right_refusal(*, action: Action, verifier: User, now: datetime) -> str | None:
    """Return why a person has no right to verify actions of this unit, or None."""
    if not verifier.is_active:
        return _("%(person)s has left, so somebody else must verify it.") % {"person": verifier}
    holders = people_with_right(right=VERIFY, unit=action.unit, on=organisation_day(now))
    if holders.filter(pk=verifier.pk).exists():
        return None
    return _("%(person)s may not verify actions of %(unit)s.") % {"person": verifier, "unit": action.unit}


def verifier_for(
    *, action: Action, wanted: Iterable[User | None], now: datetime, leaving: User | None = None
) -> User | None:
    """Return who verifies an action: the first of the wanted people who may, else a CISO who covers its unit, else nobody.

    The one rule by which a verifier is chosen. Never its owner, nor who reported it done, nor who has a side in what it
    follows from, nor who is about to leave. A restricted action is opened to nobody by it: a CISO may read it anyway.
    """
    on = organisation_day(now)
    own = [
        pk for pk in (action.owner_id, action.done_by_id, leaving.pk if leaving else None) if pk is not None
    ]
    holders = people_with_right(right=VERIFY, unit=action.unit, on=on).exclude(pk__in=own)
    asked = [person for person in wanted if person is not None]
    found = set(holders.filter(pk__in=[person.pk for person in asked]).values_list("pk", flat=True))
    if action.is_restricted and action.pk:
        found &= {pk for _key, pk in pairs_that_see([(action.pk, pk) for pk in found], on=on)}
    officers = people_with_right(right="records.view_restricted", unit=action.unit, on=on)
    for person in asked:
        if person.pk in found and not takes_side(action=action, person=person):
            return person
    for person in holders.filter(Q(pk__in=officers.order_by().values("pk"))):
        if not takes_side(action=action, person=person):
            return person
    return None


def namers_of(*, action: Action, now: datetime) -> list[User]:
    """Return who sees to it that somebody verifies an action that nobody can: who agreed on it or owns its source, else the CISOs.

    Each may name somebody, and knows of the action.
    """
    on = organisation_day(now)
    holders = people_with_right(right=MANAGE, unit=action.unit, on=on)
    asked = [
        one
        for one in (action.agreed_by or action.created_by, action.source.owner)
        if one.pk != action.owner_id
    ]
    found = set(holders.filter(pk__in=[person.pk for person in asked]).values_list("pk", flat=True))
    found &= {pk for _key, pk in pairs_that_see([(action.pk, pk) for pk in found], on=on)}
    near = [person for person in asked if person.pk in found]
    if near:
        return near[:1]
    officers = people_with_right(right="records.view_restricted", unit=action.unit, on=on)
    return list(holders.filter(Q(pk__in=officers.order_by().values("pk"))))
