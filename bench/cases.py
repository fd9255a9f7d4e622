"""What is measured, row by row, and what DESIGN §8 asks of each."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from itertools import cycle, islice
from time import perf_counter
from urllib.parse import urlencode
from uuid import uuid4

from django.test.utils import override_settings
from django.urls import reverse

from audits.choices import AuditState
from bench.board_cases import BOARD_CASES
from bench.catalogues import CATALOGUE_CASES
from bench.check_cases import CHECK_CASES
from bench.client import Answer, Visitor
from bench.control_cases import CONTROL_CASES
from bench.data import deadlines_make_due, mails_make
from bench.document_cases import DOCUMENT_CASES
from bench.duty_cases import DUTY_CASES
from bench.further_cases import FURTHER_CASES
from bench.measures import Bound, Row, rate_row
from bench.pack_cases import PACK_CASES
from bench.report_cases import REPORT_CASES
from bench.scene import CALENDAR, CISO, LEAD, LIST, OFFICER, PAGE, SEARCH, WRITE, Case, Scene, timed
from bench.sink import mail_sink
from foundation.deadlines.services import deadlines_scan
from foundation.notifications.services import mails_deliver
from foundation.records.choices import Confidentiality

MAILS = 3_000


def _list(name: str, query: str) -> Case:
    """Return the case of the list of audits under some parameters, for a unit's lead and for the CISO."""

    def measure(scene: Scene) -> Iterator[Row]:
        path = reverse("audits:audit-list") + query
        for role, person in ((LEAD, scene.people.lead), (CISO, scene.people.ciso)):
            visitor = scene.visitor(person)
            yield timed(scene, name, role, partial(visitor.get, path))

    return Case(name, LIST, measure)


def _page(name: str, tab: str = "") -> Case:
    """Return the case of a tab of an audit's page, another audit each time."""

    def measure(scene: Scene) -> Iterator[Row]:
        visitor = scene.visitor(scene.people.lead)
        references = cycle(scene.audits(*AuditState.values))

        def ask() -> Answer:
            reference = next(references)
            if tab:
                return visitor.get(reverse("audits:audit-tab", args=[reference, tab]))
            return visitor.get(reverse("audits:audit-detail", args=[reference]))

        yield timed(scene, name, LEAD, ask)

    return Case(name, PAGE, measure)


def _desk(scene: Scene) -> Iterator[Row]:
    for role, person in ((OFFICER, scene.people.officer), (LEAD, scene.people.lead)):
        visitor = scene.visitor(person)
        yield timed(scene, "my-desk", role, partial(visitor.get, reverse("desk:desk")))


def _search(name: str, text: Callable[[int], str], *, url_name: str = "search:search") -> Case:
    """Return the case of a search, for a unit's lead and for the CISO; `text` may name another audit each time."""

    def measure(scene: Scene) -> Iterator[Row]:
        references = scene.audits(*AuditState.values)
        for role, person in ((LEAD, scene.people.lead), (CISO, scene.people.ciso)):
            visitor = scene.visitor(person)
            numbers = cycle(int(reference.partition("-")[2]) for reference in references)

            def ask(visitor: Visitor = visitor, numbers: Iterator[int] = numbers) -> Answer:
                return visitor.get(f"{reverse(url_name)}?{urlencode({'q': text(next(numbers))})}")

            yield timed(scene, name, role, ask)

    return Case(name, SEARCH, measure)


def _calendar(name: str, view: str) -> Case:
    """Return the case of a view of the calendar, in the month in which dates lie most densely."""

    def measure(scene: Scene) -> Iterator[Row]:
        path = f"{reverse('calendar:calendar')}?view={view}&day={scene.now.date() + timedelta(days=30)}"
        for role, person in ((LEAD, scene.people.lead), (CISO, scene.people.ciso)):
            yield timed(scene, name, role, partial(scene.visitor(person).get, path))

    return Case(name, CALENDAR, measure)


