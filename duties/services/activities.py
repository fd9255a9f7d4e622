"""Planning activities, changing them, and writing down what came of them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from duties.choices import TO_DO, ActivityState
from duties.models import Activity, ActivitySeries, ChecklistItem
from duties.permissions import can_manage, doing_refusal
from duties.selectors import able_owner
from duties.services.dates import DUE, dates_follow
from duties.services.drafts import (
    TEMPLATE_FIELDS,
    ActivityDraft,
    Item,
    items_check,
    items_kept,
    owner_check,
)
from duties.services.errors import ActivityRefused
from duties.services.rules import next_on_of, rule_read
from foundation.accounts.models import User
from foundation.deadlines.selectors import planned_up_to
from foundation.deadlines.services import DeadlineDraft, deadlines_open
from foundation.lifecycle.services import apply_transition
from foundation.records.plain import plain
from foundation.records.services import record_update, records_create
from foundation.trail.services import entry_write

CHANGED_FIELDS = (*TEMPLATE_FIELDS, "due_on")


def activity_plan(*, actor: User | None, now: datetime, **values: Any) -> Activity:
    """Plan an activity from the fields of an ActivityDraft. `actor` None: the portal does, because one of a series is due.

    Raises ActivityRefused for an owner who has left, a checklist that can't be so, and a rule that can't be used.
    """
    return activities_plan(drafts=[ActivityDraft(**values)], actor=actor, now=now)[0]


@transaction.atomic
def activities_plan(*, drafts: Sequence[ActivityDraft], actor: User | None, now: datetime) -> list[Activity]:
    """Plan many activities, with their checklists, series and dates, all or none; some ten statements for each five hundred.

    Raises ActivityRefused as `activity_plan` does.
    """
    for draft in drafts:
        owner_check(draft.owner)
        items_check(draft.checklist)
    activities = [draft.activity() for draft in drafts]
    begun = [(draft, activity) for draft, activity in zip(drafts, activities, strict=True) if draft.rrule]
    made = ActivitySeries.objects.bulk_create([_series_like(draft, now) for draft, _activity in begun])
    for (_draft, activity), series in zip(begun, made, strict=True):
        activity.series, activity.occurrence_on = series, activity.due_on
    records_create(records=activities, kind="activity", actor=actor, state=ActivityState.PLANNED)
    ChecklistItem.objects.bulk_create(
        [
            item
            for draft, activity in zip(drafts, activities, strict=True)
            for item in _items_new(activity, draft.checklist)
        ],
        batch_size=1_000,
    )
    dates = [
        DeadlineDraft(record=activity, kind=DUE, due_on=activity.due_on, assignee=activity.owner)
        for activity in activities
    ]
    deadlines_open(drafts=dates, now=now)
    return activities


def _series_like(draft: ActivityDraft, now: datetime) -> ActivitySeries:
    recurrence = rule_read(draft.rrule, draft.due_on)
    series = ActivitySeries(
        rrule=recurrence.rrule,
        starts_on=draft.due_on,
        last_on=draft.due_on,
        recurs_since=now,
        **draft.template(),
    )
    series.next_on = next_on_of(recurrence, planned_up_to(last=draft.due_on, recurs_since=now))
    return series


@transaction.atomic
def activity_change(
    *,
    activity: Activity,
    changes: dict[str, Any],
    checklist: Sequence[Item],
    actor: User,
    now: datetime,
    version: int,
    also_next: bool = False,
) -> Activity:
    """Change what is planned of an activity, as it was read at `version`; with `also_next`, of the next ones of its series, too.

    Items that stay as they are keep their ticks. Raises ActivityRefused once it has ended, StaleRecord when somebody else was faster.
    """
    if unknown := changes.keys() - set(CHANGED_FIELDS):
        raise ValueError(f"Not changed here: {sorted(unknown)}")
    locked = _locked(activity)
    if "owner" in changes and changes["owner"].pk != locked.owner_id:
        owner_check(changes["owner"])
    items_check(checklist)
    changed = record_update(record=locked, changes=changes, actor=actor, version=version)
    _checklist_set(changed, checklist, actor)
    if also_next and changed.series_id is not None:
        _series_follow(changed, checklist, actor)
    dates_follow(activity=changed, now=now)
    return changed


def _series_follow(activity: Activity, checklist: Sequence[Item], actor: User) -> None:
    """Let each next occurrence start from what an activity of the series says now."""
    series = ActivitySeries.objects.select_for_update(of=("self",)).get(pk=activity.series_id)
    for name in TEMPLATE_FIELDS:
        setattr(series, name, getattr(activity, name))
    series.checklist = items_kept(checklist)
    series.save()
    entry_write(action="duties.series.followed", actor=actor, record=activity)


@transaction.atomic
def outcome_write(*, activity: Activity, outcome: str, actor: User, now: datetime, version: int) -> Activity:
    """Write down what came of an activity, as it was read at `version`: from then on it is in progress.

    Whoever writes never signs it off. Raises ActivityRefused once it has ended, StaleRecord when somebody else was faster.
    """
    locked = _locked(activity)
    changed = record_update(record=locked, changes={"outcome": outcome}, actor=actor, version=version)
    if changed.version != version and actor.pk not in changed.writers:
        changed.writers = [*changed.writers, actor.pk]
        changed.save(update_fields=["writers"])
    return _begun(changed, actor, now)


@transaction.atomic
def item_tick(*, activity: Activity, item_id: int, is_done: bool, actor: User, now: datetime) -> Activity:
    """Tick an item of an activity's checklist, or take the tick back: from the first tick on it is in progress.

    To tick what is ticked changes nothing: who did it first stays. Raises ActivityRefused once the activity has ended,
    ChecklistItem.DoesNotExist for an item that is not there any more.
    """
    locked = _locked(activity)
    item = locked.items.get(pk=item_id)
    if item.is_done == is_done:
        return locked
    item.ticked_by, item.ticked_at = (actor, now) if is_done else (None, None)
    item.save(update_fields=["ticked_by", "ticked_at"])
    verb = "ticked" if is_done else "unticked"
    _tell(locked, verb, actor, after={"item": item.text})
    return _begun(locked, actor, now) if is_done else locked


def activity_give(*, record: Activity, to: User, leaving: User, actor: User, now: datetime) -> None:
    """Give an activity another owner, who is reminded of it."""
    given = record_update(record=record, changes={"owner": to}, actor=actor, version=record.version)
    dates_follow(activity=given, now=now)


def activities_left() -> list[int]:
    """Return the keys of activities that are to be done by somebody who is no longer here."""
    left = Activity.objects.filter(state__in=TO_DO, archived_at__isnull=True, owner__is_active=False)
    return list(left.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def activity_find_owner(*, key: int, now: datetime) -> None:
    """Give an activity whose owner has left to who is there in the owner's place; leave it where nobody is."""
    activity = (
        Activity.objects.select_for_update(of=("self",)).select_related("owner__manager", "unit").get(pk=key)
    )
    owner = able_owner(activity.owner, activity.unit, is_restricted=activity.is_restricted, now=now)
    if activity.state not in TO_DO or owner is None or owner.pk == activity.owner_id:
        return
    given = record_update(record=activity, changes={"owner": owner}, actor=None, version=activity.version)
    dates_follow(activity=given, now=now)


