"""Open deadlines go to someone else when a person leaves."""

from datetime import datetime

from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.deadlines.models import Deadline
from foundation.deadlines.selectors import deadlines_assigned
from foundation.deadlines.services.setting import deadline_set
from foundation.records.selectors import pairs_that_see


def deadlines_hand_over(*, person: User, to: User, actor: User, now: datetime) -> int:
    """Assign a person's open deadlines to another, and return how many; must be called inside a transaction.

    What the other may not know of is assigned to the owner of its record, who is active since owners are handed over first.
    Dates stay, and no reminder is lost.
    """
    deadlines: list[Deadline] = list(deadlines_assigned(person).select_related("record__owner", "ladder"))
    pairs = {(deadline.record_id, to.pk) for deadline in deadlines}
    seen = pairs_that_see(pairs, on=organisation_day(now))
    for deadline in deadlines:
        deadline_set(
            record=deadline.record,
            kind=deadline.kind,
            key=deadline.key,
            assignee=to if (deadline.record_id, to.pk) in seen else deadline.record.owner,
            due_on=deadline.due_on,
            due_at=None if deadline.due_on else deadline.due_at,
            ladder=deadline.ladder,
            now=now,
        )
    return len(deadlines)
