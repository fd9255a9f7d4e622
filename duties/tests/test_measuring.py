"""What every indicator says is written once a day, and nothing of it is changed or written later."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from duties.board.indicators import LATE, Measure, measures_of
from duties.board.narrowing import Narrowing
from duties.board.trends import trends_of
from duties.choices import Duty
from duties.models import IndicatorDay
from duties.services import day_measure, measured_now
from duties.tasks import measure
from duties.tests.factories import TODAY, activity_make, at
from duties.trend_lines import Change, TrendLine
from foundation import clock
from foundation.accounts.models import User
from foundation.records.models import Withheld
from foundation.testing.cast import Cast

pytestmark = pytest.mark.django_db
DUE = date(2026, 11, 20)
NOON = at(TODAY)


def late_of(duty: Duty) -> Measure:
    return next(one for one in measures_of(duty) if one.rule == LATE)


def late_make(cast: Cast, **said: Any) -> None:
    activity_make(cast, now=at(DUE - timedelta(days=3)), due_on=DUE, **said)


def trend(user: User, now: datetime, **said: Any) -> list[tuple[date, int]] | None:
    found = trends_of(User.objects.get(pk=user.pk), [late_of(Duty.THREATS)], now, **said)
    return [(point.day, point.count) for point in found[late_of(Duty.THREATS)].points] if found else None


def test_a_day_is_written_once(cast: Cast) -> None:
    late_make(cast)
    assert day_measure(now=NOON) == sum(len(measures_of(duty)) for duty in Duty)
    late_make(cast)
    assert day_measure(now=NOON + timedelta(hours=3)) == 0
    row = IndicatorDay.objects.get(key=late_of(Duty.THREATS).key)
    assert (row.day, row.count, row.measured_at) == (TODAY, 1, NOON), "as it was when the day was measured"


def test_a_missed_day_stays_empty(cast: Cast) -> None:
    late_make(cast)
    day_measure(now=NOON)
    day_measure(now=NOON + timedelta(days=3))
    assert trend(cast.ciso, NOON + timedelta(days=3)) == [(TODAY, 1), (TODAY + timedelta(days=3), 1)]
    assert day_measure(now=NOON + timedelta(days=1)) == 0, "a clock that goes back writes nothing behind"


def test_an_indicator_that_came_later_is_measured_from_that_day_on(cast: Cast) -> None:
    rows = measured_now(NOON)
    IndicatorDay.objects.bulk_create(rows[1:])
    assert day_measure(now=NOON + timedelta(minutes=2)) == 1
    assert IndicatorDay.objects.filter(day=TODAY).count() == len(rows)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE duties_indicatorday SET count = 0",
        "DELETE FROM duties_indicatorday",
        "TRUNCATE duties_indicatorday",
        (
            "INSERT INTO duties_indicatorday (day, key, count, restricted, units, measured_at)"
            " VALUES ('2026-11-23', 'made-up', 0, 0, '{}', now())"
        ),
    ],
)
def test_nothing_is_retouched_by_whoever_writes_sql(cast: Cast, sql: str) -> None:
    day_measure(now=NOON)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_who_reads_some_units_sees_how_these_went(cast: Cast) -> None:
    late_make(cast, unit=cast.units.cards)
    late_make(cast, unit=cast.units.retail)
    late_make(cast, unit=cast.units.cards, confidentiality="restricted")
    day_measure(now=NOON)
    assert trend(cast.ciso, NOON) == [(TODAY, 3)]
    assert trend(cast.analyst, NOON) == [(TODAY, 2)], (
        "restricted records count for those who read all of them"
    )
    assert trend(cast.unit_lead, NOON) == [(TODAY, 1)]
    cards = Narrowing(unit_ids=(cast.units.cards.pk,), unit=str(cast.units.cards.pk))
    assert trend(cast.ciso, NOON, narrowing=cards) == [(TODAY, 2)]
    assert trend(cast.analyst, NOON, narrowing=cards) == [(TODAY, 1)]
    retail = Narrowing(unit_ids=(cast.units.retail.pk,), unit=str(cast.units.retail.pk))
    assert trend(cast.unit_lead, NOON, narrowing=retail) == [(TODAY, 0)]
    assert trend(cast.ciso, NOON, narrowing=Narrowing(owner_ids=(cast.ciso.pk,), owner="Celia")) is None


def test_a_part_of_a_whole_is_kept_with_its_whole(cast: Cast) -> None:
    late_make(cast)
    day_measure(now=NOON)
    row = IndicatorDay.objects.get(key=f"{Duty.THREATS.value}:activities.done:")
    assert (row.count, row.of) == (0, 1)


def test_the_line_says_how_it_went_and_breaks_where_nothing_was_measured(cast: Cast) -> None:
    begun = NOON - timedelta(days=40)
    for days in (0, 1, 2, 5, 6, 33, 34, 35, 40):
        if days == 5:
            activity_make(cast, now=begun - timedelta(days=20), due_on=begun.date() - timedelta(days=9))
        day_measure(now=begun + timedelta(days=days))
    found = trends_of(cast.ciso, [late_of(Duty.THREATS)], NOON)[late_of(Duty.THREATS)]
    html = TrendLine(found).html
    assert html.count("<polyline") == 3, "three runs of days"
    assert "0 on 15 October 2026, 1 on 24 November 2026; between 0 and 1" in html.replace(
        "Oct. 15, 2026", "15 October 2026"
    )
    assert found.change == 0, "the nearest day of the week before stands for the one 30 days ago"
    assert str(Change(found)) == "unchanged"


def test_the_beat_measures_the_day(cast: Cast) -> None:
    measure()
    assert IndicatorDay.objects.filter(day=clock.now().date()).exists()


def test_nobody_who_reads_no_records_sees_how_they_went(cast: Cast) -> None:
    late_make(cast)
    day_measure(now=NOON)
    assert trend(cast.outsider, NOON) is None


def test_a_part_of_nothing_has_no_line(cast: Cast) -> None:
    day_measure(now=NOON)
    done = next(one for one in measures_of(Duty.THREATS) if one.indicator.of)
    found = trends_of(cast.ciso, [done], NOON)[done]
    assert "—" in TrendLine(found).html
    assert str(TrendLine(found)) == "Nothing was measured yet"


def test_what_is_withheld_from_somebody_counts_for_those_alone_who_read_all(cast: Cast) -> None:
    late_make(cast, unit=cast.units.cards)
    kept = activity_make(cast, now=at(DUE - timedelta(days=3)), due_on=DUE, unit=cast.units.cards)
    Withheld.objects.create(record_id=kept.pk, user=cast.unit_lead)
    day_measure(now=NOON)
    assert trend(cast.ciso, NOON) == [(TODAY, 2)]
    assert trend(cast.unit_lead, NOON) == [(TODAY, 1)]
    assert trend(cast.auditor, NOON) == [(TODAY, 1)], "the line tells nobody from whom something is withheld"


def test_what_everybody_reads_is_told_whatever_its_unit(cast: Cast) -> None:
    day_measure(now=NOON)
    shared = [one for one in measures_of(Duty.COMPLIANCE) if one.indicator.of_all_units]
    assert shared
    IndicatorDay.objects.bulk_create(
        IndicatorDay(
            day=TODAY + timedelta(days=1),
            key=one.key,
            count=3,
            restricted=0,
            units={str(cast.units.root.pk): [3, 0, None, None]},
            measured_at=NOON,
        )
        for one in shared
    )
    later = NOON + timedelta(days=1)
    found = trends_of(User.objects.get(pk=cast.unit_lead.pk), shared, later)
    assert [found[one].latest.count for one in shared] == [3]


def test_a_change_is_told_while_it_is_measured(cast: Cast) -> None:
    late_make(cast)
    for days in (-31, -30, 0):
        day_measure(now=NOON + timedelta(days=days))
    measure = late_of(Duty.THREATS)
    assert trends_of(cast.ciso, [measure], NOON)[measure].change is not None
    after = NOON + timedelta(days=2)
    assert trends_of(cast.ciso, [measure], after)[measure].change is None
    assert trends_of(cast.ciso, [measure], after)[measure].is_stale
