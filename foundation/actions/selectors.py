"""Reads of actions for the pages of the records that they follow from."""

from dataclasses import dataclass
from datetime import date

from django.db import connection

from foundation.accounts.models import User
from foundation.actions.choices import ACTION_TONES, ActionState
from foundation.actions.models import Action
from foundation.records.models import Record
from foundation.records.querysets import visible_sql
from foundation.ui.addresses import address_of
from foundation.ui.components import Badge

ACTION_PAGE = "actions:action-detail"
# By hand, since the page of every record asks it each time it is opened.
OF_RECORD = """
    SELECT record.reference, record.title, record.state, owner.full_name, action.due_on
    FROM actions_action AS action
    JOIN records_record AS record ON record.id = action.record_ptr_id
    JOIN accounts_user AS owner ON owner.id = record.owner_id
    WHERE action.source_id = %s AND {known}
    ORDER BY action.due_on, record.id
"""


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
    """Return the actions that follow from a record and that the person may know of, the earliest due first. One query."""
    known, values = visible_sql(user, "record")
    with connection.cursor() as cursor:
        cursor.execute(OF_RECORD.format(known=known), (record.pk, *values))
        rows = cursor.fetchall()
    return [
        ActionLine(
            reference=reference,
            title=title,
            url=address_of(ACTION_PAGE, reference),
            owner=owner,
            due_on=due_on,
            badge=Badge(ActionState(state).label, ACTION_TONES[state], dot=True),
            is_settled=state != ActionState.OPEN,
        )
        for reference, title, state, owner, due_on in rows
    ]


def open_actions_of(record: Record) -> int:
    """Return how many actions that follow from a record are still to be done, whoever may know of them."""
    count: int = Action.objects.open().filter(source_id=record.pk).count()
    return count


def action_search_text(action: Action) -> str:
    """Return what else an action is found by: what is to be done, and what came of it."""
    return f"{action.description}\n{action.outcome}"
