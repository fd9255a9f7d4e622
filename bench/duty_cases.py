"""What is measured of duties: the list of activities, the page of one, and the year planner."""

from collections.abc import Iterator
from functools import partial
from itertools import cycle

from django.urls import reverse

from bench.client import Answer
from bench.control_cases import lists_of
from bench.measures import Bound, Row
from bench.running import activities_make
from bench.scene import CISO, LEAD, PAGE, Case, Scene, timed
from duties.models import ActivityListing
from foundation.records.choices import Confidentiality


def activities_ready(scene: Scene) -> None:
    """Have activities in the data."""
    if not ActivityListing.objects.exists():
        activities_make(person=scene.people.officer, now=scene.now)


def _activity(scene: Scene) -> Iterator[Row]:
    """Open an activity of the unit, another each time."""
    activities_ready(scene)
    rows = ActivityListing.objects.filter(
        unit=scene.people.unit, confidentiality=Confidentiality.INTERNAL
    ).order_by("pk")
    references = cycle(rows.values_list("reference", flat=True)[:100])
    visitor = scene.visitor(scene.people.lead)

    def ask() -> Answer:
        return visitor.get(reverse("duties:activity-detail", args=[next(references)]))

    yield timed(scene, "activity-page", LEAD, ask)


# It counts all dates of a year, which a page of a list need not: 113,000 at 100,000 audits, three for each.
YEAR = Bound(p95_ms=100, queries=8)


def _year(scene: Scene) -> Iterator[Row]:
    """Look at the year in which most dates lie."""
    activities_ready(scene)
    path = f"{reverse('duties:year-planner')}?year={scene.now.year + 1}"
    for role, person in ((LEAD, scene.people.lead), (CISO, scene.people.ciso)):
        yield timed(scene, "year-planner", role, partial(scene.visitor(person).get, path))


DUTY_CASES = (
    *lists_of(activities_ready, "duties:activity-list", filtered="?state=planned&duty=5", late="?late=on"),
    Case("activity-page", PAGE, _activity),
    Case("year-planner", YEAR, _year),
)
