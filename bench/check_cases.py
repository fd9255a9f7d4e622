"""What is measured of a checklist of a thousand checks: its page, words sought in it, a check opened, and one saved."""

from collections.abc import Iterator
from functools import partial
from itertools import cycle

from django.urls import reverse

from audits.choices import OPEN_AUDIT_STATES, AuditState, AuditType
from audits.models import Audit
from bench.checking import checks_make
from bench.client import Answer
from bench.measures import Row
from bench.scene import OFFICER, PAGE, WRITE, Case, Scene, timed
from compliance.models import Framework
from foundation.records.models import Record


def audit_full(scene: Scene) -> Audit:
    """Return the audit with a thousand checks, in its fieldwork: of a supplier, so that an officer of its unit may test."""
    references = scene.audits(*OPEN_AUDIT_STATES)
    audit = next(
        found
        for found in Audit.objects.filter(reference__in=references).order_by("pk")
        if scene.people.officer.pk not in found.answering_ids  # who answers there tests nothing
    )
    reference = audit.reference
    if not Framework.objects.filter(key="catalogue").exists():
        checks_make(full=reference, person=scene.people.officer, now=scene.now)
        Audit.objects.filter(pk=audit.pk).update(type=AuditType.SUPPLIER)
        Record.objects.filter(pk=audit.pk).update(state=AuditState.FIELDWORK)
    return audit


def _list(name: str, query: str = "") -> Case:
    def measure(scene: Scene) -> Iterator[Row]:
        path = reverse("audits:checklist", args=[audit_full(scene).reference]) + query
        yield timed(scene, name, OFFICER, partial(scene.visitor(scene.people.officer).get, path))

    return Case(name, PAGE, measure)


def _opened(scene: Scene) -> Iterator[Row]:
    audit = audit_full(scene)
    keys = cycle(audit.checks.values_list("pk", flat=True)[:100])
    visitor = scene.visitor(scene.people.officer)

    def ask() -> Answer:
        path = reverse("audits:check-detail", args=[audit.reference, next(keys)])
        return visitor.get(path, fills="check-pane")

    yield timed(scene, "check-opened", OFFICER, ask)


def _save(scene: Scene) -> Iterator[Row]:
    audit = audit_full(scene)
    versions = dict(audit.checks.values_list("pk", "version")[:100])
    keys = cycle(versions)
    visitor = scene.visitor(scene.people.officer)
    first = reverse("audits:check-detail", args=[audit.reference, next(iter(versions))])
    token = visitor.token_in(visitor.get(first, fills="check-pane"))

    def ask() -> Answer:
        key = next(keys)
        version = versions[key]
        versions[key] += 1
        fields = {
            "reader": scene.people.officer.pk,
            "version": version,
            "result": "minor" if version % 2 else "conforms",
            "notes": f"Seen {version}",
        }
        path = reverse("audits:check-detail", args=[audit.reference, key])
        return visitor.post(path, fields, token=token)

    yield timed(scene, "check-save", OFFICER, ask)


CHECK_CASES = (
    _list("checklist-1000"),
    _list("checklist-1000-searched", "?q=part+7"),
    Case("check-opened", PAGE, _opened),
    Case("check-save", WRITE, _save),
)
