"""Who verifies a corrective action: never its owner, nor who reported it done."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.selectors import people_with_right
from foundation.actions.models import Action
from foundation.records.models import Record

VERIFY = "actions.verify"
VERIFIER = "actions.verifier"  # the part of who verifies it


def judge_refusal(record: Record, actor: User) -> str | None:
    """Return why a person may not judge an action: it is the person's own, or was reported done by the person."""
    assert isinstance(record, Action)
    if record.owner_id == actor.pk:
        return _("You own this action, so somebody else must judge it.")
    if record.done_by_id == actor.pk:
        return _("You reported this action done, so somebody else must judge it.")
    return None


def verifier_refusal(*, action: Action, verifier: User, now: datetime) -> str | None:
    """Return why a person can't be named as the verifier of an action, or None."""
    words = {"person": verifier, "unit": action.unit}
    if verifier.pk == action.owner_id:
        return _("%(person)s owns the action, so somebody else must verify it.") % words
    if verifier.pk == action.done_by_id:
        return _("%(person)s reported it done, so somebody else must verify it.") % words
    holders = people_with_right(right=VERIFY, unit=action.unit, on=organisation_day(now))
    if not holders.filter(pk=verifier.pk).exists():
        return _("%(person)s may not verify actions of %(unit)s.") % words
    return None


def verifier_for(*, action: Action, wanted: Iterable[User | None], now: datetime) -> User | None:
    """Return the first of the wanted people who may verify an action, else a CISO who covers its unit, else nobody.

    A restricted action is opened to nobody by that: a CISO may read it anyway. Two queries at most.
    """
    on = organisation_day(now)
    own = [pk for pk in (action.owner_id, action.done_by_id) if pk is not None]
    holders = people_with_right(right=VERIFY, unit=action.unit, on=on).exclude(pk__in=own)
    asked = [person for person in wanted if person is not None]
    found = {person.pk: person for person in holders.filter(pk__in=[person.pk for person in asked])}
    for person in asked:
        if person.pk in found:
            return person
    officers = people_with_right(right="records.view_restricted", unit=action.unit, on=on)
    return holders.filter(Q(pk__in=officers.order_by().values("pk"))).first()
