"""Who meets what behind the addresses of audits and programmes."""

import io
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import uuid4

from audits.choices import AuditState
from audits.models import Audit, AuditSeries, SeriesException
from audits.services import check_evidence_add, decision_version, series_version
from audits.tests.checks import audit_with_checks, first_check
from audits.tests.factories import NOW, audit_in, audit_make, evidence_make, finding_make, programme_make
from audits.tests.tables import table
from foundation import clock
from foundation.files.models import File
from foundation.files.services import Upload, file_add
from foundation.lifecycle.services import apply_transition
from foundation.records.imports.drafts import import_file_keep
from foundation.records.models import Record
from foundation.testing.cast import Cast
from foundation.testing.urls import UrlRow, answers, everyone, only

# The audit and the programme are of payments: the unit's lead reads them, and who holds no reading right finds nothing.
READERS = only("ciso", "analyst", "auditor", "unit_lead", otherwise=404)
PLANNERS = answers(otherwise=404, ciso=200, analyst=200, auditor=403, unit_lead=403)
WRITERS = {**PLANNERS, "ciso": 302, "analyst": 302}
DAY = "2027-02-18"


def coming_year() -> int:
    """Return the year in which the walk of hidden words plans its audit."""
    return (clock.now() + timedelta(days=2)).year


def of_audit(*more: str, **values: Any) -> Callable[[Cast], Sequence[Any]]:
    def arguments(cast: Cast) -> Sequence[Any]:
        return (audit_make(cast, **values).reference, *more)

    return arguments


def of_evidence(*more: str) -> Callable[[Cast], Sequence[Any]]:
    def arguments(cast: Cast) -> Sequence[Any]:
        return (evidence_make(cast).reference, *more)

    return arguments


def of_reporting(cast: Cast) -> Sequence[Any]:
    audit = audit_make(cast)
    for step in ("prepare", "start_fieldwork", "start_reporting"):
        apply_transition(record=audit, name=step, actor=cast.analyst, now=NOW)
    return (audit.reference,)


def of_checklist(
    *more: str, is_check: bool = False, has_file: bool = False
) -> Callable[[Cast], Sequence[Any]]:
    """Return arguments of an audit whose fieldwork runs, of its first check, or of a file attached to that."""

    def arguments(cast: Cast) -> Sequence[Any]:
        audit = audit_with_checks(cast)
        check = first_check(audit)
        if not has_file:
            return (audit.reference, *((check.pk,) if is_check else ()), *more)
        upload = Upload("notes.txt", io.BytesIO(b"Seen"))
        file = file_add(record=audit, upload=upload, actor=cast.auditor, now=NOW)
        check_evidence_add(check=check, files=[file], actor=cast.auditor, now=NOW)
        return (audit.reference, check.pk, file.key)

    return arguments


def check_data(cast: Cast) -> Mapping[str, Any]:
    return {"version": 1, "result": "conforms", "notes": "Seen"}


def tree_data(cast: Cast) -> Mapping[str, Any]:
    return {"framework": Audit.objects.latest("pk").frameworks.get().reference, "all": "1"}


def evidence_data(cast: Cast) -> Mapping[str, Any]:
    audit = Audit.objects.latest("pk")
    file = File.objects.filter(record=audit).first()
    if file is None:
        upload = Upload("plan.txt", io.BytesIO(b"Plan"))
        file = file_add(record=audit, upload=upload, actor=cast.auditor, now=NOW)
    return {"chosen": str(file.key)}


def of_programme(*more: str) -> Callable[[Cast], Sequence[Any]]:
    def arguments(cast: Cast) -> Sequence[Any]:
        return (programme_make(cast).reference, *more)

    return arguments


def of_finding(*more: str, **values: Any) -> Callable[[Cast], Sequence[Any]]:
    def arguments(cast: Cast) -> Sequence[Any]:
        return (finding_make(cast, **values).reference, *more)

    return arguments


def of_audit_under_way(cast: Cast) -> Sequence[Any]:
    audit = audit_make(cast)
    Record.objects.filter(pk=audit.pk).update(state=AuditState.FIELDWORK)
    return (audit.reference,)


def of_skipped(cast: Cast) -> Sequence[Any]:
    audit = audit_make(cast, rrule="FREQ=MONTHLY")
    series = audit.series
    assert series is not None
    series.exceptions.create(
        occurrence_on=DAY, reason="Freeze", created_by=cast.analyst, created_at=series.recurs_since
    )
    return (audit.reference, DAY)


