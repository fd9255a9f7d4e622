"""What was done for a duty in a year, with what shows it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db.models import Count, F, Max, Min, Q
from django.db.models.functions import Coalesce

from duties.board.indicators import kinds_of
from duties.choices import SETTLED, ActivityState, Duty
from duties.models import Activity, ActivityListing
from foundation.accounts.models import User
from foundation.accounts.organisation import organisation_zone
from foundation.calendar.choices import Outcome
from foundation.calendar.models import CalendarDate
from foundation.files.models import File
from foundation.links.models import Link
from foundation.records.querysets import visible_records

SHOWN = 50


@dataclass(frozen=True)
class Done:
    """An activity that ended, and how many files and records show it."""

    activity: Activity
    evidence: int


@dataclass(frozen=True)
class DoneYear:
    """The activities of a duty that ended in a year, the latest first; `more` that there are others, which the list shows."""

    activities: Sequence[Done]
    done: int
    late: int
    skipped: int

    @property
    def more(self) -> int:
        """Return how many are not shown."""
        return self.done + self.skipped - len(self.activities)


@dataclass(frozen=True)
class MetDates:
    """How many dates of records of a kind were met in a year, and how many of these after their day."""

    kind: str
    met: int
    late: int


def _in_year(year: int) -> Q:
    days = (date(year, 1, 1), date(year, 12, 31))
    return Q(state=ActivityState.DONE, done_on__range=days) | Q(
        state=ActivityState.SKIPPED, skipped_on__range=days
    )


def done_in_year(user: User, duty: Duty, year: int) -> DoneYear:
    """Return what was done and skipped of a duty's activities in a year of the organisation's, as far as a person may know. Four queries."""
    listed = ActivityListing.objects.visible_to(user).unarchived().filter(_in_year(year), duty=duty.value)
    counts = listed.aggregate(
        done=Count("pk", filter=Q(state=ActivityState.DONE)),
        late=Count("pk", filter=Q(state=ActivityState.DONE, done_on__gt=F("due_on"))),
        skipped=Count("pk", filter=Q(state=ActivityState.SKIPPED)),
    )
    ended = Coalesce("done_on", "skipped_on").desc()
    keys = list(listed.order_by(ended, "-pk").values_list("pk", flat=True)[:SHOWN])
    evidence = _evidence_of(user, keys)
    activities = (
        Activity.objects.filter(pk__in=keys).select_related("owner", "done_by").order_by(ended, "-pk")
    )
    return DoneYear([Done(one, evidence.get(one.pk, 0)) for one in activities], **counts)


def _evidence_of(user: User, keys: Sequence[int]) -> Counter[int]:
    """Return how many files and linked records show each of some activities, as far as a person may know of them. Two queries."""
    counted: Counter[int] = Counter()
    files = File.objects.unkept(user).present().filter(record__in=keys)
    counted.update(dict(files.order_by().values_list("record").annotate(Count("pk"))))
    links = Link.objects.filter(removed_at=None)
    ways = (
        links.filter(visible_records(user, "target__"), source__in=keys).values_list("source"),
        links.filter(visible_records(user, "source__"), target__in=keys).values_list("target"),
    )
    for (key,) in ways[0].union(ways[1], all=True):
        counted[key] += 1
    return counted


def met_in_year(user: User, duty: Duty, year: int) -> list[MetDates]:
    """Return how many dates of the records of a duty's areas were met in a year, by kind. One query."""
    zone = organisation_zone()
    first, last = datetime(year, 1, 1, tzinfo=zone), datetime.combine(date(year + 1, 1, 1), time(), zone)
    met = CalendarDate.objects.visible_to(user).filter(
        root_kind__in=kinds_of(duty),
        outcome=Outcome.DONE,
        deadline__closed_at__gte=first,
        deadline__closed_at__lt=last,
    )
    counted = (
        met.order_by()
        .values("deadline__kind")
        .annotate(met=Count("pk"), late=Count("pk", filter=Q(deadline__closed_at__gt=F("due_at"))))
    )
    rows = counted.order_by("-met", "deadline__kind").values_list("deadline__kind", "met", "late")
    return [MetDates(*row) for row in rows]


def years_of(user: User, duty: Duty, this_year: int) -> list[int]:
    """Return the years in which something of a duty's activities ended, and this one, the latest first. One query."""
    ended = ActivityListing.objects.visible_to(user).unarchived().filter(duty=duty.value, state__in=SETTLED)
    day = Coalesce("done_on", "skipped_on")
    found = ended.aggregate(first=Min(day), last=Max(day))
    years = [day.year for day in found.values() if day]
    return list(range(max([this_year, *years]), min([this_year, *years]) - 1, -1))
