"""A year of what the sample bank's indicators said, and who answers for its duties."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from django.db import connection

from duties.choices import Duty, DutyPart
from duties.models import DutyPost, IndicatorDay
from duties.services import day_measure, measured_now
from foundation.accounts.organisation import organisation_day
from foundation.accounts.sample import SampleContext

YEAR = 364
WEEK = timedelta(days=7)
# Days on which nothing was measured: what an outage leaves.
OUTAGE = (timedelta(days=151), timedelta(days=143))
RESPONSIBLE = {
    Duty.DESIGN: "yusuf.adeyinka",
    Duty.POLICIES: "leonor.vasconcelos",
    Duty.AUDITS: "leonor.vasconcelos",
    Duty.THREATS: "yusuf.adeyinka",
    Duty.STRATEGY: "leonor.vasconcelos",
    Duty.BRIEFINGS: "leonor.vasconcelos",
}
# What was measured in a week stands for each of its days: the sample is loaded by everyone who tries the portal out.
PAST = """
    INSERT INTO duties_indicatorday (day, key, count, restricted, of, restricted_of, units, measured_at)
    SELECT each.day::date, past.key, past.count, 0, past.of, CASE WHEN past.of IS NULL THEN NULL ELSE 0 END, past.units, each.day
    FROM unnest(%s::text[], %s::date[], %s::int[], %s::int[], %s::jsonb[]) AS past(key, week, count, of, units)
    CROSS JOIN LATERAL generate_series(past.week::timestamptz, past.week + 6, '1 day') AS each(day)
    WHERE each.day < %s AND each.day NOT BETWEEN %s AND %s
    ORDER BY each.day
"""


def sample_measures(context: SampleContext) -> None:
    """Let the indicators have been measured for a year, but for a week of an outage, and people answer for most duties."""
    day_measure_past(organisation_day(context.now), measured_now(context.now), Random(YEAR))  # noqa: S311 - a die, not a key
    day_measure(now=context.now)
    deputy = context.person("yusuf.adeyinka")
    posts = [
        DutyPost(duty=duty.value, person=context.person(key), part=DutyPart.RESPONSIBLE)
        for duty, key in RESPONSIBLE.items()
    ]
    posts += [
        DutyPost(duty=duty.value, person=deputy, part=DutyPart.DEPUTY)
        for duty, key in RESPONSIBLE.items()
        if context.person(key) != deputy
    ]
    DutyPost.objects.bulk_create(posts)


def day_measure_past(today: date, rows: Sequence[IndicatorDay], die: Random) -> None:
    """Write what some indicators said in the year before a day, near what they say on it: one statement, the earliest first."""
    keys, weeks, counts, wholes, units = [], [], [], [], []
    for ago in range(YEAR // 7, 0, -1):
        for row in rows:
            by_unit = {unit: _past(numbers, ago, die) for unit, numbers in row.units.items()}
            keys.append(row.key)
            weeks.append(today - ago * WEEK)
            counts.append(sum(int(numbers[0] or 0) for numbers in by_unit.values()))
            wholes.append(
                None if row.of is None else sum(int(numbers[2] or 0) for numbers in by_unit.values())
            )
            units.append(json.dumps(by_unit))
    with connection.cursor() as cursor:
        first, last = (today - ago for ago in OUTAGE)
        cursor.execute(PAST, [keys, weeks, counts, wholes, units, today, first, last])


def _past(numbers: Sequence[int | None], ago: int, die: Random) -> list[int | None]:
    """Return what a unit's numbers may have been so many weeks ago: a little worse the longer ago, and none of it restricted."""
    count, _restricted, of, _of_restricted = numbers
    assert count is not None
    if of is None:
        return [max(0, count + die.choice((-1, 0, 0, 1)) + (ago // 18 if count else 0)), 0, None, None]
    return [max(0, min(of, count - die.randint(0, max(1, of // 6)) * ago // 40)), 0, of, 0]
