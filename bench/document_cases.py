"""What is measured of documents: the list, a page, its versions, and what two long versions don't share, and what waits for a decision."""

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import cycle

from django.db.models import QuerySet
from django.urls import reverse

from bench.client import Answer
from bench.measures import Bound, Row
from bench.scene import CISO, LEAD, LIST, PAGE, Case, Scene, timed
from bench.written import LONG_DOCUMENTS, VERSIONS, documents_make
from foundation.approvals.choices import RequestState
from foundation.approvals.models import ApprovalRequest
from foundation.records.choices import Confidentiality
from policies.models import Document
from policies.starting_texts import starting_texts

DIFFERENCES = Bound(p95_ms=300, queries=15)


def _there(scene: Scene) -> QuerySet[Document]:
    """Return the documents of the unit that its people see; the first have long versions."""
    if not Document.objects.exists():
        documents_make(
            person=scene.people.officer,
            approver=scene.people.ciso,
            unit_id=scene.people.unit.pk,
            body=starting_texts()[0].body,
            now=scene.now,
        )
    rows: QuerySet[Document] = Document.objects.filter(
        unit=scene.people.unit, confidentiality=Confidentiality.INTERNAL
    )
    return rows.order_by("pk")


def documents_there(scene: Scene) -> Sequence[str]:
    """Return documents of the unit that its people see, spread over all there are, without the long ones."""
    references = list(_there(scene).values_list("reference", flat=True))
    references = references[LONG_DOCUMENTS:] or references
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
        references = cycle(documents_there(scene))
        visitor = scene.visitor(scene.people.lead)

        def ask() -> Answer:
            reference = next(references)
            if tab:
                return visitor.get(reverse("policies:document-tab", args=[reference, tab]))
            return visitor.get(reverse("policies:document-detail", args=[reference]))

        yield timed(scene, name, LEAD, ask)

    return Case(name, PAGE, measure)


def _differences(name: str, places: slice) -> Case:
    """Return the case of two versions of 2,000 paragraphs: others each time, more than the server keeps in mind."""

    def measure(scene: Scene) -> Iterator[Row]:
        long = list(_there(scene).values_list("reference", flat=True)[:LONG_DOCUMENTS])
        pairs = [
            f"{reverse('policies:version-differences', args=[reference])}?old={new - 1}&new={new}"
            for reference in long[places] or long
            for new in range(2, VERSIONS + 1, 2)
        ]
        visitor, paths = scene.visitor(scene.people.lead), cycle(pairs)
        yield timed(scene, name, LEAD, lambda: visitor.get(next(paths)))

    return Case(name, DIFFERENCES, measure)


def _queue(scene: Scene) -> Iterator[Row]:
    """Open what waits for the CISO, revisions of documents among it."""
    documents_there(scene)
    visitor = scene.visitor(scene.people.ciso)
    yield timed(scene, "document-queue", CISO, partial(visitor.get, reverse("approvals:request-list")))


def _decision(scene: Scene) -> Iterator[Row]:
    """Open the page on which a revision is decided, another one each time."""
    documents_there(scene)
    asked = ApprovalRequest.objects.filter(record__kind="document", state=RequestState.OPEN)
    keys = cycle(asked.order_by("pk").values_list("pk", flat=True)[:200])
    visitor = scene.visitor(scene.people.ciso)

    def ask() -> Answer:
        return visitor.get(reverse("approvals:request-detail", args=[next(keys)]))

    yield timed(scene, "document-decision", CISO, ask)


DOCUMENT_CASES = (
    _list("document-list-first", "?state=all"),
    _list("document-list-open"),
    _list("document-list-filtered", "?state=in_force&type=standard"),
    _list("document-list-searched", "?state=all&q=porto"),
    _list("document-list-last", "?state=all&page=-1"),
    _list("document-list-review-late", "?review=late"),
    _page("document-page"),
    _page("document-page-versions", "versions"),
    _differences("version-differences-2000", slice(None, LONG_DOCUMENTS // 2)),
    _differences("version-differences-other", slice(LONG_DOCUMENTS // 2, None)),
    Case("document-queue", PAGE, _queue),
    Case("document-decision", PAGE, _decision),
)
