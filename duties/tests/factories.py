"""Activities of duties, for tests."""

from datetime import UTC, date, datetime
from typing import Any

from duties.models import Activity
from duties.services import Item, activity_plan, item_tick, outcome_write
from foundation.accounts.models import User
from foundation.approvals.choices import Verdict
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.sample import open_and_decide
from foundation.lifecycle.services import apply_transition
from foundation.testing.cast import Cast

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
TODAY, DAY = date(2026, 11, 24), date(2026, 12, 15)
ITEMS = (Item("Ask the units"), Item("Read the reports"), Item("Show it to the board", False))


def at(day: date) -> datetime:
    """Return nine o'clock of a day."""
    return datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC)


def activity_make(cast: Cast, *, now: datetime = NOW, **said: Any) -> Activity:
    """Plan an activity of the whole organisation, which the clerk of Cards owns."""
    values: dict[str, Any] = {
        "title": "Assess the threats",
        "duty": 5,
        "unit": cast.units.root,
        "owner": cast.personnel,
        "due_on": DAY,
        "task": "Read what happened to **others**.",
        "evidence_wanted": "The assessment as a file",
        "checklist": ITEMS,
        "actor": cast.analyst,
        **said,
    }
    return again(activity_plan(now=now, **values))


def again(activity: Activity) -> Activity:
    """Return an activity as it is now."""
    found: Activity = Activity.objects.get(pk=activity.pk)
    return found


def step(activity: Activity, name: str, actor: User, *, now: datetime = NOW, comment: str = "") -> Activity:
    """Take a step, and return the activity as it is then."""
    apply_transition(record=again(activity), name=name, actor=actor, now=now, comment=comment)
    return again(activity)


def ready(activity: Activity, actor: User, *, now: datetime = NOW) -> Activity:
    """Tick all that is needed of an activity, and write its outcome."""
    for item in activity.items.filter(is_required=True):
        item_tick(activity=activity, item_id=item.pk, is_done=True, actor=actor, now=now)
    fresh = again(activity)
    outcome_write(activity=fresh, outcome="Nothing new.", actor=actor, now=now, version=fresh.version)
    return again(activity)


def done(cast: Cast, *, now: datetime = NOW, **said: Any) -> Activity:
    """Plan an activity, do it, and report it done."""
    activity = activity_make(cast, now=now, **said)
    return step(ready(activity, activity.owner, now=now), "complete", activity.owner, now=now)


def submitted(cast: Cast, **said: Any) -> Activity:
    """Plan an activity that needs a sign-off, do it, and ask for that."""
    activity = activity_make(cast, needs_sign_off=True, **said)
    return step(ready(activity, activity.owner), "submit", activity.owner)


def decide(
    activity: Activity, actor: User, verdict: Verdict = Verdict.APPROVE, comment: str = ""
) -> Activity:
    """Let somebody open what is to be signed off, and decide."""
    request = ApprovalRequest.objects.filter(record_id=activity.pk).latest("pk")
    open_and_decide(request=request, actor=actor, now=NOW, verdict=verdict, comment=comment)
    return again(activity)
