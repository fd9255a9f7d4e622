"""Reports of audits, made as a worker makes them: read, typeset, written as a table, filed, and written into the trail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from time import perf_counter

from django.db import connection

from audits.choices import AuditState, AuditType, CheckMethod, CheckResult, Grade
from audits.models import Audit, AuditReport, Check, Finding
from audits.services import audit_plan, finding_create, report_ask, report_make
from bench.check_cases import audit_full
from bench.client import WrongAnswer
from bench.counting import Counter
from bench.measures import Bound, Row, times_row
from bench.scene import Case, Scene
from compliance.models import RequirementText
from foundation.actions.choices import ActionNature
from foundation.actions.services import action_create
from foundation.files.storage import content_drop
from foundation.records.models import Record

REPEATS = 3  # each takes seconds
FINDINGS, ACTIONS_EACH = 40, 2
PARAGRAPH = (
    "Twelve of forty accounts belonged to people who had left, and the oldest had been unused for 400 days. "
)
# A worker makes them while nobody waits; bounds of our own. The queries do not grow with the checks.
QUERIES = 60
BOUNDS = {
    150: Bound(p95_ms=5_000, queries=QUERIES),
    1_000: Bound(p95_ms=12_000, queries=QUERIES),
}


def _audit(scene: Scene, checks: int) -> Audit:
    """Return an audit of a supplier in its fieldwork, with so many checks that were tested, and with findings and actions."""
    officer = scene.people.officer
    title = f"Audit with {checks} checks"
    if found := Audit.objects.filter(title=title).first():
        return found
    audit_full(scene)  # with it comes the catalogue
    texts = dict.fromkeys(("scope", "criteria", "objectives"), PARAGRAPH * 8)
    audit = audit_plan(
        title=title,
        type=AuditType.SUPPLIER,
        unit=scene.people.unit,
        owner=officer,
        lead_auditor=officer,
        starts_on=scene.now.date() + timedelta(days=30),
        actor=officer,
        now=scene.now,
        **texts,
    )
    Record.objects.filter(pk=audit.pk).update(state=AuditState.FIELDWORK)
    Audit.objects.filter(pk=audit.pk).update(conclusion=PARAGRAPH * 8)
    audit.refresh_from_db()
    _findings_make(scene, audit, _checks_make(scene, audit, checks))
    audit.frameworks.set({check.requirement.framework_id for check in audit.checks.all()[:1]})
    return audit


def _checks_make(scene: Scene, audit: Audit, count: int) -> list[Check]:
    said = RequirementText.objects.filter(key__startswith="bc-").select_related("requirement")
    results = [result for result in CheckResult if result != CheckResult.NOT_TESTED]
    return list(
        Check.objects.bulk_create(
            Check(
                audit=audit,
                text=text,
                requirement=text.requirement,
                position=place,
                methods=list(CheckMethod)[: place % 4],
                sample=PARAGRAPH if place % 3 == 0 else "",
                result=results[place % len(results)],
                reason=PARAGRAPH if results[place % len(results)] == CheckResult.NOT_APPLICABLE else "",
                tested_by=scene.people.officer,
                tested_at=scene.now,
            )
            for place, text in enumerate(said.order_by("position")[:count])
        )
    )


def _findings_make(scene: Scene, audit: Audit, checks: list[Check]) -> None:
    officer, lead = scene.people.officer, scene.people.lead
    due_on = scene.now.date() + timedelta(days=60)
    for number in range(FINDINGS):
        finding = finding_create(
            audit=audit,
            check=checks[number] if number % 4 else None,
            requirement=checks[number].requirement,
            title=f"Accounts outlive their people, {number}",
            grade=list(Grade)[number % len(Grade)],
            owner=lead,
            answer_due_on=due_on,
            actor=officer,
            now=scene.now,
            **dict.fromkeys(("description", "evidence", "risk"), PARAGRAPH * 6),
        )
        for step in range(ACTIONS_EACH):
            action_create(
                source=finding,
                title=f"Close the accounts of leavers each week, {step}",
                nature=ActionNature.CORRECTIVE,
                owner=lead,
                verifier=officer,
                due_on=due_on,
                actor=officer,
                now=scene.now,
            )
    answers = dict.fromkeys(("response", "root_cause", "correction"), PARAGRAPH * 6)
    Finding.objects.filter(audit=audit).update(whys=[PARAGRAPH] * 5, **answers)


def _report(checks: int) -> Case:
    """Return the case of the report of an audit with so many checks."""
    name = f"report-{checks}-checks"

    def measure(scene: Scene) -> Iterator[Row]:
        audit = _audit(scene, checks)
        times, queries = [], 0
        for _number in range(REPEATS):
            asked = report_ask(audit=audit, actor=scene.people.officer, now=scene.now)
            begun = perf_counter()
            with connection.execute_wrapper(counter := Counter()):
                report_make(key=asked.pk, clock=lambda: scene.now)
            times.append(1_000 * (perf_counter() - begun))
            queries = max(queries, counter.count)
            _drop(asked)
        yield times_row(name=name, n=scene.n, role="worker", times=times, queries=queries)

    return Case(name, BOUNDS[checks], measure)


def _drop(asked: AuditReport) -> None:
    """Remove what lies in the storage: the rows go with the database. Raises WrongAnswer where nothing was made."""
    made = AuditReport.objects.select_related("file", "table").get(pk=asked.pk)
    if made.file is None or made.table is None:
        raise WrongAnswer(f"The report was not made: {made.failure or 'it still waits'}")
    for version in (made.file, made.table):
        content_drop(version.storage_key)


REPORT_CASES = (_report(150), _report(1_000))
