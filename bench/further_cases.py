"""What is measured of records that people have worked on, and of what they keep: full pages, views, people, the bell, files, actions, findings, evidence.

They come last, since they add to the data.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import cycle
from uuid import uuid4

from django.db.models import Model
from django.urls import reverse

from audits.choices import AuditState
from audits.models import Audit, EvidenceRequest, Finding
from bench.approving import approvals_make
from bench.asked import evidence_make, evidence_withhold
from bench.client import Answer
from bench.exporting import ExportFailed, export_measure
from bench.found import findings_make
from bench.furnishing import actions_make, notices_make, records_furnish, views_make
from bench.measures import Bound, Row, rate_row
from bench.scene import AUDITEE, CISO, LEAD, LIST, PAGE, WRITE, Case, Scene, timed
from foundation.actions.models import Action
from foundation.approvals.models import ApprovalRequest, ApprovalStep
from foundation.conversation.models import Comment
from foundation.conversation.tabs import ACTIVITY
from foundation.links.tabs import LINKS
from foundation.lists.models import SavedView
from foundation.registry import RelationKind, registry

AUDITS = "audits:audit-list"
# 100,000 rows as CSV within a minute, as XLSX within two, by a worker whose memory does not follow their number.
EXPORTS = {"csv": Bound(per_second=1_700, memory_mb=40), "xlsx": Bound(per_second=850, memory_mb=40)}


def _saved_view(scene: Scene) -> Iterator[Row]:
    """Open a list by one of ten views of one's own, among twenty that others share.

    It holds the audits of a unit: its page is full whatever their number, so that the growth is not that of what is drawn.
    """
    query = f"state=all&sort=starts_on&unit={scene.people.unit.pk}"
    for role, person in ((LEAD, scene.people.lead), (CISO, scene.people.ciso)):
        SavedView.objects.all().delete()
        views_make(list_key=AUDITS, query=query, owner=person)
        visitor = scene.visitor(person)
        yield timed(scene, "audit-list-view", role, partial(visitor.get, f"{reverse(AUDITS)}?{query}"))


def _furnished(scene: Scene) -> Sequence[str]:
    """Return the audits that pages are asked of, with comments, files and links on them."""
    references = scene.audits(*AuditState.values)
    if not Comment.objects.exists():
        records_furnish(
            full=list(Audit.objects.filter(reference__in=references).values_list("pk", flat=True)),
            n=scene.n,
            relation=next(registry.all(RelationKind)).key,
            person=scene.people.officer,
            now=scene.now,
        )
    return references


def _full_page(name: str, tab: str = "") -> Case:
    """Return the case of a tab of an audit with 20 comments, 8 files and 10 links, another audit each time."""

    def measure(scene: Scene) -> Iterator[Row]:
        references = cycle(_furnished(scene))
        visitor = scene.visitor(scene.people.lead)

        def ask() -> Answer:
            reference = next(references)
            if tab:
                return visitor.get(reverse("audits:audit-tab", args=[reference, tab]))
            return visitor.get(reverse("audits:audit-detail", args=[reference]))

        yield timed(scene, name, LEAD, ask)

    return Case(name, PAGE, measure)


def _comment(scene: Scene) -> Iterator[Row]:
    references = cycle(_furnished(scene))
    visitor = scene.visitor(scene.people.lead)
    first = reverse("audits:audit-tab", args=[next(references), ACTIVITY])
    token = visitor.token_in(visitor.get(first))

    def ask() -> Answer:
        path = reverse("conversation:comment-create", args=[next(references)])
        return visitor.post(path, {"text": "Said by the benchmark.", "submission": uuid4()}, token=token)

    yield timed(scene, "comment-create", LEAD, ask)


def _people(scene: Scene) -> Iterator[Row]:
    for role, person in ((LEAD, scene.people.lead), (CISO, scene.people.ciso)):
        visitor = scene.visitor(person)
        yield timed(scene, "people-list", role, partial(visitor.get, reverse("accounts:person-list")))


def _list_of(model: type[Model], make: Callable[..., None], url_name: str) -> Callable[..., Case]:
    """Return what returns a case of a list of records, as many as there are audits, under some parameters."""

    def case(name: str, query: str = "") -> Case:
        def measure(scene: Scene) -> Iterator[Row]:
            if not model.objects.exists():  # type: ignore[attr-defined]
                make(person=scene.people.officer, now=scene.now)
            path = reverse(url_name) + query
            for role, person in ((LEAD, scene.people.lead), (CISO, scene.people.ciso)):
                yield timed(scene, name, role, partial(scene.visitor(person).get, path))

        return Case(name, LIST, measure)

    return case


_actions = _list_of(Action, actions_make, "actions:action-list")
_findings = _list_of(Finding, findings_make, "audits:finding-list")
_evidence = _list_of(EvidenceRequest, evidence_make, "audits:evidence-list")


def _page_of(name: str, model: type[Model], make: Callable[..., None], url_name: str) -> Case:
    """Return the case of the page of a record of the unit, another one each time, of as many as there are audits."""

    def measure(scene: Scene) -> Iterator[Row]:
        if not model.objects.exists():  # type: ignore[attr-defined]
            make(person=scene.people.officer, now=scene.now)
        of_unit = model.objects.filter(unit=scene.people.unit).order_by("pk")  # type: ignore[attr-defined]
        references = cycle(of_unit.values_list("reference", flat=True)[:200])
        visitor = scene.visitor(scene.people.lead)
        yield timed(scene, name, LEAD, lambda: visitor.get(reverse(url_name, args=[next(references)])))

    return Case(name, PAGE, measure)


def _withheld(scene: Scene) -> Iterator[Row]:
    """Open the list of evidence as somebody who reads the unit's records and is audited in every other of its audits."""
    if not EvidenceRequest.objects.exists():
        evidence_make(person=scene.people.officer, now=scene.now)
    lead = scene.people.lead
    evidence_withhold(reader=lead, unit=scene.people.unit)
    path = f"{reverse('audits:evidence-list')}?state=all"
    yield timed(scene, "evidence-withheld", AUDITEE, partial(scene.visitor(lead).get, path))


