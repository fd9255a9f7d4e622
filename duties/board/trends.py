"""How indicators went over time, by what was measured day by day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import connection

from duties.board.indicators import Measure
from duties.board.narrowing import ALL, Narrowing
from foundation.accounts.access import Scope, access_of
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_day
from foundation.records.querysets import HAS_WITHHELD
from foundation.registry import Better
from foundation.ui.components import Tone

YEAR = timedelta(days=365)
MONTH = timedelta(days=30)
NEAR = timedelta(days=7)  # how far before that day another stands for it

TOTALS = """
    SELECT key, day, count + CASE WHEN %(kept)s THEN restricted ELSE 0 END,
        of + CASE WHEN %(kept)s THEN restricted_of ELSE 0 END
    FROM duties_indicatorday WHERE key = ANY(%(keys)s) AND day BETWEEN %(first)s AND %(last)s
    ORDER BY key, day
"""
KEPT = "%(kept_units)s::text[] IS NULL OR unit.key = ANY(%(kept_units)s::text[])"
BY_UNIT = """
    SELECT measured.key, measured.day, coalesce(sum(
        (unit.value->>0)::int + CASE WHEN {kept} THEN (unit.value->>1)::int ELSE 0 END
    ), 0), CASE WHEN measured.of IS NOT NULL THEN coalesce(sum(
        (unit.value->>2)::int + CASE WHEN {kept} THEN (unit.value->>3)::int ELSE 0 END
    ), 0) END
    FROM duties_indicatorday AS measured LEFT JOIN LATERAL jsonb_each(measured.units) AS unit
        ON %(units)s::text[] IS NULL OR unit.key = ANY(%(units)s::text[])
    WHERE measured.key = ANY(%(keys)s) AND measured.day BETWEEN %(first)s AND %(last)s
    GROUP BY measured.key, measured.day, measured.of ORDER BY measured.key, measured.day
"""


@dataclass(frozen=True)
class Point:
    """What an indicator said on a day."""

    day: date
    count: int
    of: int | None

    @property
    def value(self) -> float | None:
        """Return the number, or the part in percent; None for a part of nothing."""
        if self.of is None:
            return self.count
        return self.count * 100 / self.of if self.of else None


@dataclass(frozen=True)
class Trend:
    """The measured days of an indicator, the earliest first; days that were missed are not among them."""

    points: Sequence[Point]
    better: Better
    today: date

    @property
    def latest(self) -> Point | None:
        """Return the latest day that was measured."""
        return self.points[-1] if self.points else None

    @property
    def is_stale(self) -> bool:
        """Tell whether it was measured neither today nor yesterday."""
        return self.latest is not None and self.latest.day < self.today - timedelta(days=1)

    @cached_property
    def before(self) -> Point | None:
        """Return the day 30 days before the latest one, or the nearest of the week before that; None where none was measured."""
        if self.latest is None:
            return None
        wanted = self.latest.day - MONTH
        return next((one for one in reversed(self.points) if wanted - NEAR <= one.day <= wanted), None)

    @property
    def change(self) -> float | None:
        """Return by how much it changed within these days: a number, or percentage points; None unless it was measured of late."""
        if self.latest is None or self.before is None or self.is_stale:
            return None
        now, then = self.latest.value, self.before.value
        return None if now is None or then is None else now - then

    @property
    def tone(self) -> str:
        """Return whether that is good."""
        change = self.change
        if not change or self.better is Better.NEITHER:
            return Tone.NEUTRAL
        return Tone.GOOD if (change > 0) == (self.better is Better.MORE) else Tone.BAD


def trends_of(
    user: User,
    measures: Sequence[Measure],
    now: datetime,
    *,
    narrowing: Narrowing = ALL,
    back: timedelta = YEAR,
) -> dict[Measure, Trend]:
    """Return how some indicators went, over the units whose records the person reads. Two queries at most.

    What few may know of counts for those alone who read all of that in a unit. None at all where the board is narrowed to owners, by
    whom nothing is measured.
    """
    access = access_of(user, now)
    today = organisation_day(now)
    if narrowing.owner_ids is not None or not (reads := access.scope("records.view")):
        return {}
    units = _units(reads, narrowing)
    kept = [] if HAS_WITHHELD in access.facts else _units(access.scope("records.view_restricted"), narrowing)
    shared = [one for one in measures if one.indicator.of_all_units and narrowing.unit_ids is None]
    others = [one for one in measures if one not in shared]
    asked = {"first": today - back, "last": today}
    found = _points(others, units, kept, asked) | _points(shared, None, [], asked)
    return {one: Trend(found.get(one.key, []), one.indicator.better, today) for one in measures}


def _points(
    measures: Sequence[Measure], units: list[str] | None, kept: list[str] | None, asked: dict[str, Any]
) -> dict[str, list[Point]]:
    """Return the measured days of some indicators by their keys: over some units and, of what few may know of, over some; None: over all."""
    found: dict[str, list[Point]] = {}
    if not measures:
        return found
    asked = {**asked, "keys": [one.key for one in measures]}
    with connection.cursor() as cursor:
        if units is None and kept in (None, []):
            cursor.execute(TOTALS, {**asked, "kept": kept is None})
        else:
            cursor.execute(BY_UNIT.format(kept=KEPT), {**asked, "units": units, "kept_units": kept})
        for key, day, count, of in cursor.fetchall():
            found.setdefault(key, []).append(Point(day, int(count), None if of is None else int(of)))
    return found


def _units(scope: Scope, narrowing: Narrowing) -> list[str] | None:
    """Return the keys of the units of a scope as they stand in what is measured; None: all units."""
    if scope.everywhere:
        return None if narrowing.unit_ids is None else [str(key) for key in narrowing.unit_ids]
    kept = scope.unit_ids if narrowing.unit_ids is None else scope.unit_ids & set(narrowing.unit_ids)
    return [str(key) for key in kept]