def _locked(activity: Activity) -> Activity:
    """Return an activity that is still to be done, locked until the transaction ends; raise ActivityRefused for any other."""
    locked: Activity = (
        Activity.objects.select_for_update(of=("self",)).select_related("owner", "unit").get(pk=activity.pk)
    )
    if refusal := doing_refusal(locked):
        raise ActivityRefused(refusal)
    return locked


def _begun(activity: Activity, actor: User, now: datetime) -> Activity:
    """Return the activity in progress: who does something of it has begun, unless they only stand in for its owner."""
    may = activity.owner_id == actor.pk or can_manage(actor, activity)
    if activity.state == ActivityState.PLANNED and may:
        return apply_transition(record=activity, name="start", actor=actor, now=now)  # type: ignore[return-value]
    return activity


def _items_new(activity: Activity, items: Sequence[Item], after: int = 0) -> list[ChecklistItem]:
    return [
        ChecklistItem(activity=activity, position=place, text=item.text, is_required=item.is_required)
        for place, item in enumerate(items, start=after + 1)
    ]


def _checklist_set(activity: Activity, items: Sequence[Item], actor: User) -> None:
    """Let the checklist be these items, in this order; those that were there keep who did them when."""
    kept = {item.text: item for item in activity.items.all()}
    before = [item.text for item in kept.values()]
    wanted = {item.text for item in items}
    activity.items.exclude(text__in=wanted).delete()
    for place, item in enumerate(items, start=1):
        there = kept.get(item.text)
        if there is None:
            _items_new(activity, [item], after=place - 1)[0].save()
        elif (there.position, there.is_required) != (place, item.is_required):
            there.position, there.is_required = place, item.is_required
            there.save(update_fields=["position", "is_required"])
    after = [item.text for item in items]
    if before != after:
        _tell(activity, "checklist", actor, before={"checklist": before}, after={"checklist": after})


def _tell(activity: Activity, verb: str, actor: User, *, before: Any = None, after: Any = None) -> None:
    entry_write(
        action=f"duties.activity.{verb}",
        actor=actor,
        record=activity,
        before=plain(before) if before else None,
        after=plain(after),
    )
