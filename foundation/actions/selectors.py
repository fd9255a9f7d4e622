"""Reads of actions for the pages of the records that they follow from."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from django.db import connection
from django.utils.translation import gettext_lazy as _

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.actions.choices import ACTION_TONES, JUDGED_STATES, PROPOSALS, SETTLED, ActionState
from foundation.actions.models import Action, ActionListing
from foundation.actions.querysets import ActionQuerySet
from foundation.records.kinds import kinds_of_duty
from foundation.records.models import Record
from foundation.records.querysets import visible_sql
from foundation.records.selectors import held_of
from foundation.registry import Held
from foundation.ui.addresses import address_of
from foundation.ui.components import Badge
from foundation.ui.counts import Statement

ACTION_PAGE = "actions:action-detail"
# By hand, since the page of every record asks it each time it is opened.
OF_RECORD = """
    SELECT record.reference, record.title, record.state, owner.full_name,
        CASE record.state WHEN 'proposed' THEN action.proposal_due_on WHEN 'returned' THEN action.proposal_due_on
            WHEN 'to_verify' THEN action.verification_due_on
            WHEN 'verified' THEN action.effectiveness_due_on ELSE action.due_on END AS next_due_on,
        action.due_on
    FROM actions_action AS action
    JOIN records_record AS record ON record.id = action.record_ptr_id
    JOIN accounts_user AS owner ON owner.id = record.owner_id
    WHERE action.source_id = %s AND {known}
    ORDER BY next_due_on, record.id
"""
OPEN_BELOW = """
    WITH RECURSIVE below(id) AS (
        SELECT record_ptr_id FROM actions_action WHERE source_id = %s
        UNION ALL
        SELECT further.record_ptr_id FROM below JOIN actions_action AS further ON further.source_id = below.id
    )
    SELECT count(*) FROM below JOIN records_record AS record ON record.id = below.id WHERE record.state = 'open'
"""
WAITS = {ActionState.PROPOSED: _("to be decided"), ActionState.RETURNED: _("to be revised")}
NOT_SETTLED = "SELECT action_id FROM actions_actionlisting WHERE NOT is_settled AND NOT is_archived"
LATE_OF_DUTY = """
    SELECT listed.action_id FROM actions_actionlisting AS listed
    WHERE NOT listed.is_settled AND NOT listed.is_archived AND listed.due_on < %s AND listed.state NOT IN %s
        AND listed.root_kind IN %s AND {known}
"""


@dataclass(frozen=True)
class ActionLine:
    """An action as the page of its source shows it; of a proposal, what it waits for until then, and when it would be done."""

    reference: str
    title: str
    url: str
    owner: str
    due_on: date
    badge: Badge
    is_settled: bool
    waits: str = ""
    to_be_done_on: date | None = None


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
            is_settled=state in SETTLED,
            waits=str(WAITS.get(state, "")),
            to_be_done_on=done_on if state in PROPOSALS else None,
        )
        for reference, title, state, owner, due_on, done_on in rows
    ]


def open_actions_of(record: Record) -> int:
    """Return how many actions that follow from a record, directly or over others, are still to be done, whoever may know of them.

    A corrective action that was reported done is not among them, though it is not settled yet. One query.
    """
    with connection.cursor() as cursor:
        cursor.execute(OPEN_BELOW, [record.pk])
        (count,) = cursor.fetchone()
    return int(count)


def late_actions_of_duty(duty: str, user: User, now: datetime) -> Statement:
    """Return the late actions that follow from records of a duty, directly or over others, and that the person may know of.

    To be counted with other badges: late is what waits for any step, be it of the owner or of the verifier; not what is only
    proposed, which nobody has to do yet.
    """
    known, values = visible_sql(user, "listed", key="action_id")
    kinds = kinds_of_duty(duty) or ("",)
    return Statement(LATE_OF_DUTY.format(known=known), (organisation_day(now), PROPOSALS, kinds, *values))


def actions_of_person(user: User) -> dict[str, Statement]:
    """Return what is agreed on, not settled, and owned by the person (`mine`), and what waits for the person to be judged (`to_judge`).

    To be counted with other numbers of a page.
    """
    return {
        "mine": Statement(
            f"{NOT_SETTLED} AND owner_id = %s AND state NOT IN %s", (user.pk, tuple(PROPOSALS))
        ),
        "to_judge": Statement(
            f"{NOT_SETTLED} AND verifier_id = %s AND state IN %s", (user.pk, tuple(JUDGED_STATES))
        ),
    }


def actions_verified_by(person: User) -> ActionQuerySet:
    """Return what a person verifies and that is not settled yet, whatever the person may know of."""
    listed = ActionListing.objects.unsettled().unarchived().filter(verifier=person)
    actions: ActionQuerySet = Action.objects.filter(pk__in=listed.values("pk")).order_by("pk")
    return actions


def verifying_held(*, person: User, reader: User, now: datetime) -> Held:
    """Return a preview of the actions that a person verifies."""
    return held_of(actions_verified_by(person), reader=reader)


def action_search_text(action: Action) -> str:
    """Return what else an action is found by: what is to be done, and what came of it."""
    return "\n".join((action.description, action.outcome, action.verification, action.effect))


@dataclass(frozen=True)
class DateMoves:
    """How often the day until which an action is to be done was moved since it was agreed on, and which day was agreed on then."""

    first: date
    times: int


def date_moves(action: Action) -> DateMoves | None:
    """Return how the day of an action moved, None if it stands as agreed; of one that was fetched `with_agreed_days()`."""
    each = [date.fromisoformat(day) for day, _same in groupby(action.days_agreed)]
    return DateMoves(each[0], len(each) - 1) if len(each) > 1 else None