def _create(scene: Scene) -> Iterator[Row]:
    visitor = scene.visitor(scene.people.officer)
    path = reverse("audits:audit-create")
    token = visitor.token_in(visitor.get(path))
    starts_on = scene.now.date() + timedelta(days=90)
    fields = {
        "title": "Planned by the benchmark",
        "type": "external",
        "confidentiality": Confidentiality.INTERNAL,
        "unit": scene.people.unit.pk,
        "owner": scene.people.officer.pk,
        "lead_auditor": scene.people.officer.pk,
        "auditees": scene.people.lead.pk,
        "starts_on": starts_on.isoformat(),
        "preparation_days": 28,
        "fieldwork_days": 4,
        "report_days": 18,
        "follow_up_days": 90,
    }
    yield timed(
        scene,
        "audit-create",
        OFFICER,
        lambda: visitor.post(path, {**fields, "submission": uuid4()}, token=token),
    )


def _transition(scene: Scene) -> Iterator[Row]:
    """Take audits to preparation and back again, by turns."""
    visitor = scene.visitor(scene.people.officer)
    references = cycle(islice(scene.audits(AuditState.PLANNED), 10))
    steps: list[tuple[str, str]] = []

    def ask() -> Answer:
        if not steps:
            reference = next(references)
            steps.extend(((reference, "back_to_planned"), (reference, "prepare")))
        reference, step = steps.pop()
        path = reverse("audits:audit-transition", args=[reference, step])
        return visitor.post(path, {"comment": "For the benchmark"}, token=token)

    first = reverse("audits:audit-transition", args=[scene.audits(AuditState.PLANNED)[0], "prepare"])
    token = visitor.token_in(visitor.get(first))
    yield timed(scene, "audit-transition", OFFICER, ask)


def _scan(scene: Scene) -> Iterator[Row]:
    """Scan as many due deadlines as there are records."""
    due = deadlines_make_due(count=scene.n, now=scene.now)
    started = perf_counter()
    deadlines_scan(now=scene.now)
    yield rate_row(name="deadline-scan", n=scene.n, role="worker", done=due, seconds=perf_counter() - started)


def _deliver(scene: Scene) -> Iterator[Row]:
    count = min(scene.n, MAILS)
    mails_make(count=count, now=scene.now)
    with mail_sink() as port, override_settings(EMAIL_URL=f"smtp://127.0.0.1:{port}"):
        started = perf_counter()
        tally = mails_deliver(now=scene.now, budget=timedelta(minutes=10))
        seconds = perf_counter() - started
    yield rate_row(name="mail-delivery", n=scene.n, role="worker", done=tally.sent, seconds=seconds)


CASES = (
    _list("audit-list-first", "?state=all"),
    _list("audit-list-open", ""),
    _list("audit-list-filtered", "?state=follow_up"),
    _list("audit-list-searched", "?state=all&q=porto"),
    _list("audit-list-last", "?state=all&page=-1"),
    _page("audit-page"),
    _page("audit-history", "history"),
    Case("my-desk", PAGE, _desk),
    _search("search-common-word", lambda number: "audit"),
    _search("search-rare-words", lambda number: f"{number} systems"),
    _search("search-no-match", lambda number: "firewall review"),
    _search("search-reference", lambda number: f"aud-{number}"),
    _search("palette-words", lambda number: "core bank", url_name="search:palette"),
    _search("palette-reference", lambda number: f"aud{number}", url_name="search:palette"),
    _search("palette-recent", lambda number: "", url_name="search:palette"),
    _calendar("calendar-month", "month"),
    _calendar("calendar-list", "list"),
    Case("audit-create", WRITE, _create),
    Case("audit-transition", WRITE, _transition),
    Case("deadline-scan", Bound(per_second=2_000), _scan),
    Case("mail-delivery", Bound(per_second=200), _deliver),
    *FURTHER_CASES,
    *CATALOGUE_CASES,
    *DOCUMENT_CASES,
    *CONTROL_CASES,
    *DUTY_CASES,
    *BOARD_CASES,
    *PACK_CASES,
    *CHECK_CASES,
    *REPORT_CASES,
)
