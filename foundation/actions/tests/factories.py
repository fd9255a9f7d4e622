"""Makes actions for tests, and takes them from state to state, through the services."""

from datetime import UTC, date, datetime, time
from typing import Any

from audits.tests.factories import NOW, audit_make
from foundation.accounts.models import User
from foundation.actions.choices import ActionNature, ActionState
from foundation.actions.models import Action
from foundation.actions.services import action_create
from foundation.lifecycle.services import apply_transition
from foundation.testing.cast import Cast

DUE = date(2027, 3, 1)


def task_make(cast: Cast, **values: Any) -> Action:
    """Let the analyst agree on a task of the clerk's that follows from an audit."""
    given: dict[str, Any] = {
        "title": "Close unused accounts",
        "owner": cast.personnel,
        "due_on": DUE,
        "actor": cast.analyst,
        "now": NOW,
    }
    source = values.pop("source", None) or audit_make(cast)
    return action_create(source=source, **{**given, **values})


def corrective_make(cast: Cast, *, state: str = ActionState.OPEN, **values: Any) -> Action:
    """Let the analyst agree on a corrective action of the clerk's, and take it to a state: the auditor verifies it."""
    given = {"nature": ActionNature.CORRECTIVE, "verifier": cast.auditor}
    return bring_to(task_make(cast, **{**given, **values}), state, judge=cast.auditor)


def bring_to(action: Action, state: str, *, judge: User, now: datetime | None = None) -> Action:
    """Take a corrective action to a state by its own steps: its owner reports it done, another judges it."""
    ways = {
        ActionState.OPEN: (),
        ActionState.TO_VERIFY: ("report_done",),
        ActionState.VERIFIED: ("report_done", "verify"),
        ActionState.EFFECTIVE: ("report_done", "verify", "confirm_effective"),
        ActionState.CANCELLED: ("cancel",),
    }
    for name in ways[ActionState(state)]:
        actor = action.owner if name == "report_done" else judge
        action = step(action, name, actor, now=now)
    return Action.objects.get(pk=action.pk)


def step(
    action: Action, name: str, actor: User, *, comment: str = "Because", now: datetime | None = None
) -> Action:
    """Take a step, and return the action as it is then; unless told when, the effect is confirmed on the day agreed for that."""
    if now is None:
        due_on = None
        if name == "confirm_effective":
            due_on = Action.objects.values_list("effectiveness_due_on", flat=True).get(pk=action.pk)
        now = datetime.combine(due_on, time(12), UTC) if due_on else NOW
    apply_transition(record=action, name=name, actor=actor, now=now, comment=comment)
    found: Action = Action.objects.get(pk=action.pk)
    return found
