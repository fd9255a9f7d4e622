"""What is measured of documents: the list, a page, its versions, and what two long versions don't share."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import cycle

from django.db.models import QuerySet
from django.urls import reverse

from bench.client import Answer
from bench.measures import Bound, Row
from bench.scene import CISO, LEAD, LIST, PAGE, Case, Scene, timed
from bench.written import VERSIONS, documents_make
from foundation.records.choices import Confidentiality
from policies.models import Document
from policies.starting_texts import starting_texts

DIFFERENCES = Bound(p95_ms=300, queries=15)


def documents_there(scene: Scene) -> Sequence[str]:
    """Return documents of the unit that its people see, spread over all there are; the first has long versions."""
    if not Document.objects.exists():
        documents_make(
            person=scene.people.officer,
            unit_id=scene.people.unit.pk,
            body=starting_texts()[0].body,
            now=scene.now,
        )
    rows: QuerySet[Document] = Document.objects.filter(
        unit=scene.people.unit, confidentiality=Confidentiality.INTERNAL
    )
    references = list(rows.order_by("pk").values_list("reference", flat=True))
    return references[:: max(1, len(references) // scene.repeats)]


def _list(name: str, query: str = "") -> Case:
    """Return the case of the list of documents under some parameters, for a unit's lead and for the CISO."""

    def measure(scene: Scene) -> Iterator[Row]:
        documents_there(scene)
        path = reverse("policies:document-list") + query
        for role, person in ((LEAD, scene.people.lead), (CISO, scene.people.ciso)):
            yield timed(scene, name, role, partial(scene.visitor(person).get, path))

    return Case(name, LIST, measure)


def _page(name: str, tab: str = "") -> Case:
    """Return the case of a tab of a document's page, another document each time."""

    def measure(scene: Scene) -> Iterator[Row]:
        references = cycle(documents_there(scene)[1:] or documents_there(scene))
        visitor = scene.visitor(scene.people.lead)

        def ask() -> Answer:
            reference = next(references)
            if tab:
                return visitor.get(reverse("policies:document-tab", args=[reference, tab]))
            return visitor.get(reverse("policies:document-detail", args=[reference]))

        yield timed(scene, name, LEAD, ask)

    return Case(name, PAGE, measure)


def _differences(scene: Scene) -> Iterator[Row]:
    """Compare two versions of 2,000 paragraphs, of which 200 are not the same."""
    path = reverse("policies:version-differences", args=[documents_there(scene)[0]])
    query = f"?old={VERSIONS - 1}&new={VERSIONS}"
    visitor = scene.visitor(scene.people.lead)
    yield timed(scene, "version-differences-2000", LEAD, partial(visitor.get, path + query))


DOCUMENT_CASES = (
    _list("document-list-first", "?state=all"),
    _list("document-list-open"),
    _list("document-list-filtered", "?state=in_force&type=standard"),
    _list("document-list-searched", "?state=all&q=porto"),
    _list("document-list-last", "?state=all&page=-1"),
    _list("document-list-review-late", "?review=late"),
    _page("document-page"),
    _page("document-page-versions", "versions"),
    Case("version-differences-2000", DIFFERENCES, _differences),
)