def _bell(name: str, url_name: str, *, fills: str = "") -> Case:
    """Return the case of what a person was told, 200 times, in a table of as many notices as there are audits."""

    def measure(scene: Scene) -> Iterator[Row]:
        lead = scene.people.lead
        if not lead.notices.exists():
            notices_make(reader=lead, unit_id=scene.people.unit.pk, now=scene.now)
        yield timed(scene, name, LEAD, partial(scene.visitor(lead).get, reverse(url_name), fills=fills))

    return Case(name, PAGE, measure)


def _export(fmt: str) -> Case:
    """Return the case of all audits as a file, written by a process of its own as a worker does it."""
    name = f"export-{fmt}"

    def measure(scene: Scene) -> Iterator[Row]:
        written = export_measure(
            list_key=AUDITS, fmt=fmt, person=scene.people.ciso, database=scene.database, now=scene.now
        )
        if written.rows < scene.n:
            raise ExportFailed(f"{name}: {written.rows} of {scene.n} audits were written")
        yield rate_row(
            name=name,
            n=scene.n,
            role="worker",
            done=written.rows,
            seconds=written.seconds,
            memory_mb=written.memory_mb,
        )

    return Case(name, EXPORTS[fmt], measure)


def _asked_to_approve(scene: Scene) -> None:
    if not ApprovalStep.objects.filter(label="Approval", position=1).exists():
        approvals_make(asker=scene.people.officer, now=scene.now)


def _queue(scene: Scene) -> Iterator[Row]:
    """Open what waits for one's decision: half of all requests for the CISO, half of those of the unit for its lead."""
    _asked_to_approve(scene)
    for role, person in ((LEAD, scene.people.lead), (CISO, scene.people.ciso)):
        visitor = scene.visitor(person)
        yield timed(scene, "approval-queue", role, partial(visitor.get, reverse("approvals:request-list")))


def _approval_page(name: str, url_name: str) -> Case:
    """Return the case of a page of a request that waits for the CISO, another one each time."""

    def measure(scene: Scene) -> Iterator[Row]:
        _asked_to_approve(scene)
        keys = ApprovalRequest.objects.filter(steps__rights__len__gt=0).order_by("requested_at")
        asked = cycle(keys.values_list("pk", flat=True)[:200])
        visitor = scene.visitor(scene.people.ciso)
        yield timed(scene, name, CISO, lambda: visitor.get(reverse(url_name, args=[next(asked)])))

    return Case(name, PAGE, measure)


FURTHER_CASES = (
    Case("audit-list-view", LIST, _saved_view),
    _full_page("audit-page-full"),
    _full_page("audit-page-activity", ACTIVITY),
    _full_page("audit-page-files", "files"),
    _full_page("audit-page-links", LINKS),
    Case("comment-create", WRITE, _comment),
    Case("people-list", LIST, _people),
    _bell("bell", "notifications:notice-latest", fills="bell-latest"),
    _bell("notices", "notifications:notice-page"),
    _export("csv"),
    _export("xlsx"),
    _actions("action-list-first", "?state=all"),
    _actions("action-list-open"),
    _actions("action-list-filtered", "?state=done"),
    _actions("action-list-late", "?late=on&duty=audits"),
    _actions("action-list-to-verify", "?state=to_verify"),
    _actions("action-list-by-source", "?sort=source"),
    _actions("action-list-searched", "?state=all&q=porto"),
    _actions("action-list-last", "?state=all&page=-1"),
    _page_of("action-page", Action, actions_make, "actions:action-detail"),
    _findings("finding-list-first", "?state=all"),
    _findings("finding-list-open"),
    _findings("finding-list-filtered", "?state=closed&grade=minor"),
    _findings("finding-list-searched", "?state=all&q=porto"),
    _findings("finding-list-last", "?state=all&page=-1"),
    _findings("finding-list-repeats", "?state=all&repeat=on"),
    _page_of("finding-page", Finding, findings_make, "audits:finding-detail"),
    _evidence("evidence-list-first", "?state=all"),
    _evidence("evidence-list-open"),
    _evidence("evidence-list-filtered", "?state=accepted"),
    _evidence("evidence-list-searched", "?state=all&q=porto"),
    _evidence("evidence-list-last", "?state=all&page=-1"),
    Case("evidence-withheld", LIST, _withheld),
    Case("approval-queue", LIST, _queue),
    _approval_page("approval-page", "approvals:request-detail"),
    _approval_page("approval-record", "approvals:request-record"),
)
