"""Writes down once a day what every indicator says."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Count, Max, Q

from duties.board.indicators import Measure, measures_of
from duties.choices import Duty
from duties.models import IndicatorDay
from foundation.accounts.organisation import organisation_day
from foundation.records.choices import Confidentiality

RESTRICTED = Q(confidentiality=Confidentiality.RESTRICTED)
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
        return 0
    written = frozenset(IndicatorDay.objects.filter(day=today).values_list("key", flat=True))
    rows = measured_now(now, without=written)
    IndicatorDay.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def measured_now(now: datetime, *, without: frozenset[str] = frozenset()) -> list[IndicatorDay]:
    """Return what the indicators say, unwritten, but for some of them by their keys. Two queries at most for each."""
    wanted = [one for duty in Duty for one in measures_of(duty) if one.key not in without]
    return [_measured(one, organisation_day(now), now) for one in wanted]


def _measured(measure: Measure, today: date, now: datetime) -> IndicatorDay:
    """Return what an indicator says, over all units and by unit. Two queries at most."""
    units: dict[str, list[int | None]] = {}
    of = measure.of(now)
    for unit, count, restricted in _by_unit(measure.rows(now)):
        units[str(unit)] = [count, restricted, None if of is None else 0, None if of is None else 0]
    if of is not None:
        for unit, count, restricted in _by_unit(of):
            units.setdefault(str(unit), [0, 0, 0, 0])[OF:] = [count, restricted]

    def total(place: int) -> int:
        return sum(numbers[place] or 0 for numbers in units.values())

    return IndicatorDay(
        day=today,
        key=measure.key,
        count=total(COUNT),
        restricted=total(IN_RESTRICTED),
        of=None if of is None else total(OF),
        restricted_of=None if of is None else total(OF_RESTRICTED),
        units=units,
        measured_at=now,
    )


def _by_unit(rows: Any) -> Any:
    counted = rows.order_by().values("unit_id")
    counted = counted.annotate(
        open_count=Count("pk", filter=~RESTRICTED), kept=Count("pk", filter=RESTRICTED)
    )
    return counted.values_list("unit_id", "open_count", "kept")
