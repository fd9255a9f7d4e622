"""Makes proposals for tests, takes them from state to state, and tells whom they wait for and who was told."""

from datetime import timedelta
from typing import Any

from audits.models import Finding
from audits.tests.factories import NOW, finding_make
from foundation.accounts.models import User
from foundation.actions.choices import ActionState
from foundation.actions.models import Action
from foundation.actions.services import action_propose
from foundation.actions.tests.factories import DUE as DUE_ON
from foundation.actions.tests.factories import step
from foundation.deadlines.models import Deadline
from foundation.notifications.models import Notice
from foundation.testing.cast import Cast

WEEK = timedelta(days=7)
WAYS = {
    ActionState.PROPOSED: (),
    ActionState.RETURNED: ("return",),
    ActionState.WITHDRAWN: ("withdraw",),
    ActionState.OPEN: ("agree",),
}
JUDGES = ("agree", "return")


def propose(cast: Cast, finding: Finding | None = None, **values: Any) -> Action:
    """Let who answers for a finding propose that the clerk does something."""
    source = finding or finding_make(cast)
    given: dict[str, Any] = {
        "source": source,
        "title": "Tell operations on the day",
        "owner": cast.personnel,
        "due_on": DUE_ON,
        "description": "By a ticket.",
        "actor": source.owner,
        "now": NOW,
    }
    return action_propose(**{**given, **values})


def proposal_in(cast: Cast, state: str) -> Action:
    """Take a proposal to a state by the steps of both sides."""
    action = propose(cast)
    for name in WAYS[ActionState(state)]:
        action = step(action, name, cast.auditor if name in JUDGES else cast.unit_lead)
    return Action.objects.get(pk=action.pk)


def waits_for(action: Action) -> dict[str, tuple[User, Any]]:
    """Return for whom each open date of an action waits, and until when."""
    dates = Deadline.objects.open().filter(record_id=action.pk).select_related("assignee")
    return {one.kind: (one.assignee, one.due_on) for one in dates}


def told(kind: str, action: Action) -> set[User]:
    """Return who was told such news of an action."""
    notices = Notice.objects.filter(kind=f"actions.{kind}", record_id=action.pk).select_related("recipient")
    return {notice.recipient for notice in notices}
