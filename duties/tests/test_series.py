"""Recurring activities: the next one is planned in time, once, whatever happens; the rule changed and ended."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from duties.choices import ActivityState
from duties.models import Activity, ActivitySeries
from duties.services import (
    ActivityRefused,
    activity_change,
    series_begin,
    series_change,
    series_end,
    series_plan,
    series_version,
    series_waiting,
)
from duties.tests.factories import (
    DAY,
    ITEMS,
    NOW,
    activity_make,
    again,
    at,
    decide,
    done,
    ready,
    step,
    submitted,
)
from foundation.accounts.models import User
from foundation.accounts.versions import StaleEdit
from foundation.deadlines.models import Deadline, Ladder
from foundation.testing.cast import Cast
from foundation.testing.races import together

pytestmark = pytest.mark.django_db
QUARTERLY = "FREQ=MONTHLY;INTERVAL=3"


def plan_all(day: date) -> int:
    return sum(series_plan(key=key, now=at(day)) for key in series_waiting(now=at(day)))


def days(series: ActivitySeries | None) -> list[date]:
    assert series is not None
    found: list[date] = list(series.activities.order_by("due_on").values_list("due_on", flat=True))
    return found


def test_the_next_is_planned_before_its_first_reminder_would_be_late(cast: Cast) -> None:
    activity = activity_make(cast, rrule=QUARTERLY)
    first_day = date(2027, 3, 15) - timedelta(days=37)
    assert plan_all(first_day - timedelta(days=1)) == 0
    assert plan_all(first_day) == 1
    following = Activity.objects.exclude(pk=activity.pk).get()
    assert (following.due_on, following.occurrence_on) == (date(2027, 3, 15), date(2027, 3, 15))
    assert Deadline.objects.get(record=following).next_rung == -30, "no rung of its ladder has passed"


def test_a_longer_ladder_plans_earlier(cast: Cast) -> None:
    activity_make(cast, rrule=QUARTERLY)
    Ladder.objects.filter(key="standard").update(days_before=[60, 7])
    early = date(2027, 3, 15) - timedelta(days=67)
    assert (plan_all(early - timedelta(days=1)), plan_all(early)) == (0, 1)


def test_of_one_that_comes_often_no_more_than_the_next_is_planned(cast: Cast) -> None:
    activity = activity_make(cast, rrule="FREQ=WEEKLY")
    assert plan_all(DAY - timedelta(days=1)) == 0
    assert plan_all(DAY) == 1
    assert plan_all(DAY) == 0
    assert days(activity.series) == [DAY, DAY + timedelta(days=7)]


def test_after_weeks_without_the_planner_none_is_lost(cast: Cast) -> None:
    activity = activity_make(cast, rrule="FREQ=WEEKLY")
    assert plan_all(DAY + timedelta(days=15)) == 3
    assert days(activity.series) == [DAY + timedelta(days=7 * week) for week in range(4)]


def test_one_written_down_late_brings_up_none_that_are_past(cast: Cast) -> None:
    activity = activity_make(cast, rrule="FREQ=YEARLY", due_on=date(2019, 12, 20))
    plan_all(NOW.date())
    assert days(activity.series) == [date(2019, 12, 20), date(2026, 12, 20)]


@pytest.mark.parametrize("end", ["complete", "skip", "submit"])
def test_the_next_is_planned_when_one_ends(cast: Cast, end: str) -> None:
    activity = activity_make(cast, rrule="FREQ=YEARLY", needs_sign_off=end == "submit")
    step(ready(activity, cast.personnel), end, cast.analyst, comment="So")
    following = Activity.objects.exclude(pk=activity.pk).get()
    assert (following.state, following.due_on) == (ActivityState.PLANNED, date(2027, 12, 15))
    for name in ("title", "duty", "task", "evidence_wanted", "needs_sign_off", "unit", "owner"):
        assert getattr(following, name) == getattr(activity, name), name
    assert [(one.text, one.is_required, one.is_done) for one in following.items.all()] == [
        (item.text, item.is_required, False) for item in ITEMS
    ]
    assert following.created_by == cast.personnel, "the portal, on behalf of its owner"


def test_ended_again_after_reopening_plans_no_second(cast: Cast) -> None:
    activity = done(cast, rrule="FREQ=YEARLY")
    step(activity, "reopen", cast.analyst, comment="A report was forgotten")
    step(activity, "complete", cast.analyst)
    assert ActivitySeries.objects.get().activities.count() == 2


def test_signed_off_it_plans_no_second(cast: Cast) -> None:
    decide(submitted(cast, rrule="FREQ=YEARLY"), cast.ciso)
    assert ActivitySeries.objects.get().activities.count() == 2


def test_one_that_comes_to_its_end_plans_no_more(cast: Cast) -> None:
    done(cast, rrule="FREQ=YEARLY;COUNT=1")
    assert Activity.objects.count() == 1
    assert ActivitySeries.objects.get().next_on is None


def test_month_ends_clamp(cast: Cast) -> None:
    activity = activity_make(cast, rrule="FREQ=MONTHLY", due_on=date(2027, 1, 31))
    plan_all(date(2027, 4, 1))
    assert days(activity.series)[:4] == [
        date(2027, 1, 31),
        date(2027, 2, 28),
        date(2027, 3, 31),
        date(2027, 4, 30),
    ]


@pytest.mark.parametrize(("has_manager", "owner"), [(True, "unit_lead"), (False, "ciso")])
def test_the_next_is_never_of_somebody_who_left(cast: Cast, has_manager: bool, owner: str) -> None:
    activity = activity_make(cast, rrule="FREQ=YEARLY")
    manager = cast.unit_lead if has_manager else None
    User.objects.filter(pk=cast.personnel.pk).update(is_active=False, manager=manager)
    step(activity, "skip", cast.analyst, comment="Nobody was there")
    assert Activity.objects.exclude(pk=activity.pk).get().owner == cast.people()[owner]


def test_the_database_knows_each_occurrence_once(cast: Cast) -> None:
    activity = activity_make(cast, rrule="FREQ=MONTHLY")
    with pytest.raises(IntegrityError, match="activity_occurrence_once"):
        activity_make(cast, series=activity.series, occurrence_on=activity.occurrence_on)


@pytest.mark.django_db(transaction=True)
def test_planned_by_many_at_once_there_is_one(cast: Cast) -> None:
    activity = activity_make(cast, rrule="FREQ=WEEKLY")
    key = activity.series_id

    def plan() -> int:
        return series_plan(key=key, now=at(DAY))

    def end() -> Any:
        return step(activity, "skip", cast.analyst, now=at(DAY), comment="So")

    results = together(plan, end, plan, plan)
    assert not [one for one in results if isinstance(one, Exception)]
    assert days(activity.series) == [DAY, DAY + timedelta(days=7)]


def test_the_next_ones_follow_a_change_that_is_for_them_too(cast: Cast) -> None:
    activity = activity_make(cast, rrule="FREQ=YEARLY")
    for also_next, title in ((False, "This year alone"), (True, "From now on")):
        fresh = again(activity)
        activity_change(
            activity=fresh,
            changes={"title": title, "due_on": DAY + timedelta(days=2)},
            checklist=ITEMS[:1],
            actor=cast.analyst,
            now=NOW,
            version=fresh.version,
            also_next=also_next,
        )
        expected = title if also_next else "Assess the threats"
        assert ActivitySeries.objects.get().title == expected
    step(activity, "skip", cast.analyst, comment="So")
    following = Activity.objects.exclude(pk=activity.pk).get()
    assert (following.title, following.due_on) == ("From now on", date(2027, 12, 15))
    assert following.items.count() == 1


def test_what_stands_alone_is_let_recur(cast: Cast) -> None:
    activity = activity_make(cast)
    series = series_begin(activity=activity, rrule=QUARTERLY, actor=cast.analyst, now=NOW)
    assert series.next_on == date(2027, 3, 15)
    with pytest.raises(ActivityRefused, match="already"):
        series_begin(activity=again(activity), rrule=QUARTERLY, actor=cast.analyst, now=NOW)


def test_what_is_over_recurs_from_the_next_on(cast: Cast) -> None:
    activity = done(cast)
    series = series_begin(activity=activity, rrule=QUARTERLY, actor=cast.analyst, now=NOW)
    assert days(series) == [DAY, date(2027, 3, 15)]


def test_another_rule_holds_for_the_next_ones(cast: Cast) -> None:
    activity = activity_make(cast, rrule=QUARTERLY)
    seen = series_version(activity.series)
    series = series_change(activity=activity, rrule="FREQ=YEARLY", actor=cast.analyst, now=NOW, seen=seen)
    assert series.next_on == date(2027, 12, 15)
    with pytest.raises(StaleEdit):
        series_change(activity=activity, rrule="FREQ=DAILY", actor=cast.analyst, now=NOW, seen=seen)


def test_ended_it_recurs_no_longer_until_it_is_let(cast: Cast) -> None:
    activity = activity_make(cast, rrule=QUARTERLY)
    with pytest.raises(ActivityRefused, match="why"):
        series_end(activity=activity, actor=cast.analyst, now=NOW, reason=" ")
    series_end(activity=activity, actor=cast.analyst, now=NOW, reason="The bank has sold it")
    with pytest.raises(ActivityRefused, match="any more"):
        series_end(activity=activity, actor=cast.analyst, now=NOW, reason="Once more")
    step(activity, "skip", cast.analyst, comment="So")
    assert plan_all(date(2030, 1, 1)) == 0
    assert Activity.objects.count() == 1
    later = at(date(2030, 1, 1))
    series = series_change(activity=again(activity), rrule=QUARTERLY, actor=cast.analyst, now=later)
    assert days(series) == [DAY, date(2030, 3, 15)], "of the time in which it had ended nothing is made up"


def test_a_rule_that_never_falls_on_a_day_is_refused(cast: Cast) -> None:
    with pytest.raises(ActivityRefused, match="no date at all"):
        activity_make(cast, rrule="FREQ=MONTHLY;BYDAY=5MO;BYMONTHDAY=1")


def test_a_series_goes_forward(cast: Cast) -> None:
    activity_make(cast, rrule=QUARTERLY)
    with pytest.raises(IntegrityError, match="goes_forward"), transaction.atomic():
        ActivitySeries.objects.update(next_on=DAY)