def of_import(cast: Cast) -> Sequence[Any]:
    """A table that the analyst brought: nobody else finds it."""
    file = import_file_keep(
        user=cast.analyst, purpose="audits", file_name="plan.csv", content=table({}), sheet="", now=NOW
    )
    return (file.key,)


def audit_data(cast: Cast) -> Mapping[str, Any]:
    return {
        "title": "Backup and restore",
        "type": "internal",
        "confidentiality": "internal",
        "unit": cast.units.payments.pk,
        "owner": cast.analyst.pk,
        "lead_auditor": cast.auditor.pk,
        "starts_on": "2027-03-01",
        "preparation_days": 28,
        "fieldwork_days": 4,
        "report_days": 18,
        "follow_up_days": 90,
        "submission": str(uuid4()),
    }


def change_data(cast: Cast) -> Mapping[str, Any]:
    return {**audit_data(cast), "version": Audit.objects.latest("pk").version}


def programme_data(cast: Cast) -> Mapping[str, Any]:
    return {
        "title": "Audit programme 2028",
        "year": 2028,
        "unit": cast.units.payments.pk,
        "owner": cast.ciso.pk,
        "confidentiality": "internal",
        "version": 1,
        "submission": str(uuid4()),
    }


def finding_data(cast: Cast) -> Mapping[str, Any]:
    return {
        "title": "Accounts of leavers stay open",
        "grade": "minor",
        "owner": cast.unit_lead.pk,
        "answer_due_on": "2026-12-07",
        "submission": str(uuid4()),
    }


def reason(cast: Cast) -> Mapping[str, Any]:
    return {"comment": "As agreed with the unit"}


RUNNERS = answers(otherwise=404, ciso=200, analyst=200, auditor=200, unit_lead=403)

