"""Wake-up calls: PostgreSQL knows which occurrences are to be planned, whose owners have left, and what was measured."""

from uuid import UUID

from celery import shared_task

from duties.services import activities_left, activity_find_owner, day_measure, series_plan, series_waiting
from duties.services.packs import pack_make, pack_next, packs_tidy
from foundation import clock
from foundation.batches import each_apart, task_wake


@shared_task(name="duties.plan_occurrences")
def plan_occurrences() -> None:
    """Plan the next activity of each series whose first reminder is near, and give what somebody left behind to who is there."""
    each_apart(series_waiting(now=clock.now()), lambda key: series_plan(key=key, now=clock.now()))
    each_apart(activities_left(), lambda key: activity_find_owner(key=key, now=clock.now()))


@shared_task(name="duties.make_pack")
def make_pack(key: str) -> None:
    """Make one evidence pack, and wake a worker for the next. To be told twice, or not at all, does no harm."""
    _make(UUID(key))


@shared_task(name="duties.tidy_packs")
def tidy_packs() -> None:
    """Remove old packs, and make one that is waiting: its own call was lost, or its worker died."""
    for key in packs_tidy(clock=clock.now):
        if _make(key):
            return


def _make(key: UUID) -> bool:
    is_begun = pack_make(key=key, clock=clock.now)
    if is_begun and (following := pack_next()):
        pack_wake(following)
    return is_begun


def pack_wake(key: UUID) -> None:
    """Tell a worker of a pack to make."""
    task_wake(make_pack, str(key))


@shared_task(name="duties.measure")
def measure() -> None:
    """Write what every indicator says today, unless it is written; a day on which nobody asked stays empty."""
    day_measure(now=clock.now())
