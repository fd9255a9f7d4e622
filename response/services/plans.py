"""What a plan waits for: its contacts confirmed, and an exercise of what it says now."""

from datetime import datetime, timedelta

from django.db import transaction

from foundation.accounts.organisation import organisation_day
from foundation.deadlines.models import Deadline
from foundation.deadlines.services import deadline_close, deadline_set
from policies.models import Document
from response.selectors import exercise_wanted, plans_in_force
from response.services.contacts import sheet_follow

AGAIN = "response.exercise_again"
# By which a new material version is exercised: long enough to prepare one, short enough that people remember what changed.
AGAIN_DAYS = 90


def plan_hold(plan_id: int) -> None:
    """Keep a plan as it is until the transaction ends: before what belongs to it is locked, as whoever changes the plan does."""
    Document.objects.select_for_update(of=("self",), no_key=True).get(pk=plan_id)


@transaction.atomic
def plan_follow(*, plan: Document, now: datetime) -> None:
    """Let the plan's owner be reminded to exercise what it says now, where nobody did and nothing is planned; and of its sheet."""
    found = (
        Document.objects.select_for_update(of=("self",), no_key=True)
        .select_related("owner", "current")
        .get(pk=plan.pk)
    )
    sheet_follow(plan=found, now=now)
    if found.current is not None and not found.is_retired and exercise_wanted(found):
        published = found.current.published_at or now
        due = organisation_day(published) + timedelta(days=AGAIN_DAYS)
        deadline_set(record=found, kind=AGAIN, assignee=found.owner, due_on=due, now=now)
    else:
        deadline_close(record=found, kind=AGAIN, now=now, was_dropped=found.is_retired)


def plans_to_exercise_astray() -> list[int]:
    """Return the keys of plans of which somebody is reminded to exercise them, or not, otherwise than things stand."""
    reminded = dict(Deadline.objects.open().filter(kind=AGAIN).values_list("record_id", "assignee_id"))
    plans = list(plans_in_force())
    astray = [
        plan.pk
        for plan in plans
        if reminded.get(plan.pk) != (plan.owner_id if exercise_wanted(plan) else None)
    ]
    known = {plan.pk for plan in plans}
    return [*astray, *(key for key in reminded if key not in known)]
