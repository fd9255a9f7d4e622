"""A year with one activity of the starter plan for each duty, day by day: what is planned when, and each mail that reminds of it."""

import re
from datetime import date, datetime, timedelta

import pytest

from duties.choices import Duty
from duties.models import Activity
from duties.services import StarterChoice, series_plan, series_waiting, starter_take
from duties.starting_texts import STARTER_PLAN
from duties.tests.factories import ready, step
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_zone
from foundation.deadlines.recurrence import Recurrence
from foundation.deadlines.services import deadlines_scan
from foundation.notifications.models import Mail
from foundation.notifications.services import mails_compose
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
START = date(2026, 11, 24)
TAKEN = [next(text for text in STARTER_PLAN if text.duty == duty) for duty in Duty]
RUNGS = (30, 7, 1, 0)  # days before, by the standard ladder
LATE_RUNGS, ESCALATED = (1, 2, 3), 3  # days after; from then on the manager and the CISO are told as well
DAYS_LATE = {TAKEN[Duty.STRATEGY - 1].key: 5}  # the analyst's, whose manager is the CISO
REFERENCE = re.compile(r"DUT-\d{4,}")


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=organisation_zone())


def reminded_on(due_on: date, planned: date, *, in_the_evening: bool) -> set[date]:
    """Return the days on which an activity is reminded of, worked out from its day and from when it was planned."""
    days = {due_on - timedelta(days=rung) for rung in RUNGS}
    return {day for day in days if day > planned or (day == planned and not in_the_evening)}


def days_late(activity: Activity) -> int:
    """Return how many days after its day an activity is done."""
    return DAYS_LATE.get(activity.series.starter, 0)


def test_a_year_of_reminders(cast: Cast) -> None:
    owners = (cast.ciso, cast.analyst, cast.personnel)
    starter_take(
        choices=[
            StarterChoice(key=text.key, owner=owners[place % 3], first_on=text.first_on(START))
            for place, text in enumerate(TAKEN)
        ],
        unit=cast.units.root,
        with_sign_off=False,
        actor=cast.ciso,
        now=at(START, 17),
    )
    expected: dict[tuple[User, date], set[str]] = {}

    def expect(activity: Activity, planned: date, *, in_the_evening: bool) -> None:
        for day in reminded_on(activity.due_on, planned, in_the_evening=in_the_evening):
            expected.setdefault((activity.owner, day), set()).add(activity.reference)
        if days_late(activity):
            for late in LATE_RUNGS:
                told = (activity.owner, cast.ciso) if late >= ESCALATED else (activity.owner,)
                for person in told:
                    day = activity.due_on + timedelta(days=late)
                    expected.setdefault((person, day), set()).add(activity.reference)

    known: set[int] = set()

    def look(day: date, *, in_the_evening: bool) -> None:
        for activity in Activity.objects.exclude(pk__in=known).select_related("owner", "series"):
            known.add(activity.pk)
            expect(activity, day, in_the_evening=in_the_evening)

    look(START, in_the_evening=True)
    for days in range(1, 366):
        day = START + timedelta(days=days)
        for key in series_waiting(now=at(day, 5)):
            series_plan(key=key, now=at(day, 5))
        look(day, in_the_evening=False)
        deadlines_scan(now=at(day, 9))
        mails_compose(now=at(day, 9))
        told = {
            mail.recipient: set(REFERENCE.findall(mail.text))
            for mail in Mail.objects.select_related("recipient")
        }
        assert told == {owner: expected[owner, day] for owner in owners if (owner, day) in expected}, day
        Mail.objects.all().delete()
        for activity in Activity.objects.open().filter(due_on__lte=day).select_related("owner", "series"):
            if activity.due_on + timedelta(days=days_late(activity)) > day:
                continue
            step(
                ready(activity, activity.owner, now=at(day, 15)), "complete", activity.owner, now=at(day, 15)
            )
        look(day, in_the_evening=True)
    strategy = Activity.objects.filter(series__starter__in=DAYS_LATE, state="done")
    assert [one.done_on - one.due_on for one in strategy] == [timedelta(days=5)]
    done = Activity.objects.filter(state="done")
    assert {one.duty for one in done} == set(Duty)
    for text in TAKEN:
        days_done = [one.due_on for one in done.filter(series__starter=text.key).order_by("due_on")]
        first = text.first_on(START)
        by_rule = [first, *Recurrence(text.rrule, first).occurrences(first, 20)]
        assert days_done == [one for one in by_rule if one <= START + timedelta(days=365)], text.key
