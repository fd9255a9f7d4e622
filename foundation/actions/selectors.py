"""Reads of actions for the pages of the records that they follow from."""

from dataclasses import dataclass
from datetime import date

from foundation.accounts.models import User
from foundation.actions.choices import ACTION_TONES, ActionState
from foundation.actions.models import Action
from foundation.records.models import Record
from foundation.ui.components import Badge


@dataclass(frozen=True)
class ActionLine:
    """An action as the page of its source shows it."""

    reference: str
    title: str
    url: str
    owner: str
    due_on: date
    badge: Badge
    is_settled: bool


def actions_shown(record: Record, user: User) -> list[ActionLine]:
    """Return the actions that follow from a record and that the person may know of, the earliest due first."""
    actions = Action.objects.visible_to(user).following_from(record)
    return [
        ActionLine(
            reference=action.reference,
            title=action.title,
            url=action.get_absolute_url(),
            owner=action.owner.full_name,
            due_on=action.due_on,
            badge=Badge(ActionState(action.state).label, ACTION_TONES[action.state], dot=True),
            is_settled=action.state != ActionState.OPEN,
        )
        for action in actions
    ]


def open_actions_of(record: Record) -> int:
    """Return how many actions that follow from a record are still to be done, whoever may know of them."""
    count: int = Action.objects.open().filter(source_id=record.pk).count()
    return count


def action_search_text(action: Action) -> str:
    """Return what else an action is found by: what is to be done, and what came of it."""
    return f"{action.description}\n{action.outcome}"
