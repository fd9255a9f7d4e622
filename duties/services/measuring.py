"""Writes down once a day what every indicator says."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Count, Max

from duties.board.counting import RESTRICTED, Figures, activities_by_unit
from duties.board.indicators import Measure, measures_of
from duties.choices import Duty
from duties.models import IndicatorDay
from foundation.accounts.organisation import organisation_day

logger = structlog.get_logger(__name__)

# What the numbers of one unit stand for, in their order.
COUNT, IN_RESTRICTED, OF, OF_RESTRICTED = range(4)


@transaction.atomic
def day_measure(*, now: datetime) -> int:
    """Write what each indicator says today, of those that are not written yet, and return of how many.

    Called again on the same day it writes nothing; a day on which it was never called stays empty, as does one that the
    organisation's calendar has gone back to.
    """
    today = organisation_day(now)
    latest: date | None = IndicatorDay.objects.aggregate(latest=Max("day"))["latest"]
    if latest and latest > today:
        logger.warning("a day to come was measured: none is until then", measured=str(latest))
        return 0
    written = frozenset(IndicatorDay.objects.filter(day=today).values_list("key", flat=True))
    rows = measured_now(now, without=written)
    IndicatorDay.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def measured_now(now: datetime, *, without: frozenset[str] = frozenset()) -> list[IndicatorDay]:
    """Return what the indicators say, unwritten, but for some of them by their keys.

    One query for all activities; of the others two at most for each.
    """
    wanted = [one for duty in Duty for one in measures_of(duty) if one.key not in without]
    activities = activities_by_unit(organisation_day(now)) if any(one.rule for one in wanted) else {}
    return [_measured(one, now, activities) for one in wanted]


def _measured(
    measure: Measure, now: datetime, activities: Mapping[tuple[Duty, str], Figures]
) -> IndicatorDay:
    """Return what an indicator says, over all units and by unit."""
    of: Figures | None = None
    if measure.rule:
        counted = activities.get((measure.duty, measure.rule), {})
        if measure.indicator.of:
            of = activities.get((measure.duty, f"of_{measure.rule}"), {})
    else:
        counted = _by_unit(measure.rows(now))
        if measure.indicator.of:
            of = _by_unit(measure.of(now))
    units: dict[str, list[int | None]] = {}
    for unit in counted.keys() | (of or {}).keys():
        whole = (None, None) if of is None else of.get(unit, (0, 0))
        units[str(unit)] = [*counted.get(unit, (0, 0)), *whole]

    def total(place: int) -> int:
        return sum(numbers[place] or 0 for numbers in units.values())

    return IndicatorDay(
        day=organisation_day(now),
        key=measure.key,
        count=total(COUNT),
        restricted=total(IN_RESTRICTED),
        of=None if of is None else total(OF),
        restricted_of=None if of is None else total(OF_RESTRICTED),
        units=units,
        measured_at=now,
    )


def _by_unit(rows: Any) -> Figures:
    counted = rows.order_by().values("unit_id")
    counted = counted.annotate(
        open_count=Count("pk", filter=~RESTRICTED), kept=Count("pk", filter=RESTRICTED)
    )
    return {unit: (count, kept) for unit, count, kept in counted.values_list("unit_id", "open_count", "kept")}
