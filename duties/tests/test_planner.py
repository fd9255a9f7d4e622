"""The year planner's numbers and dates, against what the deadlines themselves say."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from audits.models import SeriesException
from audits.tests.factories import audit_make
from duties.choices import FACTS, Duty
from duties.models import Activity
from duties.planner.filters import PlannerFilters
from duties.planner.year import SHOWN, Cell, Year, year_of
from duties.services import activity_change, series_begin
from duties.tests.factories import NOW, activity_make, done, step
from foundation.accounts.models import User
from foundation.actions.services import action_create
from foundation.calendar.models import CalendarDate
from foundation.calendar.selectors import dates_visible
from foundation.deadlines.models import Deadline
from foundation.deadlines.selectors import planned_ahead_days
from foundation.deadlines.services import deadline_close, deadline_set
from foundation.records.choices import Confidentiality
from foundation.records.models import Record
from foundation.registry import PlannedAhead, RecordKind, registry
from foundation.testing.cast import Cast
from response.tests.factories import exercise_make

pytestmark = pytest.mark.django_db

LISBON = ZoneInfo("Europe/Lisbon")


def planned(user: User, year: int = 2027, query: str = "", now: datetime = NOW) -> Year:
    person = User.objects.get(pk=user.pk)
    request = RequestFactory().get("/")
    request.user = person
    filters = PlannerFilters(QueryDict(query), queryset=dates_visible(person), request=request)
    return year_of(
        person, filters.qs, filters, year, today=now.astimezone(LISBON).date(), zone=LISBON, now=now
    )


def cells_of(year: Year) -> dict[tuple[int, int], Cell]:
    return {(line.duty.value, cell.month): cell for line in year.lines for cell in line.cells}


def duty_of(record: Record) -> int:
    """Return to which duty a record belongs, over all that it follows from, by looking at each."""
    while record.kind == "action":
        record = record.as_action.source
    if record.kind == "activity":
        return Activity.objects.get(pk=record.pk).duty
    area = registry.get(RecordKind, record.kind).duty
    return next(duty.value for duty, facts in FACTS.items() if area in facts.areas)


def counted(user: User, year: int) -> Counter[tuple[int, int, str]]:
    """Count a person's dates by duty, month and outcome without any of the narrow rows."""
    seen = Record.objects.visible_to(User.objects.get(pk=user.pk))
    counts: Counter[tuple[int, int, str]] = Counter()
    for deadline in Deadline.objects.filter(record__in=seen).select_related("record"):
        on = deadline.due_on or deadline.due_at.astimezone(LISBON).date()
        if on.year != year:
            continue
        outcome = "open" if deadline.closed_at is None else "dropped" if deadline.was_dropped else "done"
        key = (duty_of(deadline.record), on.month)
        counts[*key, outcome] += 1
        if outcome == "open" and deadline.due_at <= NOW:
            counts[*key, "late"] += 1
    return counts


def tallied(year: Year) -> Counter[tuple[int, int, str]]:
    return +Counter(
        {
            (duty, month, name): getattr(cell.tally, name)
            for (duty, month), cell in cells_of(year).items()
            for name in ("open", "late", "done", "dropped")
        }
    )


def much(cast: Cast) -> None:
    """Put dates of all sorts into two years."""
    for number, duty in enumerate(Duty):
        for nth in range(number % 6):
            activity_make(
                cast, duty=duty.value, due_on=date(2026 + nth % 2, 1 + nth * 2, 28), title=f"{duty} {nth}"
            )
    done(cast, due_on=date(2027, 5, 31))
    step(activity_make(cast, due_on=date(2027, 5, 30)), "skip", cast.analyst, comment="Not needed")
    quiet = activity_make(
        cast, due_on=date(2027, 5, 29), confidentiality=Confidentiality.RESTRICTED, owner=cast.ciso
    )
    sources: list[Record] = [
        quiet,
        activity_make(cast, duty=11, due_on=date(2027, 2, 28), unit=cast.units.cards),
    ]
    units = (cast.units.cards, cast.units.retail)
    sources += [audit_make(cast, unit=unit, starts_on=date(2027, 1, 4)) for unit in units]
    sources.append(exercise_make(cast, planned_on=date(2027, 12, 31)))
    for source in sources:
        action = action_create(
            source=source,
            title="Follow up",
            owner=cast.personnel,
            due_on=date(2027, 1, 1),
            actor=cast.ciso,
            now=NOW,
        )
        action_create(
            source=action,
            title="And further",
            owner=cast.personnel,
            due_on=date(2027, 12, 31),
            actor=cast.ciso,
            now=NOW,
        )
    audit = sources[2]
    deadline_close(record=audit, kind="audits.preparation", now=NOW)
    for key, instant in (
        ("a", datetime(2027, 6, 30, 23, 30, tzinfo=UTC)),
        ("b", datetime(2026, 12, 31, 23, 59, tzinfo=UTC)),
    ):
        deadline_set(
            record=audit, kind="audits.report", key=key, assignee=cast.auditor, due_at=instant, now=NOW
        )


