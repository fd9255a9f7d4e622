"""What recurs: beginning, changing and ending it, and planning the next occurrence in time."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from duties.choices import OPEN
from duties.models import Activity, ActivitySeries
from duties.selectors import able_owner, latest_of, recurrence_of, series_of
from duties.services.activities import activity_plan
from duties.services.dates import DUE
from duties.services.drafts import TEMPLATE_FIELDS, Item, items_kept, items_of
from duties.services.errors import ActivityRefused
from duties.services.rules import next_on_of, rule_read
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.accounts.versions import StaleEdit, version_of_values
from foundation.deadlines.selectors import planned_ahead_days, planned_up_to
from foundation.records.selectors import successors_for
from foundation.trail.services import entry_write

AT_ONCE = 24


def series_version(series: ActivitySeries | None) -> str:
    """Return what tells, of a form, whether a series recurs as it did when the form was filled from it."""
    return version_of_values([series.rrule, series.starts_on, series.ended_at]) if series else ""


@transaction.atomic
def series_begin(*, activity: Activity, rrule: str, actor: User, now: datetime) -> ActivitySeries:
    """Let an activity that stands alone recur from its day on; raise ActivityRefused if it does already, or can't by this rule."""
    locked = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    if locked.series_id is not None:
        raise ActivityRefused(_("This activity recurs already."))
    recurrence = rule_read(rrule, locked.due_on)
    items = [Item(item.text, item.is_required) for item in locked.items.order_by("position")]
    series = ActivitySeries(
        rrule=recurrence.rrule,
        starts_on=locked.due_on,
        last_on=locked.due_on,
        recurs_since=now,
        checklist=items_kept(items),
        **{name: getattr(locked, name) for name in TEMPLATE_FIELDS},
    )
    series.next_on = next_on_of(recurrence, planned_up_to(last=locked.due_on, recurs_since=now))
    series.save()
    locked.series, locked.occurrence_on = series, locked.due_on
    locked.save(update_fields=["series", "occurrence_on"])
    _tell(locked, "started", actor, after=series)
    _next_if_over(series, now)
    return series


@transaction.atomic
def series_change(
    *, activity: Activity, rrule: str, actor: User, now: datetime, seen: str | None = None
) -> ActivitySeries:
    """Let a series recur by another rule, counted from the day of one of its activities, or let one that has ended recur again.

    What is planned stays, and of the time in which it had ended nothing is made up. Raises ActivityRefused; StaleEdit when it is no
    longer what `seen`, its version, says.
    """
    series = _locked(activity, seen)
    had_ended = series.ended_at is not None
    recurrence = rule_read(rrule, activity.due_on)
    if recurrence.rrule == series.rrule and not had_ended:
        return series
    before = recurrence_of(series).describe()
    if recurrence.rrule != series.rrule:
        series.rrule, series.starts_on = recurrence.rrule, activity.due_on
    if had_ended:
        series.ended_at, series.recurs_since = None, now
    _next_write(series)
    entry_write(
        action="duties.series.resumed" if had_ended else "duties.series.changed",
        actor=actor,
        record=activity,
        before={"recurrence": before},
        after={"recurrence": recurrence_of(series).describe()},
    )
    _next_if_over(series, now)
    return series


@transaction.atomic
def series_end(
    *, activity: Activity, actor: User, now: datetime, reason: str, seen: str | None = None
) -> ActivitySeries:
    """Let a series recur no longer; what is planned already stays.

    Raises ActivityRefused without a reason; StaleEdit when it is no longer what `seen`, its version, says.
    """
    series = _locked(activity, seen)
    if series.ended_at is not None:
        raise ActivityRefused(_("It does not recur any more."))
    if not reason.strip():
        raise ActivityRefused(_("Say why it does not recur any more."))
    series.ended_at, series.next_on = now, None
    series.save()
    entry_write(
        action="duties.series.ended",
        actor=actor,
        record=activity,
        before={"recurrence": recurrence_of(series).describe()},
        comment=reason.strip(),
    )
    return series


