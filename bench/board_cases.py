"""What is measured of the board of duties: the board, a duty's page with a year of measured days, and the measuring of a day."""

import json
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle
from time import perf_counter

from django.db import connection
from django.urls import reverse

from bench.client import Answer
from bench.counting import Counter
from bench.duty_cases import activities_ready
from bench.measures import Bound, Row, times_row
from bench.scene import CISO, LEAD, Case, Scene, timed
from duties.models import IndicatorDay
from duties.services import day_measure, measured_now

# What the design bounds the executive overview by: more numbers on one page than any other has.
OVERVIEW = Bound(p95_ms=100, queries=25)
# A beat measures once a day while nobody waits; a bound of our own.
SNAPSHOT = Bound(p95_ms=5_000, queries=50)
REPEATS = 5
YEAR = 365
PAST = """
    INSERT INTO duties_indicatorday (day, key, count, restricted, of, restricted_of, units, measured_at)
    SELECT %s::date - ago, past.key, past.count, 0, past.of, CASE WHEN past.of IS NULL THEN NULL ELSE 0 END, past.units, now()
    FROM unnest(%s::text[], %s::int[], %s::int[], %s::jsonb[]) AS past(key, count, of, units), generate_series(1, %s) AS ago
    ORDER BY 1
"""


def _measured(scene: Scene) -> None:
    """Have a year of measured days, and the day of the scene."""
    activities_ready(scene)
    if IndicatorDay.objects.exists():
        return
    rows = measured_now(scene.now)
    with connection.cursor() as cursor:
        keys = [row.key for row in rows]
        counts, wholes = [row.count for row in rows], [row.of for row in rows]
        units = [json.dumps(row.units) for row in rows]
        cursor.execute(PAST, [scene.now.date(), keys, counts, wholes, units, YEAR])
        cursor.execute("ANALYZE duties_indicatorday")
    day_measure(now=scene.now)


def _board(scene: Scene) -> Iterator[Row]:
    """Open the board, as the lead of a unit and as the CISO."""
    _measured(scene)
    for role, person in ((LEAD, scene.people.lead), (CISO, scene.people.ciso)):
        visitor = scene.visitor(person)

        def ask() -> Answer:
            return visitor.get(reverse("duties:duty-list"))  # noqa: B023 - asked within the round

        yield timed(scene, "duty-board", role, ask)


def _duty(scene: Scene) -> Iterator[Row]:
    """Open the page of a duty, another each time."""
    _measured(scene)
    for role, person in ((LEAD, scene.people.lead), (CISO, scene.people.ciso)):
        visitor, numbers = scene.visitor(person), cycle(range(1, 14))

        def ask() -> Answer:
            return visitor.get(reverse("duties:duty-detail", args=[next(numbers)]))  # noqa: B023 - asked within the round

        yield timed(scene, "duty-page", role, ask)


def _snapshot(scene: Scene) -> Iterator[Row]:
    """Measure a day, one later each time."""
    _measured(scene)
    times, most = [], 0
    for days in range(1, REPEATS + 1):
        begun = perf_counter()
        with connection.execute_wrapper(counter := Counter()):
            day_measure(now=scene.now + timedelta(days=days))
        times.append((perf_counter() - begun) * 1_000)
        most = max(most, counter.count)
    yield times_row(name="indicator-snapshot", n=scene.n, role="worker", times=times, queries=most)


BOARD_CASES = (
    Case("duty-board", OVERVIEW, _board),
    Case("duty-page", OVERVIEW, _duty),
    Case("indicator-snapshot", SNAPSHOT, _snapshot),
)
