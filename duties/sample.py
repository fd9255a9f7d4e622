"""Three years of the sample bank's duties: what was done, skipped, is late, and comes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from django.db import transaction

from duties.models import Activity, ActivitySeries, ChecklistItem
from duties.sample_plan import BEGUN, LATE, ROWS, SKIPPED, WAITING, SampleActivity
from duties.selectors import recurrence_of
from duties.services import ActivityDraft, Item, activities_plan, items_of
from duties.services.drafts import TEMPLATE_FIELDS
from duties.starting_texts import STARTER_BY_KEY, StarterActivity
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.sample import SampleContext
from foundation.approvals.models import ApprovalRequest
from foundation.approvals.sample import open_and_decide
from foundation.lifecycle.services import apply_transition
from foundation.notifications.services import notices_cancel

YEARS = timedelta(days=3 * 365)
OFTEN = timedelta(days=400)  # what comes each month was begun later
SIGNED_SINCE = timedelta(days=200)


@dataclass(frozen=True)
class Run:
    """A series of the sample, with its activities by their days."""

    row: SampleActivity
    series: ActivitySeries
    activities: list[Activity]


def sample_duties(context: SampleContext) -> None:
    """Let the bank have taken over most of the starter plan three years ago, and done what it asks for ever since."""
    die = Random(len(ROWS))  # noqa: S311 - a die, not a key
    today = organisation_day(context.now)
    with transaction.atomic():
        runs = _planned(context, today)
        for run in runs:
            over = [one for one in run.activities if one.due_on <= today]
            for place, activity in enumerate(reversed(over)):
                _past(context, run, activity, place, die)
            for activity in run.activities:
                if activity.due_on > today:
                    _coming(run, activity, context.now - timedelta(days=1))


def _planned(context: SampleContext, today: date) -> list[Run]:
    """Plan the first of each series, and all that followed by now; a few statements for all of them."""
    texts = [STARTER_BY_KEY[row.key] for row in ROWS]
    firsts = [_first(text, today) for text in texts]
    began = context.now - YEARS
    drafts = [_draft(context, row, text, day) for row, text, day in zip(ROWS, texts, firsts, strict=True)]
    first = activities_plan(drafts=drafts, actor=context.person("leonor.vasconcelos"), now=began)
    runs = []
    followed = []
    for row, activity in zip(ROWS, first, strict=True):
        series = activity.series
        assert series is not None
        days = _days(series, today, activity.due_on)
        followed += [_next(series, day, is_signed=day > today - SIGNED_SINCE) for day in days]
        series.last_on, series.next_on = (
            [activity.due_on, *days][-1],
            _after(series, [activity.due_on, *days]),
        )
        runs.append(Run(row, series, [activity]))
    by_series = {run.series.pk: run for run in runs}
    for activity in activities_plan(drafts=followed, actor=None, now=began):
        assert activity.series_id is not None
        by_series[activity.series_id].activities.append(activity)
    ActivitySeries.objects.bulk_update([run.series for run in runs], ["last_on", "next_on"])
    return runs


def _first(text: StarterActivity, today: date) -> date:
    back = OFTEN if text.rrule == "FREQ=MONTHLY" else YEARS
    return text.first_on(today - back)


def _draft(context: SampleContext, row: SampleActivity, text: StarterActivity, day: date) -> ActivityDraft:
    owner = context.person(row.owner)
    return ActivityDraft(
        title=str(text.title),
        duty=text.duty,
        unit=context.units[row.unit],
        owner=owner,
        due_on=day,
        task=str(text.task),
        evidence_wanted=str(text.evidence),
        checklist=[
            *(Item(str(item)) for item in text.checklist),
            *(Item(str(item), False) for item in text.optional),
        ],
        rrule=text.rrule,
        starter=text.key,
    )


def _days(series: ActivitySeries, today: date, first: date) -> list[date]:
    """Return the days of those that followed by now: the next one is planned once the one before is over."""
    days = recurrence_of(series).occurrences(first, 60)
    over = [day for day in days if day <= today]
    return days[: len(over) + 1]


def _after(series: ActivitySeries, planned: list[date]) -> date:
    return recurrence_of(series).occurrences(planned[-1], 1)[0]


def _next(series: ActivitySeries, day: date, *, is_signed: bool) -> ActivityDraft:
    """Return a following one; for a while somebody else has signed off what the plan says, and not the CISO's own."""
    values = {name: getattr(series, name) for name in TEMPLATE_FIELDS}
    wants = (
        STARTER_BY_KEY[series.starter].needs_sign_off
        and series.owner.email != "leonor.vasconcelos@example.com"
    )
    values["needs_sign_off"] = wants and is_signed
    return ActivityDraft(series=series, occurrence_on=day, due_on=day, checklist=items_of(series), **values)


def _past(context: SampleContext, run: Run, activity: Activity, place: int, die: Random) -> None:
    """Let one whose day is over be done, or what else became of it."""
    key = run.row.key
    if key in LATE and place == 0:
        _tick(activity, context.now, most=1)
        apply_transition(record=activity, name="start", actor=activity.owner, now=context.now)
        return
    at = _moment(context.now, activity.due_on, die.choice((-6, -4, -2, -1, 0, 0, 0, 3, 9)))
    ciso = context.person("leonor.vasconcelos")
    if key in SKIPPED and SKIPPED[key][0] == place:
        apply_transition(record=activity, name="skip", actor=ciso, now=at, comment=SKIPPED[key][1])
    else:
        _do(run, activity, at, place)
        if activity.needs_sign_off:
            _sign(activity, ciso, at + timedelta(hours=20))
    notices_cancel(record_id=activity.pk)


def _coming(run: Run, activity: Activity, at: datetime) -> None:
    """Let one that comes be begun, or even done and wait for its sign-off."""
    if run.row.key in BEGUN:
        _tick(activity, at, most=1)
        apply_transition(record=activity, name="start", actor=activity.owner, now=at)
    elif run.row.key == WAITING:
        _do(run, activity, at, 0)


def _do(run: Run, activity: Activity, at: datetime, place: int) -> None:
    """Tick it off, write what came of it, and report it done."""
    _tick(activity, at)
    outcome = run.row.outcomes[place % len(run.row.outcomes)]
    Activity.objects.filter(pk=activity.pk).update(outcome=outcome, writers=[activity.owner_id])
    name = "submit" if activity.needs_sign_off else "complete"
    apply_transition(record=activity, name=name, actor=activity.owner, now=at)


def _moment(now: datetime, due_on: date, days: int) -> datetime:
    """Return the morning, so many days from the day that something was due, but never one to come."""
    at = now.replace(hour=10, minute=5) + (due_on - now.date()) + timedelta(days=days)
    return min(at, now - timedelta(hours=30))


def _tick(activity: Activity, at: datetime, *, most: int | None = None) -> None:
    """Tick the items that are needed, or the first of them."""
    items = activity.items.filter(is_required=True).order_by("position")
    keys = list(items.values_list("pk", flat=True))[:most]
    ChecklistItem.objects.filter(pk__in=keys).update(
        ticked_by=activity.owner_id, ticked_at=at - timedelta(hours=2)
    )


def _sign(activity: Activity, ciso: User, at: datetime) -> None:
    request = ApprovalRequest.objects.filter(record_id=activity.pk).latest("pk")
    open_and_decide(request=request, actor=ciso, now=at)