def series_waiting(*, now: datetime) -> list[int]:
    """Return the keys of series whose next occurrence is to be planned: its first reminder is near, and the day of the one before has come."""
    today = organisation_day(now)
    until = today + timedelta(days=planned_ahead_days(DUE))
    found = ActivitySeries.objects.to_plan(until=until, today=today).order_by("next_on", "pk")
    return list(found.values_list("pk", flat=True))


@transaction.atomic
def series_plan(*, key: int, now: datetime) -> int:
    """Plan the occurrences of a series that are to be planned by now; return how many.

    The series is locked, and skipped when another holds it; the database knows each occurrence once: however many run at once, and
    however often, each is planned once. Raises ActivityRefused where nobody is there who could own the next.
    """
    series = (
        ActivitySeries.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("owner__manager", "unit")
        .filter(pk=key)
        .first()
    )
    today = organisation_day(now)
    until = today + timedelta(days=planned_ahead_days(DUE))
    planned = 0
    while series and series.next_on and series.next_on <= until and series.last_on <= today:
        if _plan_next(series, now) is None:
            raise ActivityRefused(_("Nobody is there who could own the next one."))
        planned += 1
        if planned == AT_ONCE:
            break
    return planned


@transaction.atomic
def series_go_on(*, activity: Activity, now: datetime) -> Activity | None:
    """Plan the occurrence after one that has come to its end, unless a later one is planned or the series is over."""
    if activity.series_id is None:
        return None
    series = _series_locked(activity.series_id)
    if series.last_on != activity.occurrence_on:
        return None
    return _plan_next(series, now)


def series_hand_over(*, person: User, to: User, actor: User, now: datetime) -> int:
    """Let another own the next activities of a person's series, and return of how many; must be called inside a transaction.

    Those of a restricted one go to who may know of it.
    """
    found = list(series_of(person).select_related("unit"))
    for series in found:
        latest = latest_of(series)
        owner = successors_for([latest], person=person, to=to, now=now)[latest.pk] if latest else to
        series.owner = owner
        series.save(update_fields=["owner"])
        entry_write(
            action="duties.series.handed_over",
            actor=actor,
            record=latest,
            subject="" if latest else series.title,
            before={"person": person.full_name},
            after={"person": owner.full_name},
        )
    return len(found)


def _plan_next(series: ActivitySeries, now: datetime) -> Activity | None:
    """Plan the next occurrence of a series that is locked; None where there is none, or nobody who could own it."""
    if series.next_on is None:
        return None
    is_restricted = series.confidentiality == "restricted"
    owner = able_owner(series.owner, series.unit, is_restricted=is_restricted, now=now)
    if owner is None:
        return None
    series.owner = owner
    activity = activity_plan(
        actor=None,
        now=now,
        due_on=series.next_on,
        series=series,
        occurrence_on=series.next_on,
        checklist=items_of(series),
        **{name: getattr(series, name) for name in TEMPLATE_FIELDS},
    )
    series.last_on = series.next_on
    series.next_on = next_on_of(recurrence_of(series), series.last_on)
    series.save()
    return activity


def _next_if_over(series: ActivitySeries, now: datetime) -> None:
    """Plan the next occurrence where nothing of the series is to be done any more."""
    if not series.activities.filter(state__in=OPEN).exists():
        _plan_next(_series_locked(series.pk), now)


def _next_write(series: ActivitySeries) -> None:
    """Write the series, with the day of the next occurrence that is not planned yet."""
    cursor: date = planned_up_to(last=series.last_on, recurs_since=series.recurs_since)
    series.next_on = next_on_of(recurrence_of(series), cursor)
    series.save()


def _locked(activity: Activity, seen: str | None) -> ActivitySeries:
    if activity.series_id is None:
        raise ActivityRefused(_("This activity does not recur."))
    series = _series_locked(activity.series_id)
    if seen is not None and seen != series_version(series):
        raise StaleEdit(series)
    return series


def _series_locked(key: int) -> ActivitySeries:
    return (
        ActivitySeries.objects.select_for_update(of=("self",))
        .select_related("owner__manager", "unit")
        .get(pk=key)
    )


def _tell(activity: Activity, verb: str, actor: User, *, after: ActivitySeries) -> None:
    entry_write(
        action=f"duties.series.{verb}",
        actor=actor,
        record=activity,
        after={"recurrence": recurrence_of(after).describe()},
    )