ROWS = [
    UrlRow(name="audits:audit-list", get=everyone()),
    UrlRow(
        name="audits:audit-create",
        get=only("ciso", "analyst"),
        post=only("ciso", "analyst", answer=302),
        data=audit_data,
    ),
    UrlRow(name="audits:audit-detail", get=READERS, args=of_audit()),
    UrlRow(name="audits:audit-tab", get=READERS, args=of_audit("history")),
    UrlRow(name="audits:audit-edit", get=PLANNERS, post=WRITERS, args=of_audit(), data=change_data),
    UrlRow(name="audits:evidence-list", get=everyone()),
    UrlRow(
        name="audits:evidence-ask",
        get=RUNNERS,
        post={**RUNNERS, "ciso": 302, "analyst": 302, "auditor": 302},
        args=lambda cast: (audit_in(cast).reference,),
        data=lambda cast: {
            "lines": "Access list",
            "owners": [cast.personnel.pk],
            "due_on": "2026-12-04",
            "submission": str(uuid4()),
        },
    ),
    UrlRow(
        name="audits:evidence-detail",
        get={**READERS, "personnel": 302},  # who is asked is led to the page of the answer
        args=of_evidence(),
    ),
    UrlRow(name="audits:evidence-tab", get={**READERS, "personnel": 200}, args=of_evidence("history")),
    UrlRow(
        name="audits:evidence-edit",
        get={**RUNNERS, "personnel": 403},
        post={**RUNNERS, "ciso": 302, "analyst": 302, "auditor": 302, "personnel": 403},
        args=of_evidence(),
        data=lambda cast: {
            "title": "Access list",
            "owner": cast.unit_lead.pk,
            "due_on": "2026-12-20",
            "version": 1,
        },
    ),
    UrlRow(
        name="audits:evidence-answer",
        get={**only("ciso", "analyst", "auditor", "unit_lead", answer=403, otherwise=404), "personnel": 200},
        post={**only("ciso", "analyst", "auditor", "unit_lead", answer=403, otherwise=404), "personnel": 302},
        args=of_evidence(),
        data=lambda cast: {"answer": "Here it is", "version": 1},
        refused_otherwise=True,
    ),
    UrlRow(
        name="audits:evidence-transition",
        get={**RUNNERS, "personnel": 403},
        post={**RUNNERS, "ciso": 302, "analyst": 302, "auditor": 302, "personnel": 403},
        args=of_evidence("withdraw"),
        data=reason,
    ),
    UrlRow(
        name="audits:evidence-assign",
        get=only("ciso", "analyst", "auditor", answer=302),
        post=only("ciso", "analyst", "auditor", answer=422),
    ),
    UrlRow(
        name="audits:evidence-move",
        get=only("ciso", "analyst", "auditor", answer=302),
        post=only("ciso", "analyst", "auditor", answer=422),
    ),
    UrlRow(
        name="audits:audit-conclusion",
        get=RUNNERS,
        post={**RUNNERS, "ciso": 302, "analyst": 302, "auditor": 302},
        args=of_reporting,
        data=lambda cast: {"conclusion": "Largely in place.", "version": Audit.objects.latest("pk").version},
    ),
    UrlRow(
        name="audits:report-make",
        get=answers(otherwise=405),
        post=answers(otherwise=404, ciso=302, analyst=302, auditor=302, unit_lead=403),
        args=of_reporting,
    ),
    UrlRow(
        name="audits:audit-transition",
        get=RUNNERS,
        post={**RUNNERS, "ciso": 302, "analyst": 302, "auditor": 302},
        args=of_audit("prepare"),
        data=reason,
    ),
    UrlRow(
        name="audits:series-edit",
        get=PLANNERS,
        post=WRITERS,
        args=of_audit(),
        data=lambda cast: {"starts_on": "2027-01-18", "repeat_unit": "YEARLY", "repeat_interval": 1},
    ),
    UrlRow(
        name="audits:series-end",
        get=PLANNERS,
        post=WRITERS,
        args=of_audit(rrule="FREQ=YEARLY"),
        data=lambda cast: {**reason(cast), "version": series_version(AuditSeries.objects.get())},
    ),
    UrlRow(
        name="audits:occurrence-skip",
        get=PLANNERS,
        post=WRITERS,
        args=of_audit(DAY, rrule="FREQ=MONTHLY"),
        data=reason,
    ),
    UrlRow(
        name="audits:occurrence-move",
        get=PLANNERS,
        post=WRITERS,
        args=of_audit(DAY, rrule="FREQ=MONTHLY"),
        data=lambda cast: {"to": "2027-02-22", "comment": "Leave"},
    ),
    UrlRow(
        name="audits:occurrence-restore",
        get=PLANNERS,
        post=WRITERS,
        args=of_skipped,
        data=lambda cast: {"version": decision_version(SeriesException.objects.get())},
    ),
    UrlRow(name="audits:import", get=only("ciso", "analyst"), post=only("ciso", "analyst", answer=422)),
    UrlRow(name="audits:import-template", get=only("ciso", "analyst"), args=lambda cast: ("csv",)),
    UrlRow(
        name="audits:import-preview",
        get=only("ciso", answer=404) | {"analyst": 200},
        args=of_import,
    ),
    UrlRow(
        name="audits:import-confirm",
        get=only("ciso", "analyst", answer=405),
        post=only("ciso", answer=404) | {"analyst": 302},
        args=of_import,
    ),
    UrlRow(
        name="audits:audits-assign",
        get=only("ciso", "analyst", answer=302),
        post=only("ciso", "analyst", answer=422),
    ),
    UrlRow(
        name="audits:audits-move",
        get=only("ciso", "analyst", answer=302),
        post=only("ciso", "analyst", answer=422),
    ),
    UrlRow(name="audits:year-now", get=everyone(302)),
    UrlRow(name="audits:year", get=everyone(), args=lambda cast: (coming_year(),)),
    UrlRow(name="audits:year-part", get=everyone(), args=lambda cast: (coming_year(), "coverage")),
    UrlRow(name="audits:programme-list", get=everyone()),
    UrlRow(
        name="audits:programmes-assign",
        get=only("ciso", "analyst", answer=302),
        post=only("ciso", "analyst", answer=422),
    ),
    UrlRow(
        name="audits:programme-create",
        get=only("ciso", "analyst"),
        post=only("ciso", "analyst", answer=302),
        data=programme_data,
    ),
    UrlRow(name="audits:programme-detail", get=READERS, args=of_programme()),
    UrlRow(name="audits:programme-tab", get=READERS, args=of_programme("history")),
    UrlRow(
        name="audits:programme-edit", get=PLANNERS, post=WRITERS, args=of_programme(), data=programme_data
    ),
    UrlRow(
        name="audits:programme-transition",
        get=PLANNERS,
        post={**WRITERS, "ciso": 422},  # who asks does not decide, and nobody else in the cast may approve
        args=of_programme("submit"),
    ),
    UrlRow(name="audits:finding-list", get=everyone()),
    UrlRow(
        name="audits:findings-assign",
        get=only("ciso", "analyst", "auditor", answer=302),
        post=only("ciso", "analyst", "auditor", answer=422),
    ),
    UrlRow(
        name="audits:findings-move",
        get=only("ciso", "analyst", "auditor", answer=302),
        post=only("ciso", "analyst", "auditor", answer=422),
    ),
    UrlRow(
        name="audits:finding-create",
        get=RUNNERS,
        post={**RUNNERS, "ciso": 302, "analyst": 302, "auditor": 302},
        args=of_audit_under_way,
        data=finding_data,
    ),
    UrlRow(name="audits:finding-detail", get=READERS, args=of_finding()),
    UrlRow(name="audits:finding-tab", get=READERS, args=of_finding("history")),
    UrlRow(
        name="audits:finding-edit",
        get=RUNNERS,
        post={**RUNNERS, "ciso": 302, "analyst": 302, "auditor": 302},
        args=of_finding(),
        data=lambda cast: {**finding_data(cast), "version": 1},
    ),
    # Only who answers for a finding answers it, whatever the rights of others.
    UrlRow(
        name="audits:finding-answer",
        get={**READERS, "ciso": 403, "analyst": 403, "auditor": 403},
        post={**READERS, "ciso": 403, "analyst": 403, "auditor": 403, "unit_lead": 302},
        args=of_finding(),
        data=lambda cast: {"response": "It is so.", "version": 1},
        refused_otherwise=True,
    ),
    UrlRow(
        name="audits:finding-transition",
        get=RUNNERS,
        post={**RUNNERS, "ciso": 302, "analyst": 302, "auditor": 302},
        args=of_finding("withdraw"),
        data=reason,
    ),
    UrlRow(name="audits:checklist", get=READERS, args=of_checklist()),
    # What is wrong with it, and who may not, is said beside the form: a reader's save is refused there.
    UrlRow(
        name="audits:check-detail",
        get=READERS,
        post={**RUNNERS, "ciso": 302, "analyst": 302, "auditor": 302, "unit_lead": 422},
        args=of_checklist(is_check=True),
        data=check_data,
    ),
    UrlRow(
        name="audits:checks-add",
        get=RUNNERS,
        post={**RUNNERS, "ciso": 302, "analyst": 302, "auditor": 302},
        args=of_checklist(),
        data=tree_data,
        refused_otherwise=True,
    ),
    UrlRow(
        name="audits:checks-copy",
        get=RUNNERS,
        post={**RUNNERS, "ciso": 422, "analyst": 422, "auditor": 422},
        args=of_checklist(),
        refused_otherwise=True,
    ),
    UrlRow(
        name="audits:checks-set",
        get={**RUNNERS, "ciso": 302, "analyst": 302, "auditor": 302},
        post={**RUNNERS, "ciso": 302, "analyst": 302, "auditor": 302},
        args=of_checklist(),
        refused_otherwise=True,
    ),
    UrlRow(
        name="audits:checks-remove",
        get={**RUNNERS, "ciso": 302, "analyst": 302, "auditor": 302},
        post={**RUNNERS, "ciso": 302, "analyst": 302, "auditor": 302},
        args=of_checklist(),
        refused_otherwise=True,
    ),
    UrlRow(
        name="audits:check-evidence",
        get=RUNNERS,
        post={**RUNNERS, "ciso": 302, "analyst": 302, "auditor": 302},
        args=of_checklist(is_check=True),
        data=evidence_data,
        refused_otherwise=True,
    ),
    UrlRow(
        name="audits:check-evidence-remove",
        get={**RUNNERS, "ciso": 302, "analyst": 302, "auditor": 302},
        post={**RUNNERS, "ciso": 302, "analyst": 302, "auditor": 302},
        args=of_checklist(has_file=True),
        refused_otherwise=True,
    ),
    UrlRow(
        name="audits:check-upload",
        get={**RUNNERS, "ciso": 302, "analyst": 302, "auditor": 302},
        post={**RUNNERS, "ciso": 302, "analyst": 302, "auditor": 302},
        args=of_checklist(is_check=True),
        refused_otherwise=True,
    ),
]