def test_its_numbers_are_those_of_the_deadlines_for_each_reader(cast: Cast) -> None:
    much(cast)
    seen = set()
    for person in cast.people().values():
        for year in (2026, 2027):
            expected = counted(person, year)
            assert tallied(planned(person, year)) == expected, (person, year)
            seen.add(frozenset(expected.items()))
    assert len(seen) > 4, "people see different dates"
    everything = planned(cast.ciso)
    assert everything.tally.open == sum(tally.open for tally in everything.months)
    assert everything.tally.late == 0
    assert planned(cast.ciso, 2026, now=NOW + timedelta(days=20)).tally.late > 0


def test_a_cell_shows_its_first_dates_and_how_many_more(cast: Cast) -> None:
    for day in (28, 3, 17, 9, 21):
        activity_make(cast, duty=5, due_on=date(2027, 3, day), title=f"On {day}")
    done(cast, duty=5, due_on=date(2027, 3, 1), title="Was done")
    cell = cells_of(planned(cast.ciso))[5, 3]
    assert [entry.on.day for entry in cell.entries] == [3, 9, 17]
    assert (cell.more, cell.more_done) == (2, 1)
    with_done = cells_of(planned(cast.ciso, query="done=on"))[5, 3]
    assert [entry.on.day for entry in with_done.entries] == [3, 9, 17], "what is open comes first"
    assert len(cells_of(planned(cast.ciso))[5, 4].entries) == 0


def test_what_is_done_and_skipped_stands_in_place_for_who_asks(cast: Cast) -> None:
    activity_make(cast, duty=5, due_on=date(2027, 3, 20), title="Open")
    done(cast, duty=5, due_on=date(2027, 3, 1), title="Was done")
    step(
        activity_make(cast, duty=5, due_on=date(2027, 3, 2), title="Was not"),
        "skip",
        cast.analyst,
        comment="No",
    )
    cell = cells_of(planned(cast.ciso, query="done=on"))[5, 3]
    assert [entry.title for entry in cell.entries] == ["Open", "Was done", "Was not"]
    assert (cell.more, cell.more_done, cell.more_dropped) == (0, 0, 0)
    plain = cells_of(planned(cast.ciso))[5, 3]
    assert [entry.title for entry in plain.entries] == ["Open"]
    assert (plain.more_done, plain.more_dropped) == (1, 1)


def test_dates_of_several_kinds_share_a_cell_by_their_day(cast: Cast) -> None:
    exercise_make(cast, planned_on=date(2027, 4, 12))
    activity_make(cast, duty=Duty.POLICIES.value, due_on=date(2027, 4, 2))
    cell = cells_of(planned(cast.ciso))[2, 4]
    assert [entry.on.day for entry in cell.entries] == [2, 12]
    assert len({entry.kind for entry in cell.entries}) == 2


def test_each_kind_of_record_with_dates_has_a_row(cast: Cast) -> None:
    much(cast)
    roots = set(CalendarDate.objects.values_list("root_kind", "duty"))
    assert ("activity", 0) not in roots
    assert {"audit", "exercise", "activity"} <= {kind for kind, _duty in roots}
    assert cells_of(planned(cast.ciso))[2, 12].tally.open > 0


def test_a_date_follows_its_activity_to_another_duty(cast: Cast) -> None:
    activity = activity_make(cast, duty=5, due_on=date(2027, 3, 3))
    action = action_create(
        source=activity,
        title="Further",
        owner=cast.personnel,
        due_on=date(2027, 3, 9),
        actor=cast.ciso,
        now=NOW,
    )
    assert set(CalendarDate.objects.values_list("duty", flat=True)) == {5}
    activity_change(
        activity=activity,
        changes={"duty": 11},
        checklist=[],
        actor=cast.analyst,
        now=NOW,
        version=Record.objects.get(pk=activity.pk).version,
    )
    assert dict(CalendarDate.objects.values_list("record_id", "duty")) == {activity.pk: 11, action.pk: 11}
    Deadline.objects.filter(record=action).update(record=audit_make(cast), key="x")
    assert CalendarDate.objects.get(deadline__key="x").duty == 0


def ghosts(year: Year) -> list[tuple[int, date]]:
    return [(duty, one.on) for (duty, _month), cell in cells_of(year).items() for one in cell.ahead]


