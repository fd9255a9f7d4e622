"""What is measured of controls, exceptions and exercises: their lists, a control's page, and how far a whole standard is covered."""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle

from django.db.models import QuerySet
from django.urls import reverse

from bench.catalogues import standard
from bench.client import Answer
from bench.document_cases import documents_there
from bench.governing import controls_make, exceptions_make, exercises_make
from bench.measures import Row
from bench.scene import CISO, LEAD, LIST, PAGE, Case, Scene, timed
from bench.written import VERSIONS
from controls.models import ControlListing
from exceptions.models import ExceptionListing
from foundation.records.choices import Confidentiality
from response.models import ExerciseListing


def _controls(scene: Scene) -> None:
    if not ControlListing.objects.exists():
        controls_make(person=scene.people.officer, framework_id=standard(scene).pk, now=scene.now)


def _exceptions(scene: Scene) -> None:
    if not ExceptionListing.objects.exists():
        documents_there(scene)
        exceptions_make(person=scene.people.officer, versions=VERSIONS, now=scene.now)


def _exercises(scene: Scene) -> None:
    if not ExerciseListing.objects.exists():
        documents_there(scene)
        exercises_make(person=scene.people.officer, now=scene.now)


def lists_of(make: Callable[[Scene], None], url_name: str, **queries: str) -> tuple[Case, ...]:
    """Return the cases of a list under some parameters each, for a unit's lead and for the CISO."""

    def case(ending: str, query: str) -> Case:
        name = f"{url_name.partition(':')[2]}-{ending}"

        def measure(scene: Scene) -> Iterator[Row]:
            make(scene)
            for role, person in ((LEAD, scene.people.lead), (CISO, scene.people.ciso)):
                path = reverse(url_name) + query
                yield timed(scene, name, role, partial(scene.visitor(person).get, path))

        return Case(name, LIST, measure)

    usual = {
        "first": "?state=all",
        "open": "",
        "searched": "?state=all&q=porto",
        "last": "?state=all&page=-1",
    }
    return tuple(case(ending, query) for ending, query in (usual | queries).items())


def _control(scene: Scene) -> Iterator[Row]:
    """Open a control of the unit, another each time."""
    _controls(scene)
    rows: QuerySet[ControlListing] = ControlListing.objects.filter(
        unit=scene.people.unit, confidentiality=Confidentiality.INTERNAL
    )
    references = cycle(rows.order_by("pk").values_list("reference", flat=True)[:100])
    visitor = scene.visitor(scene.people.lead)

    def ask() -> Answer:
        return visitor.get(reverse("controls:control-detail", args=[next(references)]))

    yield timed(scene, "control-page", LEAD, ask)


def _coverage(scene: Scene) -> Iterator[Row]:
    """Ask how far a standard of 1,200 requirements is covered, with at most three controls mapped to each."""
    _controls(scene)
    path = reverse("controls:coverage", args=[standard(scene).reference])
    for role, person in ((LEAD, scene.people.lead), (CISO, scene.people.ciso)):
        yield timed(scene, "coverage-page", role, partial(scene.visitor(person).get, path))


CONTROL_CASES = (
    *lists_of(
        _controls,
        "controls:control-list",
        filtered="?state=in_force&type=detective",
        late="?evidence=late",
    ),
    Case("control-page", PAGE, _control),
    Case("coverage-page", PAGE, _coverage),
    *lists_of(
        _exceptions,
        "exceptions:exception-list",
        filtered="?state=in_force&risk=high",
        overtaken="?state=overtaken",
    ),
    *lists_of(_exercises, "response:exercise-list", filtered="?state=planned&type=tabletop", late="?late=on"),
)
