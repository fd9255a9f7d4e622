"""Actions that a person owns or verifies, and parts in what follows from others, go to someone else when that person leaves."""

from datetime import datetime

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.actions.models import Action
from foundation.actions.selectors import actions_verified_by
from foundation.actions.services.agreeing import CONCERNED, concerned_by
from foundation.actions.services.dates import dates_follow
from foundation.actions.services.judging import own_refusal, right_refusal, side_refusal
from foundation.actions.services.verifying import verifier_follow, verifier_lost, verifier_set
from foundation.records.models import Participant, Record
from foundation.records.selectors import name_for, pairs_that_see, with_work_left
from foundation.records.services import participants_set, record_update
from foundation.registry import HandOverRefused


def action_owner_give(*, record: Record, to: User, leaving: User, actor: User, now: datetime) -> None:
    """Give an action another owner, who is reminded of it; where that is who verifies it, another is asked, in the same transaction."""
    assert isinstance(record, Action)
    changed = record_update(record=record, changes={"owner": to}, actor=actor, version=record.version)
    changed = verifier_follow(action=changed, actor=actor, now=now, leaving=leaving)
    dates_follow(action=changed, now=now)


def verifying_hand_over(*, person: User, to: User, actor: User, now: datetime) -> int:
    """Let another verify what a person was to verify, and return how many actions.

    Owners have been handed over before. Who owns an action now, or has a side in what it follows from, or may not know of a
    restricted one, does not verify it: another is asked, by the rule of `verifier_for()`. Raises HandOverRefused where the
    other has no right to verify. Must be called inside a transaction.
    """
    actions = list(actions_verified_by(person).select_related("unit", "owner", "source__owner"))
    seen = pairs_that_see([(action.pk, to.pk) for action in actions], on=organisation_day(now))
    for action in actions:
        is_hidden = action.is_restricted and (action.pk, to.pk) not in seen
        is_own = own_refusal(action=action, verifier=to) or side_refusal(action=action, verifier=to)
        if is_hidden or is_own:
            verifier_follow(action=action, actor=actor, now=now, leaving=person)
            continue
        if refusal := right_refusal(action=action, verifier=to, now=now):
            raise HandOverRefused(f"{name_for(action, actor)}: {refusal}")
        reason = verifier_lost(action=action, now=now, leaving=person) or ""
        verifier_set(action=action, verifier=to, actor=actor, now=now, comment=reason)
    _concern(person, to, actor)
    return len(actions)


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
