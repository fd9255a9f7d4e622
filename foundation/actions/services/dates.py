"""The dates of an action: by when it is due, to be verified, and to be looked at again; each is moved, and reminded of."""

from datetime import date, datetime, timedelta

from foundation.accounts.models import User
from foundation.actions.choices import ActionState
from foundation.actions.models import Action
from foundation.actions.services.deciding import Decider, decider_of
from foundation.actions.services.judging import namers_of
from foundation.actions.sources import proposers_of
from foundation.deadlines.services import deadline_close, deadline_set

PROPOSAL, REVISION = "actions.proposal", "actions.revision"
DUE, VERIFICATION, EFFECTIVENESS = "actions.due", "actions.verification", "actions.effectiveness"
DECIDED_WITHIN, REVISED_WITHIN = timedelta(days=7), timedelta(days=7)
VERIFIED_WITHIN = timedelta(days=14)

# The date that is waited for, and the field that holds it, by state.
AWAITED: dict[str, tuple[str, str]] = {
    ActionState.RETURNED: (REVISION, "proposal_due_on"),
    ActionState.PROPOSED: (PROPOSAL, "proposal_due_on"),
    ActionState.OPEN: (DUE, "due_on"),
    ActionState.TO_VERIFY: (VERIFICATION, "verification_due_on"),
    ActionState.VERIFIED: (EFFECTIVENESS, "effectiveness_due_on"),
}


def dates_follow(*, action: Action, now: datetime, decider: Decider | None = None) -> None:
    """Let what is waited for in the action's state be due, and close every other date; `decider` is whom a proposal waits for, where that is known.

    What was waited for is met by the way forward, and dropped by any other: the action was sent back, or cancelled.
    """
    awaited = AWAITED.get(action.state)
    for state, (kind, _field) in AWAITED.items():
        if awaited is None or kind != awaited[0]:
            deadline_close(record=action, kind=kind, now=now, was_dropped=not _is_past(action, state))
    if awaited is not None:
        kind, field = awaited
        day: date = getattr(action, field)
        if action.state == ActionState.PROPOSED:
            decider = decider or decider_of(action=action, now=now)
            assignee, is_stuck = decider.person, not decider.may
        else:
            assignee, is_stuck = _assignee(action, now)
        deadline_set(record=action, kind=kind, assignee=assignee, is_stuck=is_stuck, due_on=day, now=now)


def _assignee(action: Action, now: datetime) -> tuple[User, bool]:
    """Return who must take the next step, and whether nobody can: then that is to name somebody who verifies it."""
    if action.state == ActionState.RETURNED:
        return next(iter(proposers_of(action.source)), action.proposed_by or action.owner), False
    if action.state == ActionState.OPEN:
        return action.owner, False
    if action.verifier is not None:
        return action.verifier, False
    namers = namers_of(action=action, now=now)
    return namers[0] if namers else action.source.owner, True


def _is_past(action: Action, state: str) -> bool:
    """Tell whether the action has gone on from a state."""
    order = [*AWAITED, ActionState.EFFECTIVE]
    if action.state == ActionState.DONE:
        return True
    return action.state in order and order.index(ActionState(state)) < order.index(ActionState(action.state))