def recurring(cast: Cast, rrule: str = "FREQ=MONTHLY;INTERVAL=3", **said: object) -> Activity:
    activity = activity_make(cast, **{"due_on": date(2026, 12, 15), **said})
    series_begin(activity=activity, rrule=rrule, actor=cast.analyst, now=NOW)
    return activity


def test_what_recurs_stands_in_the_months_to_come(cast: Cast) -> None:
    recurring(cast, duty=5)
    year = planned(cast.ciso)
    assert ghosts(year) == [(5, date(2027, month, 15)) for month in (3, 6, 9, 12)]
    assert [line.tally.ahead for line in year.lines if line.duty is Duty.THREATS] == [4]
    first = cells_of(year)[5, 3].ahead[0]
    early = planned_ahead_days("duties.activity")
    assert first.planned_on == max(date(2027, 3, 15) - timedelta(days=early), date(2026, 12, 15))
    assert (first.what, first.title, first.assignee) == (
        "Duty activity",
        "Assess the threats",
        cast.personnel.full_name,
    )
    assert ghosts(planned(cast.ciso, 2026)) == []
    assert ghosts(planned(cast.ciso, query="kind=audit")) == []
    assert ghosts(planned(cast.ciso, query="person=nobody")) == []
    assert ghosts(planned(cast.ciso, query="duty=8")) == []
    assert len(ghosts(planned(cast.ciso, query=f"duty=5&unit={cast.units.root.pk}"))) == 4
    assert ghosts(planned(cast.ciso, query=f"unit={cast.units.cards.pk}")) == []


def test_of_what_comes_often_none_is_planned_before_the_day_of_the_one_before(cast: Cast) -> None:
    recurring(cast, "FREQ=WEEKLY")
    ahead = [one for cell in cells_of(planned(cast.ciso)).values() for one in cell.ahead]
    january = [one for one in ahead if one.on.month == 1]
    assert [one.on.day for one in january] == [5, 12, 19]
    assert [one.planned_on for one in january] == [date(2026, 12, 29), date(2027, 1, 5), date(2027, 1, 12)]
    cell = cells_of(planned(cast.ciso))[5, 1]
    assert (cell.tally.ahead, cell.more_ahead) == (4, 4 - SHOWN)


def test_what_recurs_in_secret_is_told_to_nobody_else(cast: Cast) -> None:
    recurring(cast, confidentiality=Confidentiality.RESTRICTED, owner=cast.ciso)
    assert len(ghosts(planned(cast.ciso))) == 4
    assert ghosts(planned(cast.unit_lead)) == ghosts(planned(cast.auditor)) == []


def test_audits_and_exercises_that_recur_stand_there_too(cast: Cast) -> None:
    audit = audit_make(cast, starts_on=date(2026, 12, 10), rrule="FREQ=MONTHLY;INTERVAL=4")
    series = audit.series
    assert series
    SeriesException.objects.create(
        series=series, occurrence_on=date(2027, 4, 10), reason="No", created_by=cast.ciso, created_at=NOW
    )
    SeriesException.objects.create(
        series=series,
        occurrence_on=date(2027, 8, 10),
        moved_to=date(2027, 9, 1),
        reason="Holidays",
        created_by=cast.ciso,
        created_at=NOW,
    )
    exercise_make(cast, planned_on=date(2027, 2, 1), rrule="FREQ=MONTHLY;INTERVAL=6")
    year = planned(cast.ciso)
    assert ghosts(year) == [(2, date(2027, 8, 1)), (8, date(2027, 9, 1)), (8, date(2027, 12, 10))]
    assert cells_of(year)[2, 8].ahead[0].planned_on is None
    begins = cells_of(year)[8, 9].ahead[0].planned_on
    assert begins == date(2027, 9, 1) - timedelta(
        days=28 + planned_ahead_days("audits.preparation", "audits.start")
    )
    assert {one.key for one in registry.all(PlannedAhead)} == {
        "audits.start",
        "duties.activity",
        "response.exercise",
    }


def test_more_than_can_be_reckoned_is_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("foundation.calendar.selectors.ahead.MOST_ROWS", 1)
    for title in ("One", "Two"):
        recurring(cast, title=title)
    assert not planned(cast.ciso).is_whole
    assert len(ghosts(planned(cast.ciso))) == 4
    assert planned(cast.ciso, query="person=nobody").is_whole


def test_days_that_are_over_bring_up_nothing(cast: Cast) -> None:
    recurring(cast, "FREQ=DAILY")
    now = NOW + timedelta(days=60)
    days = [one.on for cell in cells_of(planned(cast.ciso, now=now)).values() for one in cell.ahead]
    assert days
    assert min(days) >= now.date()
