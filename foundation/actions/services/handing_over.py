"""Actions that a person verifies, and parts in what follows from others, go to someone else when that person leaves."""

from datetime import datetime

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.actions.models import Action
from foundation.actions.selectors import actions_verified_by
from foundation.actions.services.agreeing import CONCERNED, concerned_by
from foundation.actions.services.dates import dates_follow
from foundation.actions.services.verifying import VERIFIER, verifier_for, verifier_refusal
from foundation.records.models import Participant
from foundation.records.selectors import name_for, pairs_that_see, with_work_left
from foundation.records.services import participants_set, record_update
from foundation.registry import HandOverRefused


def verifying_hand_over(*, person: User, to: User, actor: User, now: datetime) -> int:
    """Let another verify what a person was to verify, and return how many actions.

    Owners have been handed over before. Who owns an action now, or may not know of a restricted one, does not verify it:
    that goes to who agreed on it, or to a CISO. Raises HandOverRefused where the other has no right to verify. Must be called
    inside a transaction.
    """
    actions = list(actions_verified_by(person).select_related("unit", "owner", "source__owner"))
    seen = pairs_that_see([(action.pk, to.pk) for action in actions], on=organisation_day(now))
    for action in actions:
        is_own = to.pk in (action.owner_id, action.done_by_id)
        is_hidden = action.is_restricted and (action.pk, to.pk) not in seen
        if not (is_own or is_hidden):
            if refusal := verifier_refusal(action=action, verifier=to, now=now):
                raise HandOverRefused(f"{name_for(action, actor)}: {refusal}")
            _verified_by(action, to, actor, now)
        else:
            _verified_by(action, _another(action, person, now), actor, now)
    own = Action.objects.unsettled().filter(owner=to, verifier=to)
    for action in own.select_related("unit", "source__owner"):
        _verified_by(action, _another(action, person, now), actor, now)
    _concern(person, to, actor)
    return len(actions)


def _another(action: Action, person: User, now: datetime) -> User | None:
    wanted = [one for one in (action.created_by, action.source.owner) if one.pk != person.pk]
    return verifier_for(action=action, wanted=wanted, now=now)


def _verified_by(action: Action, verifier: User | None, actor: User, now: datetime) -> None:
    changed = record_update(
        record=action, changes={"verifier": verifier}, actor=actor, version=action.version
    )
    participants_set(record=changed, role=VERIFIER, users=[verifier] if verifier else [], actor=actor)
    dates_follow(action=changed, now=now)


def _concern(person: User, to: User, actor: User) -> None:
    """Name those who own what an action follows from, or take part in it, as they are now; nobody new in a restricted one."""
    parts = Participant.objects.filter(
        with_work_left("record__"), user=person, record__kind="action", role=CONCERNED
    )
    actions = Action.objects.filter(pk__in=parts.values("record_id")).select_related("source")
    for action in actions.order_by("pk"):
        people = list(concerned_by(action.source))
        if person in people:
            people.remove(person)
            people += [] if action.is_restricted or to in people else [to]
        participants_set(record=action, role=CONCERNED, users=people, actor=actor)
